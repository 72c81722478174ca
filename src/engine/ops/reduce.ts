// Sums, maxima and log-sum-exps over axes. The reduced axes are made one by taking them one at a time, outermost last; a long axis with
// few results is cut into chunks and reduced twice. A thread walks a chunk in order, so the order of summation is fixed.

import logSumExpKernel from '../../shaders/log_sum_exp.wgsl';
import reduceKernel from '../../shaders/reduce.wgsl';
import { ShapeError } from '../errors';
import { type Dispatch, input, output, type Plan, type Slot, scratch, workgroupsFor } from '../graph/dispatch';
import { type Shape, sameShape, sizeOf } from '../graph/shape';
import { apply, type Data, type Rule, reshape, scalar, type Tensor } from '../graph/tensor';
import { expF, floatBits, logF } from '../numeric';
import { mul, sub, whereNotPositive } from './binary';
import { broadcastTo } from './broadcast';
import { exp } from './unary';

type Kind = 'sum' | 'max' | 'logSumExp';

interface Options {
  readonly kind: Kind;
  readonly axis: number;
  /** For a sum: what it is multiplied by at the end; 1 by default. */
  readonly scale?: number;
}

/** A long axis is cut when there are fewer results than this, so that the passes have threads to share it. */
const ENOUGH_RESULTS = 256;
const CHUNK = 256;

