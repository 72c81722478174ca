// beta-TCVAE (Chen et al. 2018): reconstruction + KL + (beta - 1) TC(z), the total correlation of the aggregated posterior
// estimated from the batch. The joint density of a point under another example's posterior is the posterior's own, with its
// factor L; a sum of marginal log densities would be right for a factorized posterior only.
//
// Weights of the other examples' posteriors: `weighted` (MWS, eq. S4) takes all alike. Its 1 / (N M) would add a constant
// (K - 1) ln N, which has no gradient and is left out: with 1 / M latents that are independent of each other are near 0.
// `stratified` (MSS, section C.2 of its supplement) is unbiased for the density: 1 / N for the sample's own example,
// (N - M') / (N M') for one other and 1 / M' for the rest, M' = M - 1.

import {
  add,
  constant,
  log,
  logSumExp,
  mean,
  mul,
  pairwiseLogDensity,
  reshape,
  scalar,
  sub,
  sum,
  type Tensor,
} from '../../engine';
import { refuseUnknown } from '../../engine/options';
import type { Objective, PerReplica } from '../objective';
import { gaussianOf } from '../posteriors/posterior';
import type { Vae } from '../vae';
import { type Dose, type Evidence, evidence, modelPlayer } from './evidence';

/** How a batch stands for the data set: weights of Chen et al. 2018, or stratified. */
export type Sampling = 'weighted' | 'stratified';

/** Log weights [M, M]: row is the sample, column the example whose posterior is asked. */
export function logWeights(sampling: Sampling, batch: number, examples: number): Float32Array {
  const others = batch - 1;
  const weight = (i: number, j: number): number => {
    if (sampling === 'weighted') return 1 / batch;
    if (i === j) return 1 / examples;
    return j === (i + 1) % batch ? (examples - others) / (examples * others) : 1 / others;
  };
  return Float32Array.from({ length: batch * batch }, (_, at) => Math.log(weight(Math.floor(at / batch), at % batch)));
}

/**
 * A surrogate of TC(z) from a batch, [R], nats. It has the gradient that is wanted, and not the value: where posteriors are narrow, a batch
 * covers little of q(z), and latents that are independent at 20 nats of information come out at some 13 nats. What TC(z) is, measures
 * say (runs/measures/information): mean of ln q(z) - sum over k of ln q(z_k).
 */
export function totalCorrelation(
  { posterior: given }: Pick<Vae, 'posterior'>,
  { packed, z }: Pick<Evidence, 'packed' | 'z'>,
  sampling: Sampling,
  examples: number,
): Tensor {
  const posterior = gaussianOf(given, 'betaTcVae');
  const [, batch] = z.shape;
  const weights = constant(logWeights(sampling, batch, examples), [1, batch, batch]);
  const joint = logSumExp(add(posterior.pairwise(packed, z), weights), [2]);
  const logDeviations = mul(log(posterior.variances(packed)), scalar(0.5));
  const marginals = pairwiseLogDensity(z, posterior.means(packed), logDeviations);
  const each = logSumExp(add(marginals, reshape(weights, [1, batch, batch, 1])), [2]);
  return mean(sub(joint, sum(each, [2])), [1]);
}

/**
 * Reconstruction + KL + (beta - 1) TC(z) from the batch (Chen et al. 2018). Throws InputError for weights that are not one for each
 * replica; a posterior must be Gaussian.
 */
export function betaTcVae(options: { readonly beta: PerReplica; readonly sampling?: Sampling } & Dose): Objective<Vae> {
  refuseUnknown<typeof options>('betaTcVae', options, { beta: true, sampling: true, conditionalTc: true });
  const { beta, sampling = 'weighted' } = options;
  const lessOne = typeof beta === 'number' ? beta - 1 : beta.map((each) => each - 1);
  return {
    name: 'betaTcVae',
    step(model, inputs) {
      const found = evidence(model, inputs);
      const tc = totalCorrelation(model, found, sampling, inputs.examples);
      const player = modelPlayer(model, found, options, [
        [found.terms.kl, 1],
        [tc, lessOne],
      ]);
      return { players: [player], terms: { ...found.terms, totalCorrelationSurrogate: tc } };
    },
  };
}
