// The WebGPU executor: opens an adapter, keeps the values of variables, and compiles graphs to programs that replay. When the GPU
// goes away, `recover` begins anew on another adapter.

import '../disposal';
import { AdapterError, type DeviceLostError, DisposedError } from '../errors';
import { checkFree, checkRead, checkWrite, evaluateOn } from '../graph/checks';
import { copyOf, type DataLike } from '../graph/data';
import type { Tuning, Winners } from '../graph/dispatch';
import type { Evaluated, Executor, ExecutorKind } from '../graph/executor';
import type { Ledger } from '../graph/ledger';
import type { Graph } from '../graph/schedule';
import { sizeOf } from '../graph/shape';
import { type Dtype, rootOf, type Tensor } from '../graph/tensor';
import { type AdapterDescription, describeAdapter, openAdapter, openDevice } from './adapter';
import { compileProgram } from './compile';
import { Connection } from './connection';
import type { GpuProgram } from './program';

/** How a Device is opened: a limit of memory, and what plans are told. */
export interface DeviceOptions {
  /** Bytes that all buffers together may take; beyond it a MemoryError says who holds what. No limit by default. */
  readonly memoryLimit?: number;
  /** Kernels that won on this adapter, as `unweave tune` found; the plans' own choices by default. */
  readonly winners?: Winners;
  /** What plans are told of the adapter, where that is not to be what it says itself: for tests, which force a GPU's plans. */
  readonly tuning?: Partial<Tuning>;
}

export class Device implements Executor {
  /** @internal */
  connection: Connection;
  private disposed = false;
  /** A recovery that is under way: all who ask meanwhile share it. */
  private recovering: Promise<void> | undefined;
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
   * Device frees what it allocated and leaves `gpu` open, and what the page does wrong with it is the page's affair.
   */
  static adopt(gpu: GPUDevice, options: DeviceOptions = {}): Device {
    return new Device(gpu, describeAdapter({ info: gpu.adapterInfo, ...capabilities(gpu) }), options, true);
  }

  get kind(): ExecutorKind {
    return this.adapter.software ? 'software' : 'gpu';
  }

  get gpu(): GPUDevice {
    return this.connection.gpu;
  }

  get adapter(): AdapterDescription {
    return this.connection.adapter;
  }

  /** What is allocated now, and by whom. */
  get ledger(): Ledger {
    return this.connection.pool.ledger;
  }

  /**
   * Throws KernelError where a kernel does not compile or a plan is beyond WebGPU's limits, MemoryError where the graph does
   * not fit, DeviceLostError where the GPU went away.
   */
  async compile<Name extends string>(graph: Graph<Name>): Promise<GpuProgram<Name>> {
    const { connection } = this;
    connection.check();
    try {
      return await compileProgram(connection, graph);
    } catch (error) {
      throw await connection.causeOf(error);
    }
  }

  evaluate<Name extends string>(outputs: Readonly<Record<Name, Tensor>>): Promise<Evaluated<Name>> {
    return evaluateOn(this, outputs);
  }

  write(variable: Tensor, data: DataLike): void {
    this.connection.check();
    checkWrite(variable, data);
    const isWords = data instanceof Float32Array || data instanceof Uint32Array;
    this.connection.leaves.write(variable, isWords ? data : copyOf('write', data, variable.dtype));
  }

  async read(variable: Tensor): Promise<Float32Array<ArrayBuffer>> {
    return new Float32Array(await this.bytes(variable, 'f32'));
  }

  async readIntegers(variable: Tensor): Promise<Uint32Array<ArrayBuffer>> {
    return new Uint32Array(await this.bytes(variable, 'u32'));
  }

  free(variables: readonly Tensor[]): void {
    if (this.disposed) throw new DisposedError('Device');
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
  recover(): Promise<void> {
    this.recovering ??= this.beginAnew().finally(() => {
      this.recovering = undefined;
    });
    return this.recovering;
  }

  private async beginAnew(): Promise<void> {
    if (this.disposed) throw new DisposedError('Device');
    if (this.adopted)
      throw new AdapterError('An adopted device cannot be opened again here: adopt a new one.', 'adopted');
    for (let attempt = 1; ; attempt++) {
      try {
        const adapter = await openAdapter();
        const description = describeAdapter(adapter);
        const gpu = await openDevice(adapter);
        if (this.disposed) {
          gpu.destroy();
          throw new DisposedError('Device');
        }
        this.connection.retire();
        this.connection.dispose(false);
        this.connection = this.connect(gpu, description);
        return;
      } catch (error) {
        if (this.disposed) throw error;
        // A browser whose GPU process died has no adapter until it has started another.
        if (attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
      }
    }
  }

  /**
   * Releases everything the device holds; it and its programs can no longer be used. A run that is under way is rejected with
   * a DisposedError.
   */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.connection.dispose(this.adopted);
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  private async bytes(tensor: Tensor, dtype: Dtype): Promise<ArrayBuffer> {
    const { connection } = this;
    connection.check();
    checkRead(tensor, dtype);
    const { root, offset } = rootOf(tensor);
    const count = sizeOf(tensor.shape);
    if (root.source.kind === 'constant') return root.source.data.slice(offset, offset + count).buffer as ArrayBuffer;
    const { readback, leaves } = connection;
    try {
      const bytes = await readback.read(leaves.bufferOf(root), 4 * offset, 4 * count);
      connection.check();
      leaves.check(root);
      return bytes;
    } catch (error) {
      // A variable that could not be written says so, and not that it cannot be read.
      leaves.check(root);
      throw await connection.causeOf(error);
    }
  }

  private connect(gpu: GPUDevice, adapter: AdapterDescription): Connection {
    const { memoryLimit = Number.POSITIVE_INFINITY, winners = {}, tuning } = this.options;
    const known = { software: adapter.software, subgroups: gpu.features.has('subgroups'), winners, ...tuning };
    return new Connection(gpu, adapter, memoryLimit, known, (error) => {
      for (const listener of this.listeners) listener(error);
    });
  }
}

const ATTEMPTS = 10;
const RESTART_MS = 300;

/** The features and limits of an open device, which are what matters of its adapter. */
const capabilities = ({ features, limits }: GPUDevice) => ({ features, limits });
