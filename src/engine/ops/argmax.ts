// Where the largest entry along an axis is.

import argmaxKernel from '../../shaders/argmax.wgsl';
import { input, output, perThread } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { axisOf, sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { layoutOf } from './passes';

export const argmaxRule = /* @__PURE__ */ defineOp<{ readonly axis: number }>({
  name: 'argmax',
  infer: ([x], { axis }) => ({ shape: x.shape.filter((_, i) => i !== axis), dtype: 'u32' }),
  kernels([x], { shape }, { axis }, tuning) {
    const { length, inner } = layoutOf(x.shape, axis);
    const slots = [input(0), output];
    const operations = 40 * length;
    return perThread(tuning, {
      kernel: argmaxKernel,
      sizes: [length, inner],
      slots,
      threads: sizeOf(shape),
      operations,
    });
  },
  gradient: { reason: 'indices are whole numbers' },
  reference([x], result, { axis }) {
    const { length, inner } = layoutOf(x.shape, axis);
    for (let at = 0; at < result.data.length; at++) {
      const first = Math.floor(at / inner) * length * inner + (at % inner);
      let best = 0;
      for (let i = 1; i < length; i++) {
        const [largest, value] = [x.data[first + best * inner], x.data[first + i * inner]];
        if (!Number.isNaN(largest) && (largest < value || Number.isNaN(value))) best = i;
      }
      result.data[at] = best;
    }
  },
});

/**
 * The index of the largest entry along `axis` (the last by default; negative ones count from the end), the first of several, or
 * the first NaN: u32, without that axis. Throws ShapeError where there is no such axis.
 */
export const argmax = (x: Tensor, axis = -1): Tensor =>
  apply(argmaxRule, [x], { axis: axisOf('argmax', x.shape, axis) });
