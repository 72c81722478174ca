// Reading back: a ring of three staging buffers, so that a read does not wait for the one before it, and no read allocates
// once the ring has grown to the size it needs (the idea of tickets is luma.gl's).

import { DeviceLostError } from '../errors';

const SLOTS = 3;

interface Slot {
  buffer: GPUBuffer | undefined;
  busy: Promise<unknown>;
}

export class ReadbackRing {
  private readonly slots: Slot[] = Array.from({ length: SLOTS }, () => ({
    buffer: undefined,
    busy: Promise.resolve(),
  }));
  private next = 0;

  constructor(private readonly device: GPUDevice) {}

  /** A copy of `bytes` bytes of a buffer from `offset` on, after everything submitted so far. */
  read(source: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    const slot = this.slots[this.next];
    this.next = (this.next + 1) % SLOTS;
    const result = slot.busy.then(() => this.copy(slot, source, offset, bytes));
    slot.busy = result.catch(() => undefined);
    return result;
  }

  dispose(): void {
    for (const slot of this.slots) slot.buffer?.destroy();
  }

  private async copy(slot: Slot, source: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    if (slot.buffer === undefined || slot.buffer.size < bytes) {
      slot.buffer?.destroy();
      slot.buffer = this.device.createBuffer({
        size: Math.ceil(bytes / 256) * 256,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      });
    }
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, offset, slot.buffer, 0, bytes);
    this.device.queue.submit([encoder.finish()]);
    try {
      await slot.buffer.mapAsync(GPUMapMode.READ, 0, bytes);
    } catch (cause) {
      throw new DeviceLostError(`The GPU device was lost before a result could be read: ${String(cause)}`, { cause });
    }
    const copy = slot.buffer.getMappedRange(0, bytes).slice(0);
    slot.buffer.unmap();
    return copy;
  }
}
