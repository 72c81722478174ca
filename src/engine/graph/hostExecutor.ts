// What the executors that compute in this process share: a step is a flat list of calls, made ready when the graph is compiled.
// They differ in where values are kept and in what a call does.

import '../disposal';
import { DisposedError } from '../errors';
import { checkFree, checkRead, checkSteps, checkWrite, evaluateOn, outputNamed } from './checks';
import type { Data, DataLike } from './data';
import type { Evaluated, Executor, ExecutorKind, Program, RunOptions } from './executor';
import { RunQueue } from './runQueue';
import { type Graph, type Schedule, schedule } from './schedule';
import { sizeOf } from './shape';
import { rootOf, type Tensor } from './tensor';

/** How long it computes before others have their turn. */
const TURN_MS = 50;

/** A graph made ready: memory and calls. */
export interface Prepared {
  /** What depends on constants only: called once, in order. */
  readonly once: readonly (() => void)[];
  /** What a step does, in order. */
  readonly calls: readonly (() => void)[];
  /** The values that a tensor of the graph has now. */
  valuesOf(tensor: Tensor): Data;
  /** Gives back the memory. */
  release(): void;
}

/** What the programs of one executor share: who may run, and when others last had their turn. */
export class Turns {
  readonly queue = new RunQueue();
  private yielded = performance.now();

  /** Makes calls; lets others have their turn about every 50 ms, so that a page paints and an abort is heard. */
  async make(calls: readonly (() => void)[], checkAfterTurn: () => void): Promise<void> {
    for (const call of calls) {
      call();
      if (performance.now() - this.yielded <= TURN_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      this.yielded = performance.now();
      checkAfterTurn();
    }
  }
}

export abstract class HostExecutor implements Executor {
  abstract readonly kind: ExecutorKind;
  /** Programs that are not disposed, and what they read and change. */
  private readonly programs = new Map<HostProgram<never>, readonly Tensor[]>();
  private disposed = false;
  private readonly turns = new Turns();

  /** Makes memory and calls for a graph. Throws MemoryError where it does not fit. */
  protected abstract prepare(graph: Graph, work: Schedule): Prepared;
  /** The values of a variable, which are kept; zeros where it is new. Throws MemoryError where there is no room. */
  protected abstract valuesOf(variable: Tensor): Data;
  /** Gives back a variable's memory. */
  protected abstract drop(variable: Tensor): void;
  /** Gives back all memory. */
  protected abstract release(): void;

  /** The graph made ready to run. Throws MemoryError where it does not fit. */
  async compile<Name extends string>(graph: Graph<Name>): Promise<HostProgram<Name>> {
    this.check();
    const work = schedule(graph);
    const prepared = this.prepare(graph, work);
    // Once: what is given back may be another program's by the next time.
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      this.programs.delete(program);
      if (!this.disposed) prepared.release();
    };
    const check = () => this.check();
    const program: HostProgram<Name> = new HostProgram(graph, prepared, this.turns, check, end);
    this.programs.set(program, work.leaves);
    try {
      await this.turns.queue.inTurn([], [this.turns], async () => {
        check();
        await this.turns.make(prepared.once, check);
      });
    } catch (error) {
      program.dispose();
      throw error;
    }
    return program;
  }

  evaluate<Name extends string>(outputs: Readonly<Record<Name, Tensor>>): Promise<Evaluated<Name>> {
    return evaluateOn(this, outputs);
  }

  write(variable: Tensor, data: DataLike): void {
    this.check();
    checkWrite(variable, data);
    this.valuesOf(variable).set(data);
  }

  async read(variable: Tensor): Promise<Float32Array<ArrayBuffer>> {
    this.check();
    checkRead(variable, 'f32');
    return Float32Array.from(this.partOf(variable));
  }

  async readIntegers(variable: Tensor): Promise<Uint32Array<ArrayBuffer>> {
    this.check();
    checkRead(variable, 'u32');
    return Uint32Array.from(this.partOf(variable));
  }

  free(variables: readonly Tensor[]): void {
    this.check();
    const users = (variable: Tensor) => [...this.programs.values()].filter((leaves) => leaves.includes(variable));
    checkFree(variables, (variable) => users(variable).length);
    for (const variable of variables) this.drop(variable);
  }

  /** Releases everything: it and its programs throw a DisposedError from then on. Safe at any moment, and twice. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.release();
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Throws a DisposedError where there is nothing to compute with any more. */
  protected check(): void {
    if (this.disposed) throw new DisposedError(`the ${this.kind} executor`);
  }

  /** The values of a variable, a constant, or the part of one that a view shows. */
  private partOf(tensor: Tensor): Data {
    const { root, offset } = rootOf(tensor);
    const data = root.source.kind === 'constant' ? root.source.data : this.valuesOf(root);
    return data.subarray(offset, offset + sizeOf(tensor.shape));
  }
}

/** A compiled graph in this process. */
export class HostProgram<Name extends string> implements Program<Name> {
  private disposed = false;
  private running = false;

  /** @internal */
  constructor(
    private readonly graph: Graph<Name>,
    private readonly prepared: Prepared,
    private readonly turns: Turns,
    private readonly checkExecutor: () => void,
    private readonly end: () => void,
  ) {}

  async run(steps = 1, { signal, onProgress }: RunOptions = {}): Promise<void> {
    this.check();
    checkSteps(steps);
    // One program at a time computes.
    const work = () => this.steps(steps, { signal, onProgress });
    await this.turns.queue.inTurn([], [this.turns], work, signal);
  }

  private async steps(steps: number, { signal, onProgress }: RunOptions): Promise<void> {
    this.check();
    this.running = true;
    try {
      for (let step = 0; step < steps; step++) {
        this.check();
        signal?.throwIfAborted();
        await this.turns.make(this.prepared.calls, this.checkExecutor);
        onProgress?.((step + 1) / steps);
      }
      this.check();
    } finally {
      this.running = false;
      if (this.disposed) this.end();
    }
  }

  /** Calls of one step. */
  get calls(): number {
    return this.prepared.calls.length;
  }

  async read(name: Name): Promise<Float32Array<ArrayBuffer>> {
    return Float32Array.from(this.outputOf(name, 'f32'));
  }

  /** The values as the executor keeps them: without rounding where that is f64. */
  async readExact(name: Name): Promise<Float64Array> {
    return Float64Array.from(this.outputOf(name, 'f32'));
  }

  async readIntegers(name: Name): Promise<Uint32Array<ArrayBuffer>> {
    return Uint32Array.from(this.outputOf(name, 'u32'));
  }

  /** Gives back what the program owns; safe at any moment, and twice. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    if (!this.running) this.end();
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  private check(): void {
    if (this.disposed) throw new DisposedError('this program');
    this.checkExecutor();
  }

  private outputOf(name: Name, dtype: 'f32' | 'u32'): Data {
    this.check();
    return this.prepared.valuesOf(outputNamed(this.graph, name, dtype));
  }
}
