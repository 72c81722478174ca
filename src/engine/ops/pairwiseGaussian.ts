// Log densities of every sample under every Gaussian of a batch, dimension by dimension: what minibatch estimates of
// aggregated densities are made of (Chen et al. 2018, eq. S4). Summed over dimensions they are joint densities of
// diagonal Gaussians.

import pairwiseGaussianKernel from '../../shaders/pairwise_gaussian.wgsl';
import { ShapeError } from '../errors';
import { call } from '../graph/cpuPlan';
import { input, output, perThread, scratch } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { sameShape, sizeOf } from '../graph/shape';
import { reshape, scalar, type Tensor } from '../graph/tensor';
import { expF } from '../numeric';
import { mul, sub } from './binary';
import { sum } from './sum';
import { exp, neg } from './unary';

const f = Math.fround;
const HALF_LOG_TAU = f(0.5 * Math.log(2 * Math.PI));

export const pairwiseGaussianRule = /* @__PURE__ */ defineOp<null>({
  name: 'pairwiseGaussian',
  infer([z, mean, logDeviation]) {
    const shapes = [z.shape, mean.shape, logDeviation.shape];
    const fits = z.shape.length === 3 && mean.shape.length === 3 && z.shape[0] === mean.shape[0];
    if (!fits || z.shape[2] !== mean.shape[2] || !sameShape(mean.shape, logDeviation.shape)) {
      throw new ShapeError('pairwiseGaussian', 'takes [R, samples, K], [R, components, K], [R, components, K]', shapes);
    }
    const [replicas, samples, dimensions] = z.shape;
    return { shape: [replicas, samples, mean.shape[1], dimensions], dtype: 'f32' };
  },
  kernels([z, mean], { shape }, _options, tuning) {
    const sizes = [z.shape[1], mean.shape[1], z.shape[2]];
    const slots = [input(0), input(1), input(2), output];
    return perThread(tuning, { kernel: pairwiseGaussianKernel, sizes, slots, threads: sizeOf(shape) });
  },
  cpu: (_inputs, { shape }) => ({
    ...call('pairwise_gaussian', [input(0), input(1), input(2), output, scratch(0)], ...shape),
    scratch: [16 * Math.ceil((shape[2] * shape[3]) / 4)],
  }),
  gradient({ inputs: [z, mean, logDeviation] }, upstream) {
    const [replicas, samples, dimensions] = z.shape;
    const ofComponent = (x: Tensor) => reshape(x, [replicas, 1, mean.shape[1], dimensions]);
    const precision = exp(neg(ofComponent(logDeviation)));
    const standardised = mul(sub(reshape(z, [replicas, samples, 1, dimensions]), ofComponent(mean)), precision);
    const pull = mul(upstream, mul(standardised, precision));
    return [
      () => neg(sum(pull, [2])),
      () => sum(pull, [1]),
      () => sum(mul(upstream, sub(mul(standardised, standardised), scalar(1))), [1]),
    ];
  },
  reference([z, mean, logDeviation], result) {
    const [, samples, dimensions] = z.shape;
    const components = mean.shape[1];
    for (let at = 0; at < result.data.length; at++) {
      const k = at % dimensions;
      const component = Math.floor(at / dimensions) % components;
      const sample = Math.floor(at / dimensions / components);
      const own = (Math.floor(sample / samples) * components + component) * dimensions + k;
      const t = f(f(z.data[sample * dimensions + k] - mean.data[own]) * expF(-logDeviation.data[own]));
      result.data[at] = f(f(f(-0.5 * f(t * t)) - logDeviation.data[own]) - HALF_LOG_TAU);
    }
  },
});

/**
 * ln N(z_i,k; mean_j,k, deviation_j,k) in nats: z [R, samples, K], means and log standard deviations [R, components, K] give
 * [R, samples, components, K].
 */
export const pairwiseLogDensity = (z: Tensor, mean: Tensor, logDeviation: Tensor): Tensor =>
  apply(pairwiseGaussianRule, [z, mean, logDeviation], null);
