// The WebGPU executor: owns the device, the buffers of variables and constants, the pool, the pipelines and the read-back
// ring, and compiles graphs to programs that replay. When the GPU goes away, `recover` begins anew on another adapter.

import { AdapterError, DeviceLostError, DisposedError, KernelError, UnweaveError } from '../errors';
import { checkFree, checkRead, checkWrite, evaluateOn } from '../graph/checks';
import { copyOf, type DataLike } from '../graph/data';
import type { Evaluated, Executor } from '../graph/executor';
import { type Graph, rootOf } from '../graph/schedule';
import { sizeOf } from '../graph/shape';
import type { Dtype, Tensor, Tuning, Winners } from '../graph/tensor';
import { type AdapterDescription, describeAdapter, openAdapter, openDevice } from './adapter';
import { PipelineCache } from './pipelines';
import { BufferPool, type Ledger } from './pool';
import { compileProgram, type GpuProgram } from './program';
import { ReadbackRing } from './readback';
import { LeafStorage } from './storage';

export interface DeviceOptions {
  /** Bytes that all buffers together may take; beyond it a MemoryError says who holds what. No limit by default. */
  readonly memoryLimit?: number;
  /** Kernels that won on this adapter, as `unweave tune` found; the plans' own choices by default. */
  readonly winners?: Winners;
}

/** @internal What lives and dies with one GPUDevice. */
export interface Connection {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterDescription;
  readonly pool: BufferPool;
  readonly leaves: LeafStorage;
  readonly pipelines: PipelineCache;
  readonly readback: ReadbackRing;
  failure: UnweaveError | undefined;
}

export class Device implements Executor {
  /** @internal */
  connection: Connection;
  private disposed = false;
  private readonly listeners = new Set<(error: DeviceLostError) => void>();

  private constructor(
    gpu: GPUDevice,
    adapter: AdapterDescription,
    private readonly options: DeviceOptions,
    private readonly adopted: boolean,
  ) {
    this.connection = this.connect(gpu, adapter);
  }

  /** Opens the default adapter. Throws AdapterError when there is none, or none answers within 10 s. */
  static async open(options: DeviceOptions = {}): Promise<Device> {
    const adapter = await openAdapter();
    const description = describeAdapter(adapter);
    return new Device(await openDevice(adapter), description, options, false);
  }

  /**
   * Computes on a device the caller has opened, such as the one a page draws with. The caller keeps it: disposing of this
   * Device frees what it allocated and leaves `gpu` open.
   */
  static adopt(gpu: GPUDevice, options: DeviceOptions = {}): Device {
    return new Device(gpu, describeAdapter({ info: gpu.adapterInfo, ...capabilities(gpu) }), options, true);
  }

  get gpu(): GPUDevice {
    return this.connection.gpu;
  }

  get adapter(): AdapterDescription {
    return this.connection.adapter;
  }

  /** @internal */
  get tuning(): Tuning {
    return { software: this.adapter.software, winners: this.options.winners ?? {} };
  }

  /** What is allocated now, and by whom. */
  get ledger(): Ledger {
    return this.connection.pool.ledger;
  }

  async compile<Name extends string>(graph: Graph<Name>): Promise<GpuProgram<Name>> {
    this.check();
    try {
      return await compileProgram(this, graph);
    } catch (error) {
      throw await this.lossOr(error);
    }
  }

  evaluate<Name extends string>(outputs: Readonly<Record<Name, Tensor>>): Promise<Evaluated<Name>> {
    return evaluateOn(this, outputs);
  }

  write(variable: Tensor, data: DataLike): void {
    this.check();
    checkWrite(variable, data);
    const { gpu, leaves } = this.connection;
    const isWords = data instanceof Float32Array || data instanceof Uint32Array;
    const words = isWords ? data : copyOf('write', data, variable.dtype);
    gpu.queue.writeBuffer(leaves.bufferOf(variable), 0, words.buffer, words.byteOffset, words.byteLength);
  }

