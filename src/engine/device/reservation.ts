// The memory of one program: its buffers, and its hold on the constants and variables it reads. Taken as a whole or not
// at all, so that a program that does not fit leaves nothing behind.

import { MemoryError } from '../errors';
import { sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { labelOfLeaf } from '../graph/tensor';
import type { Connection } from './connection';
import { guarded } from './guard';
import type { Holding } from './storage';

export class Reservation {
  readonly buffers: GPUBuffer[] = [];
  private held: Holding[] = [];
  /** What runs that are under way still need, after the program was disposed of. */
  private pinned: Holding[] = [];

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
    const isNew = new Set(leaves.filter((leaf) => !connection.leaves.has(leaf)));
    try {
      for (const leaf of leaves) taken.held.push(connection.leaves.use(leaf));
      const { accepted } = guarded(gpu, name, () => {
        for (const bytes of sizes) taken.buffers.push(pool.acquire(bytes, name));
      });
      // Constants and variables answer for themselves.
      const answers = await Promise.allSettled([...taken.held.map(({ ready }) => ready), accepted]);
      const refused = answers.findIndex(({ status }) => status === 'rejected');
      if (refused < 0) return taken;
      for (const leaf of leaves) connection.leaves.told(leaf);
      // Which of the buffers the GPU could not give is not told: none of them enters the pool.
      if (answers[leaves.length].status === 'rejected') taken.discard();
      const { reason } = answers[refused] as PromiseRejectedResult;
      if (!(reason instanceof MemoryError)) throw reason;
      const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
      throw refused < leaves.length
        ? pool.exhausted(4 * sizeOf(leaves[refused].shape), labelOfLeaf(leaves[refused]))
        : pool.exhausted(total, name);
    } catch (error) {
      const { held } = taken;
      taken.release();
      // A variable that only this attempt has asked for goes, too.
      for (const each of held)
        if (isNew.has(each.leaf) && each.users === 0 && !each.written) connection.leaves.drop(each);
      throw error;
    }
  }

  /** The program is disposed of while it runs: it uses nothing any more, but what the run needs stays until `release`. */
  retire(): void {
    for (const each of this.held) each.pins++;
    for (const each of this.held) this.connection.leaves.leave(each);
    this.pinned = this.held;
    this.held = [];
  }

  release(): void {
    const { leaves, pool } = this.connection;
    for (const each of this.held) leaves.leave(each);
    for (const each of this.pinned) leaves.unpin(each);
    for (const buffer of this.buffers) pool.release(buffer);
    this.held = [];
    this.pinned = [];
    this.buffers.length = 0;
  }

  private discard(): void {
    for (const buffer of this.buffers) this.connection.pool.discard(buffer);
    this.buffers.length = 0;
  }
}
