// Total correlation of packed Gaussians in closed form: sum over i of log(Sigma_ii)/2 - log L_ii, in nats; 0 for a
// diagonal Gaussian. Computed as log1p(sum_j<i L_ij^2 / L_ii^2)/2, which does not cancel when it is small.

import gaussianTotalCorrelationKernel from '../../shaders/gaussian_total_correlation.wgsl';
import gaussianTotalCorrelationGradientKernel from '../../shaders/gaussian_total_correlation_gradient.wgsl';
import { input, output } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { checkUpstream } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { expF, log1pF } from '../numeric';
import { checkPacked, lowerAt, lowerCount, lowerEntry } from './packedGaussian';
import { perDimension, perRow, rowsOnCpu } from './rowwise';

interface Options {
  readonly dimensions: number;
}

const f = Math.fround;

export const gaussianTotalCorrelationRule = /* @__PURE__ */ defineOp<Options>({
  name: 'gaussianTotalCorrelation',
  infer([packed], { dimensions }) {
    checkPacked('gaussianTotalCorrelation', packed.shape, dimensions);
    return { shape: packed.shape.slice(0, 2), dtype: 'f32' };
  },
  kernels: ([packed], _output, { dimensions }, tuning) =>
    perRow(gaussianTotalCorrelationKernel, packed, dimensions, tuning),
  cpu: ([packed], _output, { dimensions }) =>
    rowsOnCpu('gaussian_total_correlation', [input(0), output], packed, dimensions),
  gradient: ({ inputs: [packed], options }, upstream) => [
    () => apply(gaussianTotalCorrelationGradientRule, [packed, upstream], options),
  ],
  reference([packed], result, { dimensions }) {
    const [, , width] = packed.shape;
    for (let row = 0; row < result.data.length; row++) {
      const entry = (column: number) => packed.data[row * width + column];
      let total = 0;
      for (let i = 0; i < dimensions; i++) {
        const ratio = f(below(entry, i, dimensions, width) * expF(f(-2 * entry(dimensions + i))));
        total = f(total + f(0.5 * log1pF(ratio)));
      }
      result.data[row] = total;
    }
  },
});

export const gaussianTotalCorrelationGradientRule = /* @__PURE__ */ defineOp<Options>({
  name: 'gaussianTotalCorrelationGradient',
  infer([packed, upstream], { dimensions }) {
    checkPacked('gaussianTotalCorrelationGradient', packed.shape, dimensions);
    checkUpstream('gaussianTotalCorrelationGradient', upstream.shape, packed.shape.slice(0, 2));
    return packed;
  },
  kernels: ([packed], _output, { dimensions }, tuning) =>
    perDimension(gaussianTotalCorrelationGradientKernel, packed, dimensions, tuning),
  cpu: ([packed], _output, { dimensions }) =>
    rowsOnCpu('gaussian_total_correlation_gradient', [input(0), input(1), output], packed, dimensions),
  gradient: { reason: 'second derivatives of the total correlation are not implemented' },
  reference([packed, upstream], result, { dimensions }) {
    const [, , width] = packed.shape;
    for (let at = 0; at < result.data.length; at++) {
      const column = at % width;
      const entry = (c: number) => packed.data[at - column + c];
      if (column < dimensions) {
        result.data[at] = 0;
        continue;
      }
      const isDeviation = column < 2 * dimensions;
      const i = isDeviation ? column - dimensions : lowerEntry(column, dimensions)[0];
      const under = below(entry, i, dimensions, width);
      const deviation = expF(entry(dimensions + i));
      const variance = f(f(deviation * deviation) + under);
      const slope = f((isDeviation ? -under : entry(column)) / variance);
      result.data[at] = upstream.data[Math.floor(at / width)] * slope;
    }
  },
});

function below(entry: (column: number) => number, i: number, dimensions: number, width: number): number {
  let total = 0;
  for (let j = 0; j < lowerCount(i, dimensions, width); j++) {
    const value = entry(lowerAt(i, j, dimensions));
    total = f(total + f(value * value));
  }
  return total;
}

/** Total correlation of each packed Gaussian: [R, rows, width] gives [R, rows], in nats. */
export const totalCorrelationOf = (packed: Tensor, dimensions: number): Tensor =>
  apply(gaussianTotalCorrelationRule, [packed], { dimensions });
