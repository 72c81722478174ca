// The reference executor: runs a graph in TypeScript, rounding to f32 in the kernels' order of operations. It is the
// oracle of the tests, the fallback of a page without WebGPU, and the plainest description of what a graph means.

import { DisposedError } from '../errors';
import { checkFree, checkRead, checkSteps, checkWrite, evaluateOn, outputNamed } from './checks';
import type { Data, DataLike } from './data';
import type { Evaluated, Executor, Program, RunOptions } from './executor';
import { RunQueue } from './runQueue';
import { type Graph, schedule } from './schedule';
import { sizeOf } from './shape';
import type { Tensor, Values } from './tensor';
import { rootOf } from './tensor';

/** How long it computes before others have their turn. */
const TURN_MS = 50;

/** What the programs of one device share: who may run, and when others last had their turn. */
interface Turns {
  readonly queue: RunQueue;
  yielded: number;
}

/** Where f32 values are kept: Float64Array lets a test run a graph without rounding and differentiate it numerically. */
export type FloatStorage = typeof Float32Array | typeof Float64Array;

export class ReferenceDevice implements Executor {
  private readonly variables = new Map<Tensor, Data>();
  /** Programs that are not disposed, and what they read and change. */
  private readonly programs = new Map<ReferenceProgram<never>, readonly Tensor[]>();
  private disposed = false;
  private readonly turns: Turns = { queue: new RunQueue(), yielded: performance.now() };

  constructor(private readonly storage: FloatStorage = Float32Array) {}

  async compile<Name extends string>(graph: Graph<Name>): Promise<ReferenceProgram<Name>> {
    this.check();
    const program: ReferenceProgram<Name> = new ReferenceProgram(
      graph,
      this.storage,
      (variable) => this.valuesOf(variable),
      this.turns,
      () => this.check(),
      () => this.programs.delete(program),
    );
    this.programs.set(program, schedule(graph).leaves);
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

  async read(variable: Tensor): Promise<Float32Array> {
    this.check();
    checkRead(variable, 'f32');
    return Float32Array.from(this.partOf(variable));
  }

  async readIntegers(variable: Tensor): Promise<Uint32Array> {
    this.check();
    checkRead(variable, 'u32');
    return Uint32Array.from(this.partOf(variable));
  }

  free(variables: readonly Tensor[]): void {
    this.check();
    const users = (variable: Tensor) => [...this.programs.values()].filter((leaves) => leaves.includes(variable));
    checkFree(variables, (variable) => users(variable).length);
    for (const variable of variables) this.variables.delete(variable);
  }

  dispose(): void {
    this.variables.clear();
    this.disposed = true;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private check(): void {
    if (this.disposed) throw new DisposedError('ReferenceDevice');
  }

  /** The values of a variable, a constant, or the part of one that a view shows. */
  private partOf(tensor: Tensor): Data {
    const { root, offset } = rootOf(tensor);
    const data = root.source.kind === 'constant' ? root.source.data : this.valuesOf(root);
    return data.subarray(offset, offset + sizeOf(tensor.shape));
  }

  private valuesOf(variable: Tensor): Data {
    const data = this.variables.get(variable) ?? emptyLike(variable, this.storage);
    this.variables.set(variable, data);
    return data;
  }
}

const emptyLike = (tensor: Tensor, floats: FloatStorage): Data =>
  tensor.dtype === 'u32' ? new Uint32Array(sizeOf(tensor.shape)) : new floats(sizeOf(tensor.shape));

export class ReferenceProgram<Name extends string> implements Program<Name> {
  private readonly values = new Map<Tensor, Values>();
  private readonly work;
  private disposed = false;
  private running = false;

  constructor(
    private readonly graph: Graph<Name>,
    floats: FloatStorage,
    variableData: (variable: Tensor) => Data,
    private readonly turns: Turns,
    private readonly checkExecutor: () => void,
    private readonly onDispose: () => void,
  ) {
    this.work = schedule(graph);
    for (const leaf of this.work.leaves) {
      const data = leaf.source.kind === 'constant' ? leaf.source.data : variableData(leaf);
      this.values.set(leaf, { shape: leaf.shape, dtype: leaf.dtype, data });
    }
    for (const tensor of this.work.operations) {
      this.values.set(tensor, { shape: tensor.shape, dtype: tensor.dtype, data: emptyLike(tensor, floats) });
    }
    for (const tensor of this.work.views) {
      const { root, offset } = rootOf(tensor);
      const data = this.valuesOf(root).data.subarray(offset, offset + sizeOf(tensor.shape));
      this.values.set(tensor, { shape: tensor.shape, dtype: tensor.dtype, data });
    }
  }

  async run(steps = 1, { signal, onProgress }: RunOptions = {}): Promise<void> {
    this.check();
    checkSteps(steps);
    // One program at a time computes.
    const work = () => this.steps(steps, { signal, onProgress });
    await this.turns.queue.inTurn([], [this.turns], work, signal);
  }

  private async steps(steps: number, { signal, onProgress }: RunOptions): Promise<void> {
    this.running = true;
    try {
      for (let step = 0; step < steps; step++) {
        this.check();
        signal?.throwIfAborted();
        await this.step();
        onProgress?.((step + 1) / steps);
      }
      this.check();
    } finally {
      this.running = false;
      if (this.disposed) this.values.clear();
    }
  }

  /** One step; lets others have their turn about every 50 ms, so that a page paints and an abort is heard. */
  private async step(): Promise<void> {
    for (const tensor of [...this.work.operations, ...this.work.updates]) {
      if (tensor.source.kind !== 'operation') continue;
      const { operation } = tensor.source;
      const [changed] = operation.writes;
      const output = changed === undefined ? tensor : tensor.inputs[changed];
      operation.reference(tensor.inputs.map(this.valuesOf), this.valuesOf(output));
      if (performance.now() - this.turns.yielded > TURN_MS) {
        await new Promise((resolve) => setTimeout(resolve));
        this.turns.yielded = performance.now();
        this.checkExecutor();
      }
    }
  }

  async read(name: Name): Promise<Float32Array> {
    return Float32Array.from(this.outputOf(name, 'f32'));
  }

  /** The values as they are kept, without rounding. */
  async readExact(name: Name): Promise<Float64Array> {
    return Float64Array.from(this.outputOf(name, 'f32'));
  }

  async readIntegers(name: Name): Promise<Uint32Array> {
    return Uint32Array.from(this.outputOf(name, 'u32'));
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    if (!this.running) this.values.clear();
    this.onDispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private check(): void {
    if (this.disposed) throw new DisposedError('this program');
    this.checkExecutor();
  }

  private outputOf(name: Name, dtype: 'f32' | 'u32'): Data {
    this.check();
    return this.valuesOf(outputNamed(this.graph, name, dtype)).data;
  }

  private readonly valuesOf = (tensor: Tensor): Values => {
    const found = this.values.get(tensor);
    if (found === undefined) throw new DisposedError('this program');
    return found;
  };
}
