// The reference executor: runs a graph in TypeScript, rounding to f32 in the kernels' order of operations. It is the
// oracle of the tests, the fallback of a page without WebGPU, and the plainest description of what a graph means.

import { DisposedError, ShapeError } from '../errors';
import type { Executor, Program, RunOptions } from './executor';
import { type Graph, rootOf, schedule } from './schedule';
import { sizeOf } from './shape';
import type { Data, Tensor, Values } from './tensor';

/** Where f32 values are kept: Float64Array lets a test run a graph without rounding and differentiate it numerically. */
export type FloatStorage = typeof Float32Array | typeof Float64Array;

export class ReferenceDevice implements Executor {
  private readonly variables = new Map<Tensor, Data>();
  private disposed = false;

  constructor(private readonly storage: FloatStorage = Float32Array) {}

  async compile<Name extends string>(graph: Graph<Name>): Promise<ReferenceProgram<Name>> {
    if (this.disposed) throw new DisposedError('ReferenceDevice');
    return new ReferenceProgram(graph, this.storage, (variable) => this.valuesOf(variable));
  }

  write(variable: Tensor, data: Data): void {
    checkWrite(variable, data);
    this.valuesOf(variable).set(data);
  }

  async read(variable: Tensor): Promise<Float32Array> {
    return Float32Array.from(this.valuesOf(variable));
  }

  async readIntegers(variable: Tensor): Promise<Uint32Array> {
    return Uint32Array.from(this.valuesOf(variable));
  }

  free(variables: readonly Tensor[]): void {
    for (const variable of variables) this.variables.delete(variable);
  }

  dispose(): void {
    this.variables.clear();
    this.disposed = true;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private valuesOf(variable: Tensor): Data {
    const data = this.variables.get(variable) ?? emptyLike(variable, this.storage);
    this.variables.set(variable, data);
    return data;
  }
}

const emptyLike = (tensor: Tensor, floats: FloatStorage): Data =>
  tensor.dtype === 'u32' ? new Uint32Array(sizeOf(tensor.shape)) : new floats(sizeOf(tensor.shape));

/** Refuses data that does not fit a variable, and anything that is not a variable. */
export function checkWrite(variable: Tensor, data: Data): void {
  if (variable.source.kind !== 'variable')
    throw new ShapeError('write', 'only a variable can be written', [variable.shape]);
  if (data.length !== sizeOf(variable.shape) || data instanceof Uint32Array !== (variable.dtype === 'u32')) {
    const given = `${data.constructor.name} of ${data.length}`;
    throw new ShapeError('write', `${variable.source.name} is ${variable.dtype} and was given a ${given}`, [
      variable.shape,
    ]);
  }
}

export class ReferenceProgram<Name extends string> implements Program<Name> {
  private readonly values = new Map<Tensor, Values>();
  private readonly work;

  constructor(
    private readonly graph: Graph<Name>,
    floats: FloatStorage,
    variableData: (variable: Tensor) => Data,
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
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      for (const tensor of this.work.operations) {
        if (tensor.source.kind !== 'operation') continue;
        tensor.source.operation.reference(tensor.inputs.map(this.valuesOf), this.valuesOf(tensor));
      }
      for (const update of this.work.updates) update.reference(update.inputs.map(this.valuesOf));
      onProgress?.((step + 1) / steps);
    }
  }

  async read(name: Name): Promise<Float32Array> {
    return Float32Array.from(this.valuesOf(this.graph.outputs[name]).data);
  }

  /** The values as they are kept, without rounding. */
  async readExact(name: Name): Promise<Float64Array> {
    return Float64Array.from(this.valuesOf(this.graph.outputs[name]).data);
  }

  async readIntegers(name: Name): Promise<Uint32Array> {
    return Uint32Array.from(this.valuesOf(this.graph.outputs[name]).data);
  }

  dispose(): void {
    this.values.clear();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private readonly valuesOf = (tensor: Tensor): Values => {
    const found = this.values.get(tensor);
    if (found === undefined) throw new DisposedError('this program');
    return found;
  };
}
