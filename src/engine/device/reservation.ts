// The memory of one program: its buffers, and its hold on the constants and variables it reads. Taken as a whole or not
// at all, so that a program that does not fit leaves nothing behind.

import type { Tensor } from '../graph/tensor';
import type { Connection } from './device';
import type { BufferPool } from './pool';
import type { LeafStorage } from './storage';

export class Reservation {
  readonly buffers: GPUBuffer[] = [];
  private readonly held: Tensor[] = [];

  private constructor(
    private readonly pool: BufferPool,
    private readonly leaves: LeafStorage,
  ) {}

  /** Throws MemoryError, which says who holds the memory, where the limit or the GPU's memory does not suffice. */
  static async take(
    { gpu, pool, leaves }: Connection,
    name: string,
    sizes: readonly number[],
    tensors: readonly Tensor[],
  ): Promise<Reservation> {
    const taken = new Reservation(pool, leaves);
    gpu.pushErrorScope('out-of-memory');
    let problem: unknown;
    try {
      for (const tensor of tensors) taken.hold(tensor);
      for (const bytes of sizes) taken.buffers.push(pool.acquire(bytes, name));
    } catch (error) {
      problem = error;
    }
    if ((await gpu.popErrorScope()) !== null) {
      problem ??= pool.exhausted(
        sizes.reduce((total, bytes) => total + bytes, 0),
        name,
      );
    }
    if (problem === undefined) return taken;
    taken.release();
    throw problem;
  }

  release(): void {
    for (const leaf of this.held) this.leaves.leave(leaf);
    for (const buffer of this.buffers) this.pool.release(buffer);
    this.held.length = 0;
    this.buffers.length = 0;
  }

  private hold(leaf: Tensor): void {
    this.leaves.use(leaf);
    this.held.push(leaf);
  }
}
