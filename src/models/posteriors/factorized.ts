// `factorized`: N(mean, diag(sigma^2)), the posterior of the ordinary VAE (Kingma & Welling 2014). `constantCholesky` has
// the factor L of a full posterior, but one for all examples: correlated noise for K (K - 1) / 2 numbers more.

import { boundGaussian, broadcastTo, concat, constant, packedWidth, reshape } from '../../engine';
import { columns, packedGaussian } from './choleskyFactor';
import { type GaussianPosterior, headFor, LOG_DEVIATION_BOUNDS, packedOwners } from './posterior';

/** N(mean, diag(sigma^2)), the posterior of the ordinary VAE (Kingma & Welling 2014). */
export function factorized(latents: number, replicas: number): GaussianPosterior {
  const width = packedWidth(latents, false);
  const headWidth = headFor(width);
  const coupling = constant(new Float32Array(replicas));
  return {
    ...packedGaussian(latents, false),
    name: 'factorized',
    headWidth,
    owners: packedOwners(latents, headWidth, false),
    drawn: headWidth,
    parameters: [],
    bound: (head) => boundGaussian(head, coupling, { dimensions: latents, width, bounds: LOG_DEVIATION_BOUNDS }),
  };
}

/** N(mean, L L') with one trained L for all examples: posteriors of `replicas` models. */
export function constantCholesky(latents: number, replicas: number): GaussianPosterior {
  const width = packedWidth(latents, true);
  const headWidth = headFor(latents);
  const coupling = constant(new Float32Array(replicas).fill(1));
  return {
    ...packedGaussian(latents, true),
    name: 'constantCholesky',
    headWidth,
    owners: Array.from({ length: headWidth }, (_, i) => (i < latents ? i : undefined)),
    drawn: headWidth,
    parameters: [{ name: 'posterior.factor', shape: [width - latents], deviation: 0 }],
    bound(head, [own]) {
      const [count, rows] = head.shape;
      const shared = broadcastTo(reshape(own, [count, 1, width - latents]), [count, rows, width - latents]);
      const raw = concat([columns(head, 0, latents), shared], 2);
      return boundGaussian(raw, coupling, { dimensions: latents, width, bounds: LOG_DEVIATION_BOUNDS });
    },
  };
}
