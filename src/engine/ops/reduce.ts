// Largest and smallest entries over axes, and ln of the sum of exponentials. The passes over an axis are those of `sum`.

import logSumExpKernel from '../../shaders/log_sum_exp.wgsl';
import logSumExpRowsKernel from '../../shaders/log_sum_exp_rows.wgsl';
import { constantOf } from '../graph/dispatch';
import { apply, defineOp, type Rule } from '../graph/rule';
import type { Tensor } from '../graph/tensor';
import { expF, logF } from '../numeric';
import { mul, sub, whereNotPositive } from './binary';
import { layoutOf, reduceInPasses, reductionCalls, reductionPlan, withoutAxis } from './passes';
import { axesOf, broadcastTo, overAxes, reduceKernels } from './sum';
import { exp } from './unary';

const f = Math.fround;

interface Options {
  readonly axis: number;
}

/** The entry that no other is beyond, NaN where any is. */
function extremeOf(values: Float64Array, isBeyond: (value: number, found: number) => boolean): number {
  let found = values[0];
  for (const value of values) if (isBeyond(value, found) || Number.isNaN(value)) found = value;
  return found;
}

const isLarger = (value: number, found: number): boolean => value > found;
const isSmaller = (value: number, found: number): boolean => value < found;

/** `away` is how far an entry is from the extreme: 0 for those that reach it, which all receive the gradient. */
const extremeRule = (
  name: 'max' | 'min',
  isBeyond: (value: number, found: number) => boolean,
  away: (extreme: Tensor, x: Tensor) => Tensor,
): Rule<Options> =>
  defineOp({
    name,
    infer: ([x], { axis }) => ({ shape: withoutAxis(x.shape, axis), dtype: 'f32' }),
    kernels: ([x], _output, { axis }, tuning) =>
      reductionPlan(layoutOf(x.shape, axis), { ...reduceKernels, constants: constantOf(name) }, tuning),
    cpu: ([x], _output, { axis }) => reductionCalls(`reduce_${name}`, layoutOf(x.shape, axis)),
    gradient: ({ inputs: [x], output: y }, upstream) => [
      () => whereNotPositive(broadcastTo(upstream, x.shape), away(broadcastTo(y, x.shape), x)),
    ],
    reference: ([x], result, { axis }) =>
      reduceInPasses(x.data, result.data, layoutOf(x.shape, axis), (values) => extremeOf(values, isBeyond)),
  });

export const maxRule = /* @__PURE__ */ extremeRule('max', isLarger, (largest, x) => sub(largest, x));

export const minRule = /* @__PURE__ */ extremeRule('min', isSmaller, (smallest, x) => sub(x, smallest));

export const logSumExpRule = /* @__PURE__ */ defineOp<Options>({
  name: 'logSumExp',
  infer: ([x], { axis }) => ({ shape: withoutAxis(x.shape, axis), dtype: 'f32' }),
  kernels: ([x], _output, { axis }, tuning) =>
    reductionPlan(
      layoutOf(x.shape, axis),
      { kernel: logSumExpKernel, rows: logSumExpRowsKernel, vectors: false },
      tuning,
    ),
  cpu: ([x], _output, { axis }) => reductionCalls('log_sum_exp', layoutOf(x.shape, axis)),
  gradient: ({ inputs: [x], output: y }, upstream) => [
    () => mul(broadcastTo(upstream, x.shape), exp(sub(x, broadcastTo(y, x.shape)))),
  ],
  reference([x], result, { axis }) {
    const ofValues = (values: Float64Array) => {
      const largest = extremeOf(values, isLarger);
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
