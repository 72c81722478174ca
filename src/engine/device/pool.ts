// The buffer pool: GPU buffers by size class, with a ledger of what is live. A released buffer is handed out again, so a
// caller releases only what no unsubmitted command still uses.

import { MemoryError } from '../errors';
import { sizeClass } from '../graph/memory';

export interface Ledger {
  /** Buffers in use. */
  live: number;
  liveBytes: number;
  /** Buffers kept for reuse. */
  pooled: number;
  peakBytes: number;
}

const USAGE = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

export class BufferPool {
  private readonly free = new Map<number, GPUBuffer[]>();
  readonly ledger: Ledger = { live: 0, liveBytes: 0, pooled: 0, peakBytes: 0 };

  constructor(private readonly device: GPUDevice) {}

  /** A storage buffer of at least `bytes`; its contents are whatever was in it. Throws MemoryError beyond the limits. */
  acquire(bytes: number): GPUBuffer {
    const size = sizeClass(bytes);
    const limit = Math.min(this.device.limits.maxBufferSize, this.device.limits.maxStorageBufferBindingSize);
    if (size > limit) {
      throw new MemoryError(
        `A buffer of ${size} bytes exceeds this adapter's limit of ${limit}. Use a smaller batch or population.`,
      );
    }
    const reused = this.free.get(size)?.pop();
    if (reused !== undefined) this.ledger.pooled -= 1;
    this.ledger.live += 1;
    this.ledger.liveBytes += size;
    this.ledger.peakBytes = Math.max(this.ledger.peakBytes, this.ledger.liveBytes);
    return reused ?? this.device.createBuffer({ size, usage: USAGE() });
  }

  release(buffer: GPUBuffer): void {
    this.ledger.live -= 1;
    this.ledger.liveBytes -= buffer.size;
    this.ledger.pooled += 1;
    const list = this.free.get(buffer.size) ?? [];
    list.push(buffer);
    this.free.set(buffer.size, list);
  }

  dispose(): void {
    for (const list of this.free.values()) for (const buffer of list) buffer.destroy();
    this.free.clear();
  }
}
