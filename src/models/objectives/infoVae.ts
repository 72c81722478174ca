// InfoVAE, or MMD-VAE (Zhao et al. 2019): reconstruction + a KL + b MMD(q(z), N(0, I)), with the kernel exp(-|x - y|^2 / K) for K
// latents. Expectations over the prior are in closed form, so no prior draws add noise:
//   E k(z, p) = (1 + 2/K)^(-K/2) exp(-|z|^2 / (K + 2)),   E k(p, p') = (1 + 4/K)^(-K/2);
// pairs of samples are counted without a sample's pair with itself, so the estimate is unbiased and may be negative.

import { add, constant, exp, mean, mul, reshape, scalar, square, sub, sum, type Tensor } from '../../engine';
import { refuseUnknown } from '../../engine/options';
import type { Objective, PerReplica } from '../objective';
import type { Vae } from '../vae';
import { type Dose, evidence, modelPlayer } from './evidence';

/** MMD^2 between samples z [R, rows, K] and N(0, I), [R]. */
export function maximumMeanDiscrepancy(z: Tensor): Tensor {
  const [replicas, rows, latents] = z.shape;
  const apart = sub(reshape(z, [replicas, rows, 1, latents]), reshape(z, [replicas, 1, rows, latents]));
  const kernel = exp(mul(sum(square(apart), [3]), scalar(-1 / latents)));
  const pairs = Float32Array.from({ length: rows * rows }, (_, at) =>
    at % (rows + 1) === 0 ? 0 : 1 / (rows * (rows - 1)),
  );
  const among = sum(mul(kernel, constant(pairs, [1, rows, rows])), [1, 2]);
  const toPrior = mean(exp(mul(sum(square(z), [2]), scalar(-1 / (latents + 2)))), [1]);
  const ofPrior = (1 + 4 / latents) ** (-latents / 2);
  const cross = 2 * (1 + 2 / latents) ** (-latents / 2);
  return add(sub(among, mul(toPrior, scalar(cross))), scalar(ofPrior));
}

/** Reconstruction + kl KL + mmd MMD(q(z), N(0, I)) (Zhao et al. 2019). */
export function infoVae(
  options: { readonly mmd: PerReplica /** Weight of the KL, 0 by default. */; readonly kl?: PerReplica } & Dose,
): Objective<Vae> {
  refuseUnknown<typeof options>('infoVae', options, { mmd: true, kl: true, conditionalTc: true });
  const { mmd, kl = 0 } = options;
  return {
    name: 'infoVae',
    step(model, inputs) {
      const found = evidence(model, inputs);
      const distance = maximumMeanDiscrepancy(found.z);
      const player = modelPlayer(model, found, options, [
        [found.terms.kl, kl],
        [distance, mmd],
      ]);
      return { players: [player], terms: { ...found.terms, mmd: distance } };
    },
  };
}
