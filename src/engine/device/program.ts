// A compiled graph on the GPU. A run only encodes dispatches, many steps to a submit; nothing is allocated, uploaded or read back
// per step. Runs that concern the same variables follow one another; disposing lets a run that is under way end its step.

import '../disposal';
import { DisposedError } from '../errors';
import { checkSteps, outputNamed } from '../graph/checks';
import type { Program, RunOptions } from '../graph/executor';
import type { Graph, Schedule } from '../graph/schedule';
import { sizeOf } from '../graph/shape';
import type { Dtype, Tensor } from '../graph/tensor';
import type { Connection } from './connection';
import { type ProfileEntry, profileCommands } from './profile';
import { type Command, Replay } from './replay';
import type { Reservation } from './reservation';

/** Where a tensor's values are, in bytes. */
export interface Range {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** A compiled graph on a GPU: what a Program can, and the buffers that its outputs lie in. */
export class GpuProgram<Name extends string> implements Program<Name> {
  private disposed = false;
  /** Runs that have begun and not ended. */
  private running = 0;
  private readonly replay: Replay;
  private readonly reads: readonly object[];
  private readonly writes: readonly object[];

  /** @internal */
  constructor(
    private readonly connection: Connection,
    private readonly graph: Graph<Name>,
    name: string,
    work: Schedule,
    private readonly commands: readonly Command[],
    private readonly reservation: Reservation,
    private readonly uniforms: GPUBuffer,
    private readonly rangeOf: (tensor: Tensor) => Range,
  ) {
    this.replay = new Replay(connection.gpu, name, commands);
    const changed = new Set(
      work.updates.flatMap(({ source, inputs }) =>
        source.kind === 'operation' ? source.operation.writes.map((i) => inputs[i]) : [],
      ),
    );
    this.writes = [this, ...changed];
    this.reads = work.leaves.filter((leaf) => leaf.source.kind === 'variable' && !changed.has(leaf));
  }

  async run(steps = 1, options: RunOptions = {}): Promise<void> {
    this.check();
    checkSteps(steps);
    await this.inTurn(
      () => this.replay.run(steps, options, (betweenSteps) => this.checkDuringRun(betweenSteps)),
      options.signal,
    );
  }

  async read(name: Name): Promise<Float32Array<ArrayBuffer>> {
    return new Float32Array(await this.bytes(name, 'f32'));
  }

  async readIntegers(name: Name): Promise<Uint32Array<ArrayBuffer>> {
    return new Uint32Array(await this.bytes(name, 'u32'));
  }

  /**
   * Where an output's values are on the GPU, in bytes: what a page binds to draw them without reading back. Valid until the
   * program is disposed. Throws InputError for an output that is not there.
   */
  buffer(name: Name): Range {
    this.check();
    return this.rangeOf(outputNamed(this.graph, name));
  }

  /** Dispatches of one step. */
  get dispatches(): number {
    return this.commands.length;
  }

  /** Submits made so far, over all runs. */
  get submits(): number {
    return this.replay.submits;
  }

  /**
   * Runs one step and says where its time went; the entries also appear as measures in the browser's performance tools.
   * Throws AdapterError where the adapter has no timestamps.
   */
  async profile(): Promise<ProfileEntry[]> {
    this.check();
    const { gpu, readback } = this.connection;
    return this.inTurn(() => profileCommands(gpu, readback, this.commands));
  }

  /** Gives back what the program owns; a run that is under way ends with a DisposedError. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    if (this.running === 0) this.release();
    else this.reservation.retire();
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Does work that changes what the program changes, after what others do with it. */
  private inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = async (): Promise<T> => {
      this.running++;
      try {
        this.check();
        const result = await work();
        this.check();
        return result;
      } catch (error) {
        throw await this.connection.causeOf(error);
      } finally {
        this.running--;
        if (this.disposed && this.running === 0) this.release();
      }
    };
    return this.connection.queue.inTurn(this.reads, this.writes, turn, signal);
  }

  private checkDuringRun(betweenSteps: boolean): void {
    this.connection.check();
    if (betweenSteps && this.disposed) throw new DisposedError('this program');
  }

  private async bytes(name: Name, dtype: Dtype): Promise<ArrayBuffer> {
    this.check();
    const tensor = outputNamed(this.graph, name, dtype);
    const { buffer, offset } = this.rangeOf(tensor);
    try {
      const bytes = await this.connection.readback.read(buffer, offset, 4 * sizeOf(tensor.shape));
      this.connection.check();
      return bytes;
    } catch (error) {
      throw await this.connection.causeOf(error);
    }
  }

  private check(): void {
    if (this.disposed) throw new DisposedError('this program');
    this.connection.check();
  }

  private release(): void {
    this.reservation.release();
    this.uniforms.destroy();
  }
}
