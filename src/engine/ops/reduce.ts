// Largest and smallest entries over axes, and ln of the sum of exponentials. The passes over an axis are those of `sum`.

import logSumExpKernel from '../../shaders/log_sum_exp.wgsl';
import logSumExpRowsKernel from '../../shaders/log_sum_exp_rows.wgsl';
import reduceKernel from '../../shaders/reduce.wgsl';
import reduceRowsKernel from '../../shaders/reduce_rows.wgsl';
import { apply, defineOp } from '../graph/rule';
import type { Tensor } from '../graph/tensor';
import { expF, logF } from '../numeric';
import { mul, sub, whereNotPositive } from './binary';
import { layoutOf, reduceInPasses, reductionPlan, withoutAxis } from './passes';
import { axesOf, broadcastTo, overAxes } from './sum';
import { exp } from './unary';

const f = Math.fround;

const kernels = { kernel: reduceKernel, rows: reduceRowsKernel, vectors: true };

interface Options {
  readonly axis: number;
}

/** The largest, NaN where any is. */
function largestOf(values: Float64Array): number {
  let largest = values[0];
  for (const value of values) if (largest < value || Number.isNaN(value)) largest = value;
  return largest;
}

export const maxRule = /* @__PURE__ */ defineOp<Options>({
  name: 'max',
  infer: ([x], { axis }) => ({ shape: withoutAxis(x.shape, axis), dtype: 'f32' }),
  kernels: ([x], _output, { axis }, tuning) =>
    reductionPlan(layoutOf(x.shape, axis), { ...kernels, constants: { MAX: 1 } }, tuning),
  // Every entry that reaches the maximum receives the gradient.
  gradient: ({ inputs: [x], output: y }, upstream) => [
    () => whereNotPositive(broadcastTo(upstream, x.shape), sub(broadcastTo(y, x.shape), x)),
  ],
  reference: ([x], result, { axis }) => reduceInPasses(x.data, result.data, layoutOf(x.shape, axis), largestOf),
});

export const minRule = /* @__PURE__ */ defineOp<Options>({
  name: 'min',
  infer: ([x], { axis }) => ({ shape: withoutAxis(x.shape, axis), dtype: 'f32' }),
  kernels: ([x], _output, { axis }, tuning) =>
    reductionPlan(layoutOf(x.shape, axis), { ...kernels, constants: { MIN: 1 } }, tuning),
  gradient: ({ inputs: [x], output: y }, upstream) => [
    () => whereNotPositive(broadcastTo(upstream, x.shape), sub(x, broadcastTo(y, x.shape))),
  ],
  reference([x], result, { axis }) {
    const smallestOf = (values: Float64Array) => {
      let smallest = values[0];
      for (const value of values) if (smallest > value || Number.isNaN(value)) smallest = value;
      return smallest;
    };
    reduceInPasses(x.data, result.data, layoutOf(x.shape, axis), smallestOf);
  },
});

export const logSumExpRule = /* @__PURE__ */ defineOp<Options>({
  name: 'logSumExp',
  infer: ([x], { axis }) => ({ shape: withoutAxis(x.shape, axis), dtype: 'f32' }),
  kernels: ([x], _output, { axis }, tuning) =>
    reductionPlan(
      layoutOf(x.shape, axis),
      { kernel: logSumExpKernel, rows: logSumExpRowsKernel, vectors: false },
      tuning,
    ),
  gradient: ({ inputs: [x], output: y }, upstream) => [
    () => mul(broadcastTo(upstream, x.shape), exp(sub(x, broadcastTo(y, x.shape)))),
  ],
  reference([x], result, { axis }) {
    const ofValues = (values: Float64Array) => {
      const largest = largestOf(values);
      // Where the largest is infinite or NaN there is nothing to shift by: the plain formula gives the right answer.
      const shift = Number.isFinite(largest) ? largest : 0;
      let total = 0;
      for (const value of values) total = f(total + expF(f(value - shift)));
      return f(logF(total) + shift);
    };
    reduceInPasses(x.data, result.data, layoutOf(x.shape, axis), ofValues);
  },
});

/** The maximum over `axes` (all of them by default; negative ones count from the end); NaN where any entry is. */
export const max = (x: Tensor, axes?: readonly number[], keep = false): Tensor =>
  overAxes(x, axesOf('max', x, axes), keep, (part, axis) => apply(maxRule, [part], { axis }));

/** The minimum over `axes`, as `max`. */
export const min = (x: Tensor, axes?: readonly number[], keep = false): Tensor =>
  overAxes(x, axesOf('min', x, axes), keep, (part, axis) => apply(minRule, [part], { axis }));

/** ln of the sum of exponentials over `axes`, in nats, without overflow. */
export const logSumExp = (x: Tensor, axes?: readonly number[], keep = false): Tensor =>
  overAxes(x, axesOf('logSumExp', x, axes), keep, (part, axis) => apply(logSumExpRule, [part], { axis }));
