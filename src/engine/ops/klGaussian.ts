// KL(N(mean, L L') || N(0, I)) of packed Gaussians, diagonal or full, in closed form (Kingma & Welling 2019):
// (|mean|^2 + |L|^2 - K)/2 - sum of log L_ii, in nats.

import klGaussianKernel from '../../shaders/kl_gaussian.wgsl';
import klGaussianGradientKernel from '../../shaders/kl_gaussian_gradient.wgsl';
import klGaussianRowsKernel from '../../shaders/kl_gaussian_rows.wgsl';
import { input, output } from '../graph/dispatch';
import { apply, defineOp, type Rule } from '../graph/rule';
import { checkUpstream } from '../graph/shape';
import { constant, reshape, scalar, type Tensor } from '../graph/tensor';
import { expF } from '../numeric';
import { mul } from './binary';
import { checkPacked } from './packedGaussian';
import { perEntry, perRow, perRowOfLanes, rowsOnCpu } from './rowwise';
import { broadcastTo, sum } from './sum';
import { exp } from './unary';

interface Options {
  readonly dimensions: number;
}

const f = Math.fround;

export const klGaussianRule = /* @__PURE__ */ defineOp<Options>({
  name: 'klGaussian',
  infer([packed], { dimensions }) {
    checkPacked('klGaussian', packed.shape, dimensions);
    return { shape: packed.shape.slice(0, 2), dtype: 'f32' };
  },
  kernels: ([packed], _output, { dimensions }, tuning) =>
    tuning.software
      ? perRow(klGaussianKernel, packed, dimensions, tuning)
      : perRowOfLanes(klGaussianRowsKernel, packed, dimensions, tuning),
  cpu: ([packed], _output, { dimensions }) => rowsOnCpu('kl_gaussian', [input(0), output], packed, dimensions),
  gradient: ({ inputs: [packed], options }, upstream) => [
    () => apply(klGaussianGradientRule, [packed, upstream], options),
  ],
  reference([packed], result, { dimensions }) {
    const [, , width] = packed.shape;
    for (let row = 0; row < result.data.length; row++) {
      const entry = (column: number) => packed.data[row * width + column];
      let total = 0;
      for (let i = 0; i < dimensions; i++) {
        const logDeviation = entry(dimensions + i);
        const deviation = expF(logDeviation);
        const own = f(f(f(deviation * deviation) - 1) - f(2 * logDeviation));
        total = f(total + f(f(entry(i) * entry(i)) + own));
      }
      for (let c = 2 * dimensions; c < width; c++) total = f(total + f(entry(c) * entry(c)));
      result.data[row] = 0.5 * total;
    }
  },
});

export const klGaussianGradientRule: Rule<Options> = /* @__PURE__ */ defineOp({
  name: 'klGaussianGradient',
  infer([packed, upstream, before = packed], { dimensions }) {
    checkPacked('klGaussianGradient', packed.shape, dimensions);
    checkUpstream('klGaussianGradient', upstream.shape, packed.shape.slice(0, 2));
    checkUpstream('klGaussianGradient', before.shape, packed.shape);
    return packed;
  },
  kernels: ([packed, , before], _output, { dimensions }, tuning) =>
    perEntry(klGaussianGradientKernel, packed, dimensions, before !== undefined, tuning),
  cpu([packed, , before], _output, { dimensions }) {
    const added = before !== undefined;
    const slots = [input(0), input(1), input(added ? 2 : 0), output];
    return rowsOnCpu('kl_gaussian_gradient', slots, packed, dimensions, Number(added));
  },
  addedTo: ({ inputs, options }, before) =>
    inputs.length === 2 ? apply(klGaussianGradientRule, [...inputs, before], options) : undefined,
  gradient({ inputs: [packed, upstream], options }, second) {
    const width = packed.shape[2];
    const ones = broadcastTo(scalar(1), upstream.shape);
    // The slope of the slope: 2 e^(2l) for a log standard deviation, 1 for every other entry.
    const isDeviation = Float32Array.from({ length: width }, (_, c) =>
      Number(Math.floor(c / options.dimensions) === 1),
    );
    const growth = exp(mul(packed, constant(isDeviation.map((is) => 2 * is))));
    const curvature = mul(growth, constant(isDeviation.map((is) => 1 + is)));
    return [
      () => mul(mul(second, reshape(upstream, [...upstream.shape, 1])), curvature),
      () => sum(mul(second, apply(klGaussianGradientRule, [packed, ones], options)), [2]),
      () => second,
    ];
  },
  reference([packed, upstream, before], result, { dimensions }) {
    const [, , width] = packed.shape;
    for (let at = 0; at < result.data.length; at++) {
      const column = at % width;
      const x = packed.data[at];
      const isDeviation = column >= dimensions && column < 2 * dimensions;
      const slope = isDeviation ? f(f(expF(x) * expF(x)) - 1) : x;
      const own = f(upstream.data[Math.floor(at / width)] * slope);
      result.data[at] = before === undefined ? own : f(before.data[at] + own);
    }
  },
});

/** KL to the standard normal of each packed Gaussian: [R, rows, width] gives [R, rows], in nats. */
export const klToStandardNormal = (packed: Tensor, dimensions: number): Tensor =>
  apply(klGaussianRule, [packed], { dimensions });
