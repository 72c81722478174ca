// Running sums along an axis, from either end: each is the other's gradient.

import cumulativeSumKernel from '../../shaders/cumulative_sum.wgsl';
import { input, output, perThread } from '../graph/dispatch';
import { apply, defineOp, type Rule } from '../graph/rule';
import { axisOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { layoutOf } from './passes';

interface Options {
  readonly axis: number;
  /** From the last entry to the first. */
  readonly reverse: boolean;
}

export const cumulativeSumRule: Rule<Options> = /* @__PURE__ */ defineOp({
  name: 'cumulativeSum',
  infer: ([x]) => x,
  kernels([x], _output, { axis, reverse }, tuning) {
    const { outer, length, inner } = layoutOf(x.shape, axis);
    const constants = { REVERSE: Number(reverse) };
    const slots = [input(0), output];
    const [threads, operations] = [outer * inner, 80 * length];
    return perThread(tuning, {
      kernel: cumulativeSumKernel,
      constants,
      sizes: [length, inner],
      slots,
      threads,
      operations,
    });
  },
  gradient: ({ options: { axis, reverse } }, upstream) => [
    () => apply(cumulativeSumRule, [upstream], { axis, reverse: !reverse }),
  ],
  reference([x], result, { axis, reverse }) {
    const { outer, length, inner } = layoutOf(x.shape, axis);
    for (let line = 0; line < outer * inner; line++) {
      const first = Math.floor(line / inner) * length * inner + (line % inner);
      let total = 0;
      for (let i = 0; i < length; i++) {
        const at = first + (reverse ? length - 1 - i : i) * inner;
        total = Math.fround(total + x.data[at]);
        result.data[at] = total;
      }
    }
  },
});

/**
 * y_i = x_0 + ... + x_i along `axis` (the last by default; negative ones count from the end), added in that order. Throws
 * ShapeError where there is no such axis.
 */
export const cumulativeSum = (x: Tensor, axis = -1): Tensor =>
  apply(cumulativeSumRule, [x], { axis: axisOf('cumulativeSum', x.shape, axis), reverse: false });