interface Layout {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

function layoutOf(shape: Shape, axis: number): Layout {
  return { outer: sizeOf(shape.slice(0, axis)), length: shape[axis], inner: sizeOf(shape.slice(axis + 1)) };
}

/** The passes over an axis: one, or chunks and then the chunks' results. */
export function reductionPasses(layout: Layout): (Layout & { chunk: number })[] {
  const { outer, length, inner } = layout;
  if (outer * inner >= ENOUGH_RESULTS || length <= 2 * CHUNK) return [{ ...layout, chunk: length }];
  const chunk = Math.max(CHUNK, Math.ceil(length / 1024));
  const chunks = Math.ceil(length / chunk);
  return [
    { ...layout, chunk },
    { outer, length: chunks, inner, chunk: chunks },
  ];
}

export const reduceRule: Rule<Options> = {
  name: 'reduce',
  // Checked below, where the reduction's name is known.
  operands: 'any',
  infer([x], { kind, axis }) {
    if (x.dtype !== 'f32') throw new ShapeError(kind, `takes f32, not ${x.dtype}`, [x.shape]);
    if (x.shape[axis] === undefined) throw new ShapeError(kind, `there is no axis ${axis}`, [x.shape]);
    return { shape: x.shape.map((n, i) => (i === axis ? 1 : n)), dtype: 'f32' };
  },
  kernels([x], _output, { kind, axis, scale = 1 }): Plan {
    const passes = reductionPasses(layoutOf(x.shape, axis));
    const partial = passes[0].outer * Math.ceil(passes[0].length / passes[0].chunk) * passes[0].inner;
    return {
      dispatches: passes.map((pass, i): Dispatch => {
        const from: Slot = i === 0 ? input(0) : scratch(0);
        const to: Slot = i === passes.length - 1 ? output : scratch(0);
        const flavour = pass.inner % 4 === 0 && kind !== 'logSumExp' ? 'vector' : 'scalar';
        const chunks = Math.ceil(pass.length / pass.chunk);
        const threads = (pass.outer * chunks * pass.inner) / (flavour === 'vector' ? 4 : 1);
        return {
          ...(kind === 'logSumExp'
            ? { kernel: logSumExpKernel }
            : { kernel: reduceKernel, flavour, constants: { KIND: kind === 'sum' ? 0 : 1 } }),
          sizes: [threads, pass.length, pass.inner, pass.chunk, chunks, floatBits(i === passes.length - 1 ? scale : 1)],
          slots: [from, to],
          workgroups: workgroupsFor(threads),
        };
      }),
      scratch: passes.length > 1 ? [4 * partial] : [],
    };
  },
  gradient({ inputs: [x], output: y, options: { kind, scale = 1 } }, upstream) {
    if (kind === 'sum') {
      return [() => broadcastTo(scale === 1 ? upstream : mul(upstream, scalar(scale)), x.shape)];
    }
    if (kind === 'logSumExp') {
      return [() => mul(broadcastTo(upstream, x.shape), exp(sub(x, broadcastTo(y, x.shape))))];
    }
    // Every entry that reaches the maximum receives the gradient.
    return [() => whereNotPositive(broadcastTo(upstream, x.shape), sub(broadcastTo(y, x.shape), x))];
  },
  reference([x], result, { kind, axis, scale = 1 }) {
    let data: Data = x.data;
    for (const pass of reductionPasses(layoutOf(x.shape, axis))) data = reducePass(data, pass, kind);
    for (const [i, value] of data.entries()) result.data[i] = kind === 'sum' ? value * f(scale) : value;
  },
};

const f = Math.fround;

/** Of one or more values, in order and in f32. */
const reductions: Record<Kind, (values: readonly number[]) => number> = {
  sum: (values) => values.reduce((total, value) => f(total + value)),
  max: (values) => values.reduce((largest, value) => (largest < value || Number.isNaN(value) ? value : largest)),
  logSumExp(values) {
    const largest = reductions.max(values);
    // Where the largest is infinite or NaN there is nothing to shift by: the plain formula gives the right answer.
    const shift = Number.isFinite(largest) ? largest : 0;
    return f(logF(values.reduce((total, value) => f(total + expF(f(value - shift))), 0)) + shift);
  },
};

function reducePass(data: Data, { outer, length, inner, chunk }: Layout & { chunk: number }, kind: Kind): Float64Array {
  const chunks = Math.ceil(length / chunk);
  const result = new Float64Array(outer * chunks * inner);
  for (let o = 0; o < outer; o++)
    for (let c = 0; c < chunks; c++)
      for (let i = 0; i < inner; i++) {
        const values: number[] = [];
        for (let l = c * chunk; l < Math.min((c + 1) * chunk, length); l++)
          values.push(data[(o * length + l) * inner + i]);
        result[(o * chunks + c) * inner + i] = reductions[kind](values);
      }
  return result;
}

function over(kind: Kind, x: Tensor, axes: readonly number[], keep: boolean): Tensor {
  let result = x;
  for (const axis of [...axes].sort((a, b) => b - a)) {
    if (result.shape[axis] !== 1) result = apply(reduceRule, [result], { kind, axis });
  }
  return keep ? result : withoutAxes(result, axes);
}

const withoutAxes = (x: Tensor, axes: readonly number[]): Tensor =>
  reshape(
    x,
    x.shape.filter((_, axis) => !axes.includes(axis)),
  );

const allAxes = (x: Tensor): number[] => x.shape.map((_, axis) => axis);

/** The sum over `axes` (all of them by default); the axes disappear unless `keep`. */
export const sum = (x: Tensor, axes = allAxes(x), keep = false): Tensor => over('sum', x, axes, keep);

/** The maximum over `axes`; NaN where any entry is. */
export const max = (x: Tensor, axes = allAxes(x), keep = false): Tensor => over('max', x, axes, keep);

/** ln of the sum of exponentials over `axes`, in nats, without overflow. */
export const logSumExp = (x: Tensor, axes = allAxes(x), keep = false): Tensor => over('logSumExp', x, axes, keep);

/** The mean over `axes`. */
export function mean(x: Tensor, axes = allAxes(x), keep = false): Tensor {
  const longer = axes.filter((axis) => x.shape[axis] > 1);
  if (longer.length === 0) return sum(x, axes, keep);
  const count = longer.reduce((product, axis) => product * x.shape[axis], 1);
  // The outermost axis is taken last: there the sum of all is divided.
  const [last, ...first] = longer.sort((a, b) => a - b);
  const total = apply(reduceRule, [over('sum', x, first, true)], { kind: 'sum', axis: last, scale: 1 / count });
  return keep ? total : withoutAxes(total, axes);
}

/** Undoes a broadcast: sums over the axes along which `shape` was stretched. What a broadcast's gradient does. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const shift = x.shape.length - shape.length;
  const axes = allAxes(x).filter((axis) => axis < shift || (shape[axis - shift] === 1 && x.shape[axis] !== 1));
  return reshape(sum(x, axes, true), shape);
}
