// Posteriors q(z|x): what an encoder's head means. Any family can be sampled and knows the density of a point, which is all that the
// evidence lower bound needs. A Gaussian one says more, in closed form: the KL to the prior, marginals, and the total correlation and
// the synergy that a factorized posterior does not have.

import { InputError, type Stream, type Tensor } from '../../engine';
import type { ParameterSpec } from '../parameters';

/** A family q(z|x): what an encoder's numbers mean. Everything is a graph; R replicas, rows examples. */
export interface Posterior {
  readonly name: string;
  readonly latents: number;
  /** Numbers the encoder puts out for one example, a multiple of four; `owners` says which latent each belongs to, if any. */
  readonly headWidth: number;
  readonly owners: readonly (number | undefined)[];
  /** The first columns of the head, whose weights are drawn; those that couple latents come after them and start at 0. */
  readonly drawn: number;
  /** Parameters that do not depend on the example. */
  readonly parameters: readonly ParameterSpec[];
  /** Numbers of a posterior. */
  readonly width: number;
  /** Posteriors [R, rows, width] from the encoder's output [R, rows, headWidth] and the family's own parameters. */
  bound(head: Tensor, own: readonly Tensor[]): Tensor;
  /** One sample [R, rows, latents] of each, keyed by `purpose` of the stream. */
  sample(packed: Tensor, stream: Stream, purpose?: number): Tensor;
  /** KL(q(z|x) || N(0, I)) of each, [R, rows], nats: in closed form, or ln q(z|x) - ln p(z) at the sample `z` [R, rows, latents]. */
  kl(packed: Tensor, z: Tensor): Tensor;
  /** TC(z given x) of each, [R, rows], nats, where it is known; 0 for a factorized posterior. */
  conditionalTc?(packed: Tensor): Tensor;
  /** E z, [R, rows, latents]. */
  means(packed: Tensor): Tensor;
  /** ln q(z_r | x_r) of each row's own point z [R, rows, latents]: [R, rows], nats. */
  logDensity(packed: Tensor, z: Tensor): Tensor;
}

/** A posterior that is normal given x, and what is known of it for that reason. */
export interface GaussianPosterior extends Posterior {
  conditionalTc(packed: Tensor): Tensor;
  /** KL(q(z|x) || N(0, I)) of each, [R, rows], nats: the sample is not looked at. */
  kl(packed: Tensor, z?: Tensor): Tensor;
  /** S_i(x) = I(z_i; z_-i given x) of each, [R, rows, latents], nats: ln(Sigma_ii (Sigma^-1)_ii) / 2. */
  synergy(packed: Tensor): Tensor;
  /** Marginal variances Sigma_ii, [R, rows, latents]. */
  variances(packed: Tensor): Tensor;
  /** [R, rows, latents, latents]. */
  covariances(packed: Tensor): Tensor;
  /** ln q(z_i | x_j) of every point z [R, points, latents] under every posterior [R, rows, width]: [R, points, rows], nats. */
  pairwise(packed: Tensor, z: Tensor): Tensor;
  /** Mean, log deviations and the strictly lower rows of the Cholesky factor, [2K + K(K-1)/2], of one posterior's numbers. */
  cholesky(packed: ArrayLike<number>, replica: number): Float64Array;
}

/** Bounds of log sigma: e^-7 keeps KL finite, e^3 is far beyond the prior's width. */
export const LOG_DEVIATION_BOUNDS = [-7, 3] as const;

/** A head as wide as needed, made a multiple of four, which products are fast at. */
export const headFor = (width: number): number => 4 * Math.ceil(width / 4);

/** The latents that the columns of a head [means, log deviations, rows of L] belong to; row i belongs to latent i. */
export function packedOwners(latents: number, headWidth: number, full: boolean): (number | undefined)[] {
  const each = Array.from({ length: latents }, (_, i) => i);
  const rows = full ? each.flatMap((i) => new Array<number>(i).fill(i)) : [];
  const owners = [...each, ...each, ...rows];
  return Array.from({ length: headWidth }, (_, column) => owners[column]);
}

/** The posterior as a Gaussian one. Throws InputError, saying who asks, where it is of another kind. */
export function gaussianOf(posterior: Posterior, who: string): GaussianPosterior {
  if ('cholesky' in posterior) return posterior as GaussianPosterior;
  throw new InputError(`${who} needs a Gaussian posterior, and ${posterior.name} is of another kind`);
}
