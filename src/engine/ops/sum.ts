// Sums over axes, and stretching along them: adjoint, so each is the other's gradient. Several axes are summed one at a time,
// outermost last.

import reduceKernel from '../../shaders/reduce.wgsl';
import reduceRowsKernel from '../../shaders/reduce_rows.wgsl';
import { ShapeError } from '../errors';
import { checkWalk, copying } from '../graph/copy';
import { input, output } from '../graph/dispatch';
import { apply, defineOp, type Rule } from '../graph/rule';
import { axisOf, broadcastShape, broadcastStrides, offsetsOf, type Shape, sameShape, stridesOf } from '../graph/shape';
import { reshape, type Tensor } from '../graph/tensor';
import { layoutOf, reduceInPasses, reductionCalls, reductionPlan, withoutAxis } from './passes';

const f = Math.fround;

/** The kernels of sums, maxima and minima. */
export const reduceKernels = { kernel: reduceKernel, rows: reduceRowsKernel, vectors: true };

interface SumOptions {
  readonly axis: number;
  /** What the sum is multiplied by at the end; 1 by default. */
  readonly scale?: number;
}

export const sumRule: Rule<SumOptions> = /* @__PURE__ */ defineOp({
  name: 'sum',
  infer: ([x], { axis }) => ({ shape: withoutAxis(x.shape, axis), dtype: 'f32' }),
  kernels: ([x], _output, { axis, scale }, tuning) =>
    reductionPlan(layoutOf(x.shape, axis), { ...reduceKernels, constants: { SUM: 1 }, scale }, tuning),
  cpu: ([x], _output, { axis, scale }) => reductionCalls('reduce_sum', layoutOf(x.shape, axis), scale),
  gradient: ({ inputs: [x], options: { axis, scale = 1 } }, upstream) => [
    // A sum of one entry, scaled: what multiplying by the scale is.
    () => broadcastTo(scale === 1 ? upstream : apply(sumRule, [upstream], { axis, scale }), x.shape),
  ],
  reference([x], result, { axis, scale }) {
    const inOrder = (values: Float64Array) => {
      let total = values[0];
      for (let i = 1; i < values.length; i++) total = f(total + values[i]);
      return total;
    };
    reduceInPasses(x.data, result.data, layoutOf(x.shape, axis), inOrder, scale);
  },
});

export const broadcastToRule = /* @__PURE__ */ defineOp<{ readonly shape: Shape }>({
  name: 'broadcastTo',
  operands: 'any',
  infer([x], { shape }) {
    const joint = broadcastShape(x.shape, shape);
    if (joint === undefined || !sameShape(joint, shape)) {
      throw new ShapeError('broadcastTo', 'the shape does not stretch to the other', [x.shape, shape]);
    }
    checkWalk('broadcastTo', shape, [broadcastStrides(x.shape, shape), stridesOf(shape)]);
    return { shape, dtype: x.dtype };
  },
  ...copying<{ readonly shape: Shape }>('broadcastTo', ([x], { shape }) => [
    { from: input(0), to: output, shape, strides: broadcastStrides(x.shape, shape) },
  ]),
  gradient: ({ inputs: [x] }, upstream) => [() => sumTo(upstream, x.shape)],
  reference([x], result) {
    for (const [i, at] of offsetsOf(result.shape, broadcastStrides(x.shape, result.shape)).entries())
      result.data[i] = x.data[at];
  },
});

/** `x` stretched to `shape`; `x` itself where nothing changes. Throws ShapeError where it does not fit. */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : apply(broadcastToRule, [x], { shape });

/** The axes a reduction goes over, from the front; all of them by default. Throws ShapeError where there is none such. */
export function axesOf(op: string, x: Tensor, axes: readonly number[] | undefined): number[] {
  if (axes === undefined) return x.shape.map((_, axis) => axis);
  const found = axes.map((axis) => axisOf(op, x.shape, axis));
  if (new Set(found).size < found.length)
    throw new ShapeError(op, `axes [${axes.join(', ')}] name one twice`, [x.shape]);
  return found;
}

/** `step` over each of `axes`, the innermost first; the axes disappear unless `keep`. */
export function overAxes(
  x: Tensor,
  axes: readonly number[],
  keep: boolean,
  step: (x: Tensor, axis: number) => Tensor,
): Tensor {
  let result = x;
  for (const axis of [...axes].sort((a, b) => b - a)) if (result.shape[axis] !== 1) result = step(result, axis);
  const rest = result.shape.filter((_, axis) => !axes.includes(axis));
  return keep ? result : reshape(result, rest);
}

/** The sum over `axes` (all of them by default; negative ones count from the end); the axes disappear unless `keep`. */
export const sum = (x: Tensor, axes?: readonly number[], keep = false): Tensor =>
  overAxes(x, axesOf('sum', x, axes), keep, (part, axis) => apply(sumRule, [part], { axis }));

/** The mean over `axes`, as `sum`. */
export function mean(x: Tensor, axes?: readonly number[], keep = false): Tensor {
  const all = axesOf('mean', x, axes);
  const longer = all.filter((axis) => x.shape[axis] > 1);
  const count = longer.reduce((product, axis) => product * x.shape[axis], 1);
  // The outermost axis is taken last: there the sum of all is divided.
  const last = Math.min(...longer);
  return overAxes(x, all, keep, (part, axis) =>
    apply(sumRule, [part], axis === last ? { axis, scale: 1 / count } : { axis }),
  );
}

/** Undoes a broadcast: sums over the axes along which `shape` was stretched. What a broadcast's gradient does. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const shift = x.shape.length - shape.length;
  const stretched = (axis: number) => axis < shift || (shape[axis - shift] === 1 && x.shape[axis] !== 1);
  const axes = x.shape.map((_, axis) => axis).filter(stretched);
  return reshape(sum(x, axes, true), shape);
}
