// Negative log-likelihood of Bernoulli pixels from logits: sum over a row of softplus(l) - x l, in nats. From logits, so no
// probability is ever rounded to 0 or 1.

import bernoulliNllKernel from '../../shaders/bernoulli_nll.wgsl';
import bernoulliNllGradientKernel from '../../shaders/bernoulli_nll_gradient.wgsl';
import bernoulliNllRowsKernel from '../../shaders/bernoulli_nll_rows.wgsl';
import { ShapeError } from '../errors';
import { call } from '../graph/cpuPlan';
import { input, output, perThread, rowDispatches } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { checkUpstream, sameShape, sizeOf } from '../graph/shape';
import { reshape, type Tensor } from '../graph/tensor';
import { sigmoidF, softplusF } from '../numeric';
import { mul, sub } from './binary';
import { broadcastTo, sum } from './sum';
import { neg, sigmoid } from './unary';

const f = Math.fround;

export const bernoulliNllRule = /* @__PURE__ */ defineOp<null>({
  name: 'bernoulliNll',
  infer([logits, targets]) {
    if (!sameShape(logits.shape, targets.shape) || logits.shape.length < 1) {
      throw new ShapeError('bernoulliNll', 'logits and targets must have one shape', [logits.shape, targets.shape]);
    }
    return { shape: logits.shape.slice(0, -1), dtype: 'f32' };
  },
  kernels([logits], { shape }, _options, tuning) {
    const rows = sizeOf(shape);
    const width = logits.shape[logits.shape.length - 1];
    const work = { sizes: [width], slots: [input(0), input(1), output], operations: 60 * width };
    if (!tuning.software)
      return { dispatches: rowDispatches(tuning, { ...work, kernel: bernoulliNllRowsKernel, rows }) };
    // Few threads a workgroup, so that a batch of 64 rows keeps all cores busy.
    return perThread(tuning, { ...work, kernel: bernoulliNllKernel, threads: rows, group: 16 });
  },
  cpu: ([logits], { shape }) =>
    call('bernoulli_nll', [input(0), input(1), output], sizeOf(shape), logits.shape[logits.shape.length - 1]),
  gradient: ({ inputs: [logits, targets] }, upstream) => [
    () => apply(bernoulliNllGradientRule, [logits, targets, upstream], null),
    () => neg(mul(logits, broadcastTo(reshape(upstream, [...upstream.shape, 1]), logits.shape))),
  ],
  reference([logits, targets], result) {
    const width = logits.shape[logits.shape.length - 1];
    for (let row = 0; row < result.data.length; row++) {
      // Four running sums, by position in the whole tensor, as the kernel keeps them.
      const total = [0, 0, 0, 0];
      for (let i = row * width; i < (row + 1) * width; i++) {
        total[i % 4] = f(total[i % 4] + f(softplusF(logits.data[i]) - f(targets.data[i] * logits.data[i])));
      }
      result.data[row] = f(total[0] + total[1]) + f(total[2] + total[3]);
    }
  },
});

export const bernoulliNllGradientRule = /* @__PURE__ */ defineOp<null>({
  name: 'bernoulliNllGradient',
  infer([logits, targets, upstream]) {
    checkUpstream('bernoulliNllGradient', targets.shape, logits.shape);
    checkUpstream('bernoulliNllGradient', upstream.shape, logits.shape.slice(0, -1));
    return logits;
  },
  kernels([logits], _output, _options, tuning) {
    const width = logits.shape[logits.shape.length - 1];
    const count = sizeOf(logits.shape);
    const vectors = Math.ceil(count / 4);
    const slots = [input(0), input(1), input(2), output];
    const sizes = [count / width, width];
    return perThread(tuning, { kernel: bernoulliNllGradientKernel, sizes, slots, threads: vectors, operations: 300 });
  },
  cpu([logits]) {
    const width = logits.shape[logits.shape.length - 1];
    return call('bernoulli_nll_gradient', [input(0), input(1), input(2), output], sizeOf(logits.shape) / width, width);
  },
  gradient({ inputs: [logits, targets, upstream] }, second) {
    const rows = (each: Tensor) => reshape(each, [...each.shape, 1]);
    return [
      () => mul(mul(second, rows(upstream)), mul(sigmoid(logits), sigmoid(neg(logits)))),
      () => neg(mul(second, rows(upstream))),
      () => sum(mul(second, sub(sigmoid(logits), targets)), [logits.shape.length - 1]),
    ];
  },
  reference([logits, targets, upstream], result) {
    const width = logits.shape[logits.shape.length - 1];
    for (let i = 0; i < result.data.length; i++) {
      result.data[i] = upstream.data[Math.floor(i / width)] * f(sigmoidF(logits.data[i]) - targets.data[i]);
    }
  },
});

/** Nats of each row: logits and targets [..., width], targets in 0 ... 1, give [...]. */
export const bernoulliNegativeLogLikelihood = (logits: Tensor, targets: Tensor): Tensor =>
  apply(bernoulliNllRule, [logits, targets], null);
