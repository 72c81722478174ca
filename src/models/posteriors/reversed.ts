// `reversedCholesky`: the full posterior with its factor built from the last latent on, Sigma = U U' with U upper triangular. Every Gaussian
// has both factors, so nothing but the order is another; whatever a study finds of `full` must hold of it.

import { matmul, reshape, type Tensor } from '../../engine';
import { perReplicaConstant } from './choleskyFactor';
import { full } from './full';
import type { GaussianPosterior } from './posterior';
import { packCovariance } from './smallMatrix';

/** Full, with the factor from the last latent on: another head for the same family. */
export function reversedCholesky(latents: number, replicas: number): GaussianPosterior {
  const base = full(latents, new Array<boolean>(replicas).fill(true));
  const flip = perReplicaConstant(
    [
      Array.from({ length: latents ** 2 }, (_, at) =>
        Number(Math.floor(at / latents) + (at % latents) === latents - 1),
      ),
    ],
    [latents, latents],
  );
  /** Latents in the opposite order: [..., latents]. */
  const reversed = (x: Tensor) => matmul(x, flip);
  return {
    ...base,
    name: 'reversedCholesky',
    // Row i of the factor belongs to latent K - 1 - i.
    owners: base.owners.map((owner) => (owner === undefined ? undefined : latents - 1 - owner)),
    sample: (packed, stream, purpose) => reversed(base.sample(packed, stream, purpose)),
    means: (packed) => reversed(base.means(packed)),
    variances: (packed) => reversed(base.variances(packed)),
    synergy: (packed) => reversed(base.synergy(packed)),
    covariances(packed) {
      const covariances = base.covariances(packed);
      const [count, rows] = packed.shape;
      const flat = reshape(covariances, [count, rows * latents, latents]);
      const columns = reshape(matmul(flat, flip), [count * rows, latents, latents]);
      const back = matmul(columns, flip, { transposeA: true });
      return reshape(back, [count, rows, latents, latents]);
    },
    logDensity: (packed, z) => base.logDensity(packed, reversed(z)),
    pairwise: (packed, z) => base.pairwise(packed, reversed(z)),
    cholesky(packed, replica) {
      const own = base.cholesky(packed, replica);
      const factor = Array.from({ length: latents }, (_, i) =>
        Array.from({ length: latents }, (__, j) => {
          if (j > i) return 0;
          return i === j ? Math.exp(own[latents + i]) : own[2 * latents + (i * (i - 1)) / 2 + j];
        }),
      );
      const covariance = factor.map((a) => factor.map((b) => a.reduce((sum, value, k) => sum + value * b[k], 0)));
      const turn = <T>(values: readonly T[]): T[] => [...values].reverse();
      return packCovariance(turn(Array.from(own.subarray(0, latents))), turn(covariance.map(turn)));
    },
  };
}
