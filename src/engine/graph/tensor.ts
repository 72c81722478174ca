// A tensor is a node of a symbolic graph: building one computes nothing. There is no graph object either: a node holds
// its inputs, and the order in which nodes were made is a topological order.
//
// An operation is described once, by its rule: shapes, kernels, gradient and reference side by side (the idea is
// micrograd's, one op and its backward in one place; the typed table is jax-js's). `apply` binds a rule to its options.

import { GradientError, ShapeError } from '../errors';
import { copyOf, type Data, type DataLike } from './data';
import type { Plan } from './dispatch';
import { type Shape, sameShape, sizeOf } from './shape';

export type Dtype = 'f32' | 'u32';
export type { Data, DataLike } from './data';

export interface Signature {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** Values with their shape, as the reference of an op sees them. */
export interface Values extends Signature {
  readonly data: Data;
}

/** What a gradient rule sees: the node it differentiates. */
export interface Call<Options> {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly options: Options;
}

/** One gradient for each input, made only when it is needed; `null` where an input takes none (an index, a seed). */
export type GradientRule<Options> = (call: Call<Options>, upstream: Tensor) => readonly ((() => Tensor) | null)[];

/** Says in the table, instead of a gradient, why an op has none. */
export interface NotDifferentiable {
  readonly reason: string;
}

/** Kernels that won a measurement on one adapter: the variant's name by the name of op and problem. */
export type Winners = Readonly<Record<string, string>>;

/** What plans may know about the adapter when they choose among kernels. */
export interface Tuning {
  /** It computes on the CPU. */
  readonly software: boolean;
  readonly winners: Winners;
}

export type OperandType = Dtype | 'any';

/** Throws ShapeError, naming the operand, unless every operand is of the type that the op takes. */
export function checkOperands(
  op: string,
  operands: readonly Signature[],
  types: OperandType | readonly OperandType[],
): void {
  for (const [i, { dtype }] of operands.entries()) {
    const type = typeof types === 'string' ? types : types[i];
    if (type !== 'any' && type !== dtype) {
      const shapes = operands.map(({ shape }) => shape);
      throw new ShapeError(op, `operand ${i + 1} must be ${type ?? 'left out'}, and is ${dtype}`, shapes);
    }
  }
}

export interface Rule<Options> {
  readonly name: string;
  /** The types of the operands, one for each or one for all; `any` where the op only moves words. f32 by default. */
  readonly operands?: OperandType | readonly OperandType[];
  /** The output's shape and type, or a ShapeError. The operands' types are known to be right. */
  infer(inputs: readonly Signature[], options: Options): Signature;
  /** Which kernels to run, over what: a pure function that a test can call without a GPU. */
  kernels(inputs: readonly Signature[], output: Signature, options: Options, tuning: Tuning): Plan;
  readonly gradient: GradientRule<Options> | NotDifferentiable;
  /**
   * For an op whose output merely holds its inputs side by side: the element offset of each. The planner then lets an
   * input be written there directly, and drops dispatch i, which would copy input i.
   */
  readonly placement?: (inputs: readonly Signature[]) => number[];
  /** The same numbers in TypeScript, rounded to f32 in the kernel's order of operations. */
  reference(inputs: readonly Values[], output: Values, options: Options): void;
}

/** A rule with its options bound: what a node keeps. */
export interface Operation {
  readonly name: string;
  /** The rule and the options themselves, for `callOf`. */
  readonly rule: unknown;
  readonly options: unknown;
  readonly placement?: (inputs: readonly Signature[]) => number[];
  kernels(inputs: readonly Signature[], output: Signature, tuning?: Tuning): Plan;
  gradient(inputs: readonly Tensor[], output: Tensor, upstream: Tensor): readonly ((() => Tensor) | null)[];
  reference(inputs: readonly Values[], output: Values): void;
}

export type Source =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: Data }
  | { readonly kind: 'view'; readonly offset: number }
  | { readonly kind: 'operation'; readonly operation: Operation };

