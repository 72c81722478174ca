// The buffer pool: GPU buffers by size class, with a ledger of what is live and who holds it. A released buffer is handed
// out again, so a caller releases only what no unsubmitted command still uses.

import { MemoryError } from '../errors';
import { exhausted, holdersOf, type Ledger, mebibytes } from '../graph/ledger';
import { sizeClass } from '../graph/memory';

const USAGE = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

export class BufferPool {
  private readonly free = new Map<number, GPUBuffer[]>();
  private readonly owners = new Map<GPUBuffer, string>();
  private liveBytes = 0;
  private pooledBytes = 0;
  private peakBytes = 0;

  /** `limit` bounds the bytes of all buffers, in use or kept. */
  constructor(
    private readonly device: GPUDevice,
    private readonly limit: number,
  ) {}

  /**
   * A storage buffer of at least `bytes` for `owner`; its contents are whatever was in it. Throws MemoryError beyond the
   * adapter's or the pool's limit, and says who holds the memory.
   */
  acquire(bytes: number, owner: string): GPUBuffer {
    const size = sizeClass(bytes);
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const largest = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (size > largest) {
      throw new MemoryError(
        `${owner} needs a buffer of ${mebibytes(size)}, which exceeds this adapter's limit of ${mebibytes(largest)}. Use a smaller batch or population.`,
      );
    }
    const reused = this.free.get(size)?.pop();
    if (reused !== undefined) this.pooledBytes -= size;
    else this.makeRoom(size, owner);
    this.liveBytes += size;
    this.peakBytes = Math.max(this.peakBytes, this.liveBytes);
    const buffer = reused ?? this.device.createBuffer({ label: owner, size, usage: USAGE() });
    this.owners.set(buffer, owner);
    return buffer;
  }

  release(buffer: GPUBuffer): void {
    if (!this.owners.delete(buffer)) return;
    this.liveBytes -= buffer.size;
    this.pooledBytes += buffer.size;
    const known = this.free.get(buffer.size);
    if (known === undefined) this.free.set(buffer.size, [buffer]);
    else known.push(buffer);
  }

  /** Gives a buffer back to the GPU: one that the GPU may not have been able to give, which must not be handed out again. */
  discard(buffer: GPUBuffer): void {
    if (!this.owners.delete(buffer)) return;
    this.liveBytes -= buffer.size;
    buffer.destroy();
  }

  get ledger(): Ledger {
    const holders = holdersOf([...this.owners].map(([{ size }, name]) => [name, size] as const));
    const { liveBytes, pooledBytes, peakBytes } = this;
    const pooled = [...this.free.values()].reduce((count, list) => count + list.length, 0);
    return { live: this.owners.size, liveBytes, pooled, pooledBytes, peakBytes, holders };
  }

  /** A MemoryError that says what was asked for, and who holds the memory there is. */
  exhausted(size: number, owner: string): MemoryError {
    return exhausted(size, owner, this.ledger);
  }

  /** Gives buffers kept for reuse back to the GPU. */
  trim(): void {
    for (const list of this.free.values()) for (const buffer of list) buffer.destroy();
    this.free.clear();
    this.pooledBytes = 0;
  }

  dispose(): void {
    this.trim();
    for (const buffer of this.owners.keys()) buffer.destroy();
    this.owners.clear();
    this.liveBytes = 0;
  }

  private makeRoom(size: number, owner: string): void {
    if (this.liveBytes + this.pooledBytes + size > this.limit) this.trim();
    if (this.liveBytes + size > this.limit) throw this.exhausted(size, owner);
  }
}
