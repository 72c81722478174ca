// Where the values of leaves live. A variable's buffer stays until it is freed, since its values persist; a constant's
// goes with the last program that uses it.

import { sizeOf } from '../graph/shape';
import { nameOf, type Tensor } from '../graph/tensor';
import { guarded } from './guard';
import type { BufferPool } from './pool';

interface Holding {
  readonly buffer: GPUBuffer;
  users: number;
  /** Resolves when the GPU has the memory, and has taken what was written so far. */
  accepted: Promise<void>;
}

export class LeafStorage {
  private readonly held = new Map<Tensor, Holding>();
  /** What went wrong with a leaf after the call that caused it had returned: the next call says it. */
  private readonly failed = new Map<Tensor, unknown>();

  constructor(
    private readonly gpu: GPUDevice,
    private readonly pool: BufferPool,
  ) {}

  /** The buffer of a leaf; a new one holds zeros, or the constant's values. Throws what an earlier call met too late. */
  bufferOf(leaf: Tensor): GPUBuffer {
    return this.holding(leaf).buffer;
  }

  /** Sets a variable. A refusal is told of by the next call that concerns it. */
  write(variable: Tensor, words: Float32Array | Uint32Array): void {
    const holding = this.holding(variable);
    const { accepted } = guarded(this.gpu, `a write to ${describe(variable)}`, () => {
      this.gpu.queue.writeBuffer(holding.buffer, 0, words.buffer, words.byteOffset, words.byteLength);
    });
    this.watch(variable, holding, accepted);
  }

  /** What went wrong with a leaf has been told. */
  told(leaf: Tensor): void {
    this.failed.delete(leaf);
  }

  /** Throws what went wrong with a leaf since the last call that concerned it, once. */
  check(leaf: Tensor): void {
    const error = this.failed.get(leaf);
    this.told(leaf);
    if (error !== undefined) throw error;
  }

  /** Says that one more program uses a leaf, until it calls `leave`; resolves when its memory is there. */
  use(leaf: Tensor): Promise<void> {
    const holding = this.holding(leaf);
    holding.users++;
    return holding.accepted;
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
    this.failed.delete(leaf);
    if (holding === undefined) return;
    this.held.delete(leaf);
    this.pool.release(holding.buffer);
  }

  private holding(leaf: Tensor): Holding {
    this.check(leaf);
    const known = this.held.get(leaf);
    if (known !== undefined) return known;
    const { source } = leaf;
    const name = describe(leaf);
    const { value: buffer, accepted } = guarded(this.gpu, name, () => {
      const made = this.pool.acquire(4 * sizeOf(leaf.shape), name);
      const encoder = this.gpu.createCommandEncoder({ label: name });
      encoder.clearBuffer(made);
      this.gpu.queue.submit([encoder.finish()]);
      if (source.kind === 'constant') {
        const { buffer: bytes, byteOffset, byteLength } = source.data;
        this.gpu.queue.writeBuffer(made, 0, bytes, byteOffset, byteLength);
      }
      return made;
    });
    const holding = { buffer, users: 0, accepted };
    this.held.set(leaf, holding);
    this.watch(leaf, holding, accepted);
    return holding;
  }

  /** A buffer that the GPU could not give is forgotten, and never used again. */
  private watch(leaf: Tensor, holding: Holding, accepted: Promise<void>): void {
    holding.accepted =
      holding.accepted === accepted ? accepted : Promise.all([holding.accepted, accepted]).then(() => undefined);
    holding.accepted.catch(() => undefined);
    accepted.catch((error) => {
      if (this.held.get(leaf) !== holding) return;
      this.held.delete(leaf);
      this.failed.set(leaf, error);
      this.pool.discard(holding.buffer);
    });
  }
}

const describe = (leaf: Tensor): string => {
  const name = nameOf(leaf);
  return name === undefined ? `${leaf.source.kind} [${leaf.shape.join(', ')}]` : `${leaf.source.kind} ${name}`;
};
