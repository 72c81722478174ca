// Where the values of leaves live. A variable's buffer stays until it is freed, since its values persist; a constant's
// goes with the last program that uses it.

import { sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import type { BufferPool } from './pool';

interface Holding {
  readonly buffer: GPUBuffer;
  users: number;
}

export class LeafStorage {
  private readonly held = new Map<Tensor, Holding>();

  constructor(
    private readonly device: GPUDevice,
    private readonly pool: BufferPool,
  ) {}

  /** The buffer of a leaf; a new one holds zeros, or the constant's values. */
  bufferOf(leaf: Tensor): GPUBuffer {
    return this.holding(leaf).buffer;
  }

  /** Says that one more program uses a leaf, until it calls `leave`. */
  use(leaf: Tensor): void {
    this.holding(leaf).users++;
  }

  /** How many programs use a leaf. */
  usersOf(leaf: Tensor): number {
    return this.held.get(leaf)?.users ?? 0;
  }

  leave(leaf: Tensor): void {
    const holding = this.held.get(leaf);
    if (holding === undefined) return;
    holding.users--;
    if (holding.users === 0 && leaf.source.kind === 'constant') this.free(leaf);
  }

  free(leaf: Tensor): void {
    const holding = this.held.get(leaf);
    if (holding === undefined) return;
    this.held.delete(leaf);
    this.pool.release(holding.buffer);
  }

  private holding(leaf: Tensor): Holding {
    const known = this.held.get(leaf);
    if (known !== undefined) return known;
    const { source } = leaf;
    const name = source.kind === 'variable' ? `variable ${source.name}` : `${source.kind} [${leaf.shape.join(', ')}]`;
    const buffer = this.pool.acquire(4 * sizeOf(leaf.shape), name);
    const { queue } = this.device;
    const encoder = this.device.createCommandEncoder();
    encoder.clearBuffer(buffer);
    queue.submit([encoder.finish()]);
    if (source.kind === 'constant') {
      const { buffer: bytes, byteOffset, byteLength } = source.data;
      queue.writeBuffer(buffer, 0, bytes, byteOffset, byteLength);
    }
    const made = { buffer, users: 0 };
    this.held.set(leaf, made);
    return made;
  }
}