  async read(variable: Tensor): Promise<Float32Array> {
    return new Float32Array(await this.bytes(variable, 'f32'));
  }

  async readIntegers(variable: Tensor): Promise<Uint32Array> {
    return new Uint32Array(await this.bytes(variable, 'u32'));
  }

  free(variables: readonly Tensor[]): void {
    const { leaves } = this.connection;
    checkFree(variables, (variable) => leaves.usersOf(variable));
    for (const variable of variables) leaves.free(variable);
  }

  /** Calls `listener` once when the GPU goes away on its own; returns a function that stops listening. */
  onLost(listener: (error: DeviceLostError) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Begins anew on a fresh adapter after the GPU was lost. Programs must be compiled again, and variables start at 0: write
   * back what was saved. Throws AdapterError when there is no adapter any more, or the device was adopted.
   */
  async recover(): Promise<void> {
    if (this.disposed) throw new DisposedError('Device');
    if (this.adopted) throw new AdapterError('An adopted device cannot be opened again here: adopt a new one.');
    for (let attempt = 1; ; attempt++) {
      try {
        const adapter = await openAdapter();
        const description = describeAdapter(adapter);
        this.connection = this.connect(await openDevice(adapter), description);
        return;
      } catch (error) {
        // A browser whose GPU process died has no adapter until it has started another.
        if (attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
      }
    }
  }

  /** @internal The loss of the GPU, where that is what an error comes from: it may be told of a little later. */
  async lossOr(error: unknown): Promise<unknown> {
    if (error instanceof UnweaveError) return error;
    const { gpu } = this.connection;
    await Promise.race([gpu.lost, new Promise((resolve) => setTimeout(resolve, LOSS_MS))]);
    return this.connection.failure instanceof DeviceLostError ? this.connection.failure : error;
  }

  /** @internal Throws what went wrong since the last call, if anything did. */
  check(): void {
    if (this.disposed) throw new DisposedError('Device');
    if (this.connection.failure !== undefined) throw this.connection.failure;
  }

  /** Releases everything the device holds; it and its programs can no longer be used. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    const { readback, pool, gpu } = this.connection;
    readback.dispose();
    pool.dispose();
    if (!this.adopted) gpu.destroy();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private async bytes(tensor: Tensor, dtype: Dtype): Promise<ArrayBuffer> {
    this.check();
    checkRead(tensor, dtype);
    const { root, offset } = rootOf(tensor);
    const count = sizeOf(tensor.shape);
    if (root.source.kind === 'constant') return root.source.data.slice(offset, offset + count).buffer as ArrayBuffer;
    const { readback, leaves } = this.connection;
    const bytes = await readback.read(leaves.bufferOf(root), 4 * offset, 4 * count);
    this.check();
    return bytes;
  }

  private connect(gpu: GPUDevice, adapter: AdapterDescription): Connection {
    const pool = new BufferPool(gpu, this.options.memoryLimit ?? Number.POSITIVE_INFINITY);
    const connection: Connection = {
      gpu,
      adapter,
      pool,
      leaves: new LeafStorage(gpu, pool),
      pipelines: new PipelineCache(gpu),
      readback: new ReadbackRing(gpu),
      failure: undefined,
    };
    gpu.addEventListener('uncapturederror', ({ error }) => {
      connection.failure ??= new KernelError(`The GPU refused a command: ${error.message}`);
    });
    gpu.lost.then(
      ({ reason, message }) => {
        if (this.disposed) return;
        const error = new DeviceLostError(`The GPU device was lost (${reason}): ${message}`);
        connection.failure = error;
        for (const listener of this.listeners) listener(error);
      },
      () => undefined,
    );
    return connection;
  }
}

/** How long the news of a loss may take after the first call that failed for it. */
const LOSS_MS = 200;
const ATTEMPTS = 10;
const RESTART_MS = 300;

/** The features and limits of an open device, which are what matters of its adapter. */
const capabilities = ({ features, limits }: GPUDevice) => ({ features, limits });
