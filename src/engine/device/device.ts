// The WebGPU executor: owns the device, the buffers of variables and constants, the pool, the pipelines and the read-back
// ring, and compiles graphs to programs that replay.

import { DeviceLostError, DisposedError, KernelError, type UnweaveError } from '../errors';
import type { Executor } from '../graph/executor';
import { checkWrite } from '../graph/reference';
import type { Graph } from '../graph/schedule';
import { sizeOf } from '../graph/shape';
import type { Data, Tensor } from '../graph/tensor';
import { type AdapterDescription, describeAdapter, openAdapter, openDevice } from './adapter';
import { PipelineCache } from './pipelines';
import { BufferPool, type Ledger } from './pool';
import { compileProgram, type GpuProgram } from './program';
import { ReadbackRing } from './readback';

export class Device implements Executor {
  /** @internal Parts a program is made of. */
  readonly pool: BufferPool;
  /** @internal */
  readonly pipelines: PipelineCache;
  /** @internal */
  readonly readback: ReadbackRing;
  private readonly leaves = new Map<Tensor, GPUBuffer>();
  private failure: UnweaveError | undefined;
  private disposed = false;

  private constructor(
    readonly gpu: GPUDevice,
    readonly adapter: AdapterDescription,
  ) {
    this.pool = new BufferPool(gpu);
    this.pipelines = new PipelineCache(gpu);
    this.readback = new ReadbackRing(gpu);
    gpu.addEventListener('uncapturederror', ({ error }) => {
      this.failure ??= new KernelError(`The GPU refused a command: ${error.message}`);
    });
    gpu.lost.then(
      ({ reason, message }) => {
        if (!this.disposed) this.failure = new DeviceLostError(`The GPU device was lost (${reason}): ${message}`);
      },
      () => undefined,
    );
  }

  /** Opens the default adapter. Throws AdapterError when there is none, or none answers within 10 s. */
  static async open(): Promise<Device> {
    const adapter = await openAdapter();
    const description = describeAdapter(adapter);
    return new Device(await openDevice(adapter), description);
  }

  /** What is allocated now. */
  get ledger(): Readonly<Ledger> {
    return this.pool.ledger;
  }

  async compile<Name extends string>(graph: Graph<Name>): Promise<GpuProgram<Name>> {
    this.check();
    return compileProgram(this, graph);
  }

  write(variable: Tensor, data: Data): void {
    this.check();
    checkWrite(variable, data);
    this.gpu.queue.writeBuffer(this.storage(variable), 0, data.buffer, data.byteOffset, data.byteLength);
  }

  async read(variable: Tensor): Promise<Float32Array> {
    this.check();
    const bytes = await this.readback.read(this.storage(variable), 0, 4 * sizeOf(variable.shape));
    return variable.dtype === 'f32' ? new Float32Array(bytes) : Float32Array.from(new Uint32Array(bytes));
  }

  /** @internal The buffer of a variable or a constant; a new one holds zeros, or the constant's values. */
  storage(leaf: Tensor): GPUBuffer {
    const known = this.leaves.get(leaf);
    if (known !== undefined) return known;
    const buffer = this.pool.acquire(4 * sizeOf(leaf.shape));
    this.leaves.set(leaf, buffer);
    const zeros = new Uint8Array(buffer.size);
    this.gpu.queue.writeBuffer(buffer, 0, zeros);
    if (leaf.source.kind === 'constant') {
      const { data } = leaf.source;
      this.gpu.queue.writeBuffer(buffer, 0, data.buffer, data.byteOffset, data.byteLength);
    }
    return buffer;
  }

  /** @internal Throws what went wrong since the last call, if anything did. */
  check(): void {
    if (this.disposed) throw new DisposedError('Device');
    if (this.failure !== undefined) throw this.failure;
  }

  /** Releases everything the device holds; it and its programs can no longer be used. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.readback.dispose();
    for (const buffer of this.leaves.values()) buffer.destroy();
    this.pool.dispose();
    this.gpu.destroy();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