export interface Tensor extends Signature {
  /** Increases with every node made: inputs always have a smaller id. */
  readonly id: number;
  readonly source: Source;
  readonly inputs: readonly Tensor[];
}

let nextId = 0;

function node(source: Source, inputs: readonly Tensor[], { shape, dtype }: Signature): Tensor {
  if (shape.some((n) => !Number.isInteger(n) || n < 1)) {
    const name = source.kind === 'operation' ? source.operation.name : source.kind;
    throw new ShapeError(name, 'every size must be a whole number of at least 1', [shape]);
  }
  return { id: nextId++, source, inputs, shape, dtype };
}

/** A tensor whose values persist between runs and can be written, read and updated. Starts at 0. */
export const variable = (name: string, shape: Shape, dtype: Dtype = 'f32'): Tensor =>
  node({ kind: 'variable', name }, [], { shape, dtype });

/**
 * Fixed values, copied now and uploaded when a program is compiled: a Uint32Array is u32, everything else is rounded to f32.
 * Throws ShapeError when `data` does not fill `shape`, InputError where it is of another type or not made of numbers.
 */
export function constant(data: DataLike, given?: Shape): Tensor {
  const dtype = data instanceof Uint32Array ? 'u32' : 'f32';
  const values = copyOf('constant', data, dtype);
  const shape = given ?? [values.length];
  if (sizeOf(shape) !== values.length)
    throw new ShapeError('constant', `${values.length} values do not fill the shape`, [shape]);
  return node({ kind: 'constant', data: values }, [], { shape, dtype });
}

/** One f32 number. */
export const scalar = (value: number): Tensor => constant(Float32Array.of(value), []);

/** The same elements under another shape: no copy. */
export function reshape(tensor: Tensor, shape: Shape): Tensor {
  if (sameShape(tensor.shape, shape)) return tensor;
  if (sizeOf(shape) !== sizeOf(tensor.shape)) {
    throw new ShapeError('reshape', 'the number of elements differs', [tensor.shape, shape]);
  }
  return node({ kind: 'view', offset: 0 }, [tensor], { shape, dtype: tensor.dtype });
}

/**
 * A part of a variable as a tensor of its own, without a copy: `offset` is in elements and a multiple of 64, since WebGPU
 * binds buffers at multiples of 256 bytes.
 */
export function view(of: Tensor, offset: number, shape: Shape): Tensor {
  if (offset % 64 !== 0 || offset < 0 || offset + sizeOf(shape) > sizeOf(of.shape)) {
    throw new ShapeError('view', `offset ${offset} is not a multiple of 64 or the part lies beyond the whole`, [
      of.shape,
      shape,
    ]);
  }
  return node({ kind: 'view', offset }, [of], { shape, dtype: of.dtype });
}

/** How a tensor was made, if by `rule`: what a gradient looks at to fold one op into another. */
export function callOf<Options>(tensor: Tensor, rule: Rule<Options>): Call<Options> | undefined {
  const { source, inputs } = tensor;
  if (source.kind !== 'operation' || source.operation.rule !== rule) return undefined;
  return { inputs, output: tensor, options: source.operation.options as Options };
}

/** Adds a node that computes `rule` of the inputs. Throws ShapeError when the rule refuses them. */
export function apply<Options>(rule: Rule<Options>, inputs: readonly Tensor[], options: Options): Tensor {
  const operation: Operation = {
    name: rule.name,
    rule,
    options,
    placement: rule.placement,
    kernels: (signatures, output, tuning = { software: true, winners: {} }) =>
      rule.kernels(signatures, output, options, tuning),
    reference: (values, output) => rule.reference(values, output, options),
    gradient(of, output, upstream) {
      if (typeof rule.gradient !== 'function')
        throw new GradientError(`${rule.name} has no gradient: ${rule.gradient.reason}`);
      return rule.gradient({ inputs: of, output, options }, upstream);
    },
  };
  checkOperands(rule.name, inputs, rule.operands ?? 'f32');
  return node({ kind: 'operation', operation }, inputs, rule.infer(inputs, options));
}
