// The memory of one program: its buffers, and its hold on the constants and variables it reads. Taken as a whole or not
// at all, so that a program that does not fit leaves nothing behind.

import { MemoryError } from '../errors';
import type { Tensor } from '../graph/tensor';
import type { Connection } from './connection';
import { guarded } from './guard';

export class Reservation {
  readonly buffers: GPUBuffer[] = [];
  private readonly held: Tensor[] = [];

  private constructor(private readonly connection: Connection) {}

  /**
   * Throws MemoryError, which says who holds the memory, where the limit or the GPU's memory does not suffice even after what
   * was kept for reuse has been given back.
   */
  static async take(
    connection: Connection,
    name: string,
    sizes: readonly number[],
    leaves: readonly Tensor[],
  ): Promise<Reservation> {
    try {
      return await Reservation.try(connection, name, sizes, leaves);
    } catch (error) {
      // Beyond the limit, the pool has been trimmed already.
      if (!(error instanceof MemoryError) || connection.pool.ledger.pooled === 0) throw error;
    }
    connection.pool.trim();
    return Reservation.try(connection, name, sizes, leaves);
  }

  private static async try(
    connection: Connection,
    name: string,
    sizes: readonly number[],
    leaves: readonly Tensor[],
  ): Promise<Reservation> {
    const { gpu, pool } = connection;
    const taken = new Reservation(connection);
    try {
      // Constants and variables answer for themselves.
      const ready = leaves.map((leaf) => taken.hold(leaf));
      const { accepted } = guarded(gpu, name, () => {
        for (const bytes of sizes) taken.buffers.push(pool.acquire(bytes, name));
      });
      const answers = await Promise.allSettled([accepted, ...ready]);
      const refusal = answers.find((answer) => answer.status === 'rejected');
      if (refusal === undefined) return taken;
      for (const leaf of leaves) connection.leaves.told(leaf);
      // Which of the buffers the GPU could not give is not told: none of them enters the pool.
      if (answers[0].status === 'rejected') taken.discard();
      const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
      throw refusal.reason instanceof MemoryError ? pool.exhausted(total, name) : refusal.reason;
    } catch (error) {
      taken.release();
      throw error;
    }
  }

  release(): void {
    const { leaves, pool } = this.connection;
    for (const leaf of this.held) leaves.leave(leaf);
    for (const buffer of this.buffers) pool.release(buffer);
    this.held.length = 0;
    this.buffers.length = 0;
  }

  private hold(leaf: Tensor): Promise<void> {
    const ready = this.connection.leaves.use(leaf);
    this.held.push(leaf);
    return ready;
  }

  private discard(): void {
    for (const buffer of this.buffers) this.connection.pool.discard(buffer);
    this.buffers.length = 0;
  }
}
