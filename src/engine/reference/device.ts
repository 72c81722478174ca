// The reference executor: runs a graph in TypeScript, rounding to f32 in the kernels' order of operations. It is the
// oracle of the tests, the fallback of a page without WebGPU and WebAssembly, and the plainest description of what a graph means.

import { DisposedError } from '../errors';
import type { Data } from '../graph/data';
import { HostExecutor, type HostProgram, type Prepared } from '../graph/hostExecutor';
import type { Graph, Schedule } from '../graph/schedule';
import { sizeOf } from '../graph/shape';
import { rootOf, type Tensor, type Values } from '../graph/tensor';

/** Where f32 values are kept: Float64Array lets a test run a graph without rounding and differentiate it numerically. */
export type FloatStorage = typeof Float32Array | typeof Float64Array;

/** A compiled graph of the reference executor. */
export type ReferenceProgram<Name extends string> = HostProgram<Name>;

/**
 * Runs graphs in TypeScript, one operation after another, rounding to f32 in the order of the kernels: what the others must equal,
 * bit for bit.
 */
export class ReferenceDevice extends HostExecutor {
  readonly kind = 'reference';
  private readonly variables = new Map<Tensor, Data>();

  constructor(private readonly storage: FloatStorage = Float32Array) {
    super();
  }

  protected prepare(_graph: Graph, { operations, once, leaves, views, updates }: Schedule): Prepared {
    const kept = new Map<Tensor, Values>();
    const keep = (tensor: Tensor, data: Data) => {
      kept.set(tensor, { shape: tensor.shape, dtype: tensor.dtype, data });
    };
    const valuesOf = (tensor: Tensor): Values => {
      const found = kept.get(tensor);
      if (found === undefined) throw new DisposedError('this program');
      return found;
    };
    for (const leaf of leaves) keep(leaf, leaf.source.kind === 'constant' ? leaf.source.data : this.valuesOf(leaf));
    for (const operation of operations) keep(operation, this.emptyLike(operation));
    for (const view of views) {
      const { root, offset } = rootOf(view);
      keep(view, valuesOf(root).data.subarray(offset, offset + sizeOf(view.shape)));
    }
    const callsOf = (tensors: readonly Tensor[]) =>
      tensors.flatMap((tensor) => {
        if (tensor.source.kind !== 'operation') return [];
        const { operation } = tensor.source;
        const [changed] = operation.writes;
        const inputs = tensor.inputs.map(valuesOf);
        const output = valuesOf(changed === undefined ? tensor : tensor.inputs[changed]);
        return [() => operation.reference(inputs, output)];
      });
    return {
      once: callsOf(operations.filter((each) => once.has(each))),
      calls: callsOf([...operations.filter((each) => !once.has(each)), ...updates]),
      valuesOf: (tensor) => valuesOf(tensor).data,
      release: () => kept.clear(),
    };
  }

  protected valuesOf(variable: Tensor): Data {
    const data = this.variables.get(variable) ?? this.emptyLike(variable);
    this.variables.set(variable, data);
    return data;
  }

  protected drop(variable: Tensor): void {
    this.variables.delete(variable);
  }

  protected release(): void {
    this.variables.clear();
  }

  private emptyLike({ shape, dtype }: Tensor): Data {
    return dtype === 'u32' ? new Uint32Array(sizeOf(shape)) : new this.storage(sizeOf(shape));
  }
}
