// Whole numbers as floats, such as the step counter in a schedule.

import castKernel from '../../shaders/cast.wgsl';
import { call } from '../graph/cpuPlan';
import { input, output, perThread } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';

export const toFloatRule = /* @__PURE__ */ defineOp<null>({
  name: 'toFloat',
  operands: 'u32',
  infer: ([x]) => ({ shape: x.shape, dtype: 'f32' }),
  kernels([x], _output, _options, tuning) {
    const vectors = Math.ceil(sizeOf(x.shape) / 4);
    return perThread(tuning, { kernel: castKernel, sizes: [], slots: [input(0), output], threads: vectors });
  },
  cpu: ([x]) => call('cast', [input(0), output], sizeOf(x.shape)),
  gradient: { reason: 'whole numbers have no derivative' },
  reference([x], result) {
    for (const [i, value] of x.data.entries()) result.data[i] = Math.fround(value);
  },
});

/** A u32 tensor as f32; beyond 2^24 rounded to the nearest float. */
export const toFloat = (x: Tensor): Tensor => apply(toFloatRule, [x], null);
