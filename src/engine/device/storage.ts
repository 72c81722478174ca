// Where the values of leaves live. A variable's buffer stays until it is freed, since its values persist; a constant's
// goes with the last program that uses it. What the GPU refuses is told of late: nothing refused is ever used again or kept.

import { sizeOf } from '../graph/shape';
import { labelOfLeaf, type Tensor } from '../graph/tensor';
import { guarded } from './guard';
import type { BufferPool } from './pool';

/** The memory of one leaf. */
export interface Holding {
  readonly leaf: Tensor;
  readonly buffer: GPUBuffer;
  /** Resolves when the GPU has given it, rejects when it could not. */
  readonly ready: Promise<void>;
  state: 'asked' | 'there' | 'refused';
  /** Programs that use it. */
  users: number;
  /** Runs of disposed programs that have still to end with it. */
  pins: number;
  written: boolean;
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

  /** Sets a variable. A refusal is told of by the next call that concerns it, and leaves the memory as it was. */
  write(variable: Tensor, words: Float32Array | Uint32Array): void {
    const holding = this.holding(variable);
    holding.written = true;
    const { accepted } = guarded(this.gpu, `a write to ${labelOfLeaf(variable)}`, () => {
      this.gpu.queue.writeBuffer(holding.buffer, 0, words.buffer, words.byteOffset, words.byteLength);
    });
    accepted.catch((error) => {
      if (this.held.get(variable) === holding) this.failed.set(variable, error);
    });
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

  /** Says that one more program uses a leaf, until it calls `leave`. */
  use(leaf: Tensor): Holding {
    const holding = this.holding(leaf);
    holding.users++;
    return holding;
  }

  /** Whether a leaf has memory. */
  has(leaf: Tensor): boolean {
    return this.held.has(leaf);
  }

  /** How many programs use a leaf. */
  usersOf(leaf: Tensor): number {
    return this.held.get(leaf)?.users ?? 0;
  }

  leave(holding: Holding): void {
    holding.users--;
    if (holding.users === 0 && holding.leaf.source.kind === 'constant') this.drop(holding);
  }

  free(leaf: Tensor): void {
    const holding = this.held.get(leaf);
    this.told(leaf);
    if (holding !== undefined) this.drop(holding);
  }

  /** Takes a holding from its leaf; its memory goes when the GPU has answered for it and no run needs it any more. */
  drop(holding: Holding): void {
    if (this.held.get(holding.leaf) === holding) this.held.delete(holding.leaf);
    if (holding.state === 'there' && holding.pins === 0) this.pool.release(holding.buffer);
    else if (holding.state === 'asked')
      void holding.ready.then(
        () => this.drop(holding),
        () => undefined,
      );
  }

  /** A run that needed a holding has ended: what was dropped meanwhile goes. */
  unpin(holding: Holding): void {
    holding.pins--;
    if (holding.pins === 0 && this.held.get(holding.leaf) !== holding) this.drop(holding);
  }

  private holding(leaf: Tensor): Holding {
    this.check(leaf);
    const known = this.held.get(leaf);
    if (known !== undefined) return known;
    const { source } = leaf;
    const name = labelOfLeaf(leaf);
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
    const holding: Holding = { leaf, buffer, ready: accepted, state: 'asked', users: 0, pins: 0, written: false };
    this.held.set(leaf, holding);
    accepted.then(
      () => {
        holding.state = 'there';
      },
      (error) => {
        holding.state = 'refused';
        this.pool.discard(buffer);
        if (this.held.get(leaf) !== holding) return;
        this.held.delete(leaf);
        this.failed.set(leaf, error);
      },
    );
    return holding;
  }
}
