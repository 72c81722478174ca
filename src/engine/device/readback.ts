// Reading back: staging buffers that are taken, filled and mapped, and kept for the next read. The copy is submitted when
// `read` is called, so a read sees what was submitted before it and nothing that comes after; reads do not wait for one
// another (the idea of tickets is luma.gl's).

import { DeviceLostError } from '../errors';
import { guarded } from './guard';

/** Staging buffers that are kept; more exist only while more reads are under way. */
const KEPT = 3;

export class ReadbackRing {
  private readonly idle: GPUBuffer[] = [];
  private readonly busy = new Set<GPUBuffer>();

  constructor(private readonly gpu: GPUDevice) {}

  /**
   * A copy of `bytes` bytes of a buffer from `offset` on, after everything submitted so far. Throws MemoryError or KernelError
   * where the GPU refuses it, DeviceLostError where it went away.
   */
  async read(source: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    const { value: staging, accepted } = guarded(this.gpu, `a read of ${source.label || 'a buffer'}`, () => {
      const taken = this.take(bytes);
      const encoder = this.gpu.createCommandEncoder({ label: 'read-back' });
      encoder.copyBufferToBuffer(source, offset, taken, 0, bytes);
      this.gpu.queue.submit([encoder.finish()]);
      return taken;
    });
    this.busy.add(staging);
    try {
      await accepted;
      await staging.mapAsync(GPUMapMode.READ, 0, bytes).catch((cause) => {
        throw new DeviceLostError(`The GPU device was lost before a result could be read: ${String(cause)}`, { cause });
      });
    } catch (error) {
      staging.destroy();
      throw error;
    } finally {
      this.busy.delete(staging);
    }
    const copy = staging.getMappedRange(0, bytes).slice(0);
    staging.unmap();
    this.keep(staging);
    return copy;
  }

  dispose(): void {
    for (const staging of [...this.idle, ...this.busy]) staging.destroy();
  }

  /** An idle buffer that is large enough; else a new one, in place of the smallest that was not. */
  private take(bytes: number): GPUBuffer {
    const fitting = this.idle.findIndex(({ size }) => size >= bytes);
    if (fitting >= 0) return this.idle.splice(fitting, 1)[0];
    if (this.idle.length + this.busy.size >= KEPT) this.idle.shift()?.destroy();
    return this.gpu.createBuffer({
      label: 'read-back',
      size: Math.ceil(bytes / 256) * 256,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }

  private keep(staging: GPUBuffer): void {
    this.idle.push(staging);
    this.idle.sort((a, b) => a.size - b.size);
    if (this.idle.length > KEPT) this.idle.shift()?.destroy();
  }
}
