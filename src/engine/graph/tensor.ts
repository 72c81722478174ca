// A tensor is a node of a symbolic graph: building one computes nothing. There is no graph object either: a node holds
// its inputs, and the order in which nodes were made is a topological order.

import { ShapeError } from '../errors';
import type { CpuPlan } from './cpuPlan';
import { copyOf, type Data, type DataLike } from './data';
import type { Plan, Tuning } from './dispatch';
import { type Shape, sameShape, sizeOf } from './shape';

/** Numbers of a tensor: single precision, or unsigned integers of 32 bits. */
export type Dtype = 'f32' | 'u32';
export type { Data, DataLike } from './data';

/** Shape and type of a tensor. */
export interface Signature {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** Values with their shape, as the reference of an op sees them. */
export interface Values extends Signature {
  readonly data: Data;
}

/** One gradient for each input, made only when it is needed; `null` where an input takes none (an index, a seed). */
export type Gradients = readonly ((() => Tensor) | null)[];

/** A rule with its options bound: what a node keeps. See `Rule`, whose members these are. */
export interface Operation {
  readonly name: string;
  /** The rule and the options themselves, for `callOf`. */
  readonly rule: unknown;
  readonly options: unknown;
  readonly writes: readonly number[];
  /** Where parts of the result lie, so that what makes a part may write it in place. */
  readonly placement?: (inputs: readonly Signature[]) => number[];
  /** The op that adds its result to `before` at once, where there is one. */
  addedTo(inputs: readonly Tensor[], output: Tensor, before: Tensor): Tensor | undefined;
  /** The dispatches that compute it: a pure function of shapes and of what is known of the adapter. */
  kernels(inputs: readonly Signature[], output: Signature, tuning: Tuning): Plan;
  /** How it runs in WebAssembly; by its reference where this is undefined. */
  cpu(inputs: readonly Signature[], output: Signature): CpuPlan | undefined;
  /** Gradients of the operands, as graph, from that of the result. */
  gradient(inputs: readonly Tensor[], output: Tensor, upstream: Tensor): Gradients;
  /** Computes the result in TypeScript: what all else must equal. */
  reference(inputs: readonly Values[], output: Values): void;
}

/** Where the values of a tensor come from: a variable, a constant, a view, or an op. */
export type Source =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: Data }
  | {
      /** `offset` elements into its input; the memory is `root`'s, from element `start` on. */
      readonly kind: 'view';
      readonly offset: number;
      readonly root: Tensor;
      readonly start: number;
      /** No gradient passes. */
      readonly detached: boolean;
    }
  | { readonly kind: 'operation'; readonly operation: Operation };

/** A node of a graph: nothing is computed before a program runs. Its shape, its type, and where its values come from. */
export interface Tensor extends Signature {
  /** Increases with every node made: inputs always have a smaller id. */
  readonly id: number;
  readonly source: Source;
  readonly inputs: readonly Tensor[];
}

let nextId = 0;

/** Throws ShapeError where a size is not a whole number of at least 1. */
export function node(source: Source, inputs: readonly Tensor[], { shape, dtype }: Signature): Tensor {
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

const names = /* @__PURE__ */ new WeakMap<Tensor, string>();

/** `x` itself, which errors, profiles, labels and `describe` call by this name from now on. */
export function named(x: Tensor, name: string): Tensor {
  names.set(x, name);
  return x;
}

/** What a tensor is called: by `named`, or as a variable; a view has the name of what it shows, unless it has its own. */
export function nameOf(tensor: Tensor): string | undefined {
  const own = names.get(tensor);
  if (own !== undefined) return own;
  const { root } = rootOf(tensor);
  return root.source.kind === 'variable' ? root.source.name : names.get(root);
}

/** An op in messages, labels and profiles: what it is, its name if it has one, and its shape. */
export function labelOfOp(tensor: Tensor): string {
  const op = tensor.source.kind === 'operation' ? tensor.source.operation.name : tensor.source.kind;
  const name = nameOf(tensor);
  return `${op}${name === undefined ? '' : ` ${name}`} [${tensor.shape.join(', ')}]`;
}

/** A leaf in messages and labels: its kind, and its name or its shape. */
export const labelOfLeaf = (leaf: Tensor): string =>
  `${leaf.source.kind} ${nameOf(leaf) ?? `[${leaf.shape.join(', ')}]`}`;

/** What stands for an f32 tensor: itself, or a number. */
export type Operand = Tensor | number;

export const tensorOf = (x: Operand): Tensor => (typeof x === 'number' ? scalar(x) : x);

/** The same elements under another shape: no copy. */
export function reshape(tensor: Tensor, shape: Shape): Tensor {
  if (sameShape(tensor.shape, shape)) return tensor;
  if (sizeOf(shape) !== sizeOf(tensor.shape)) {
    throw new ShapeError('reshape', 'the number of elements differs', [tensor.shape, shape]);
  }
  return viewOf(tensor, 0, shape);
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
  return viewOf(of, offset, shape);
}

/** The tensor whose memory a view shares, and where in it the view begins, in elements. */
export function rootOf(tensor: Tensor): { readonly root: Tensor; readonly offset: number } {
  const { source } = tensor;
  return source.kind === 'view' ? { root: source.root, offset: source.start } : { root: tensor, offset: 0 };
}

/** The values of `x` without a gradient: to what comes after, a constant. No copy. */
export const stopGradient = (x: Tensor): Tensor => viewOf(x, 0, x.shape, true);

function viewOf(of: Tensor, offset: number, shape: Shape, detached = false): Tensor {
  const { root, offset: start } = rootOf(of);
  return node({ kind: 'view', offset, root, start: start + offset, detached }, [of], { shape, dtype: of.dtype });
}
