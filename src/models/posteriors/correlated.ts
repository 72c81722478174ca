// `correlated`: z = mean + sigma * (C noise), where C C' is a fixed correlation matrix: the plainest negation of "factorized
// noise in reparameterization". The factor is diag(sigma) C, so only a constant is added to the KL of the factorized
// posterior, and its conditional total correlation is that constant, -ln det(C C') / 2.

import { add, concat, exp, InputError, matmul, packedWidth } from '../../engine';
import type { Matrix } from '../../math/matrix';
import { columns, packedGaussian, perReplicaConstant } from './choleskyFactor';
import { factorized } from './factorized';
import type { GaussianPosterior } from './posterior';
import { choleskyOf } from './smallMatrix';

/** One correlation for all pairs of latents. */
export const equicorrelation = (latents: number, rho: number): number[][] =>
  Array.from({ length: latents }, (_, i) => Array.from({ length: latents }, (__, j) => (i === j ? 1 : rho)));

/**
 * Correlation matrices [K][K], one for all replicas or one for each. Throws InputError for one that is not symmetric and
 * positive definite with a unit diagonal.
 */
export function correlated(latents: number, replicas: number, matrices: readonly Matrix[]): GaussianPosterior {
  const factors = matrices.map((matrix) => {
    if (matrix.length !== latents || matrix.some((row, i) => Math.abs(row[i] - 1) > 1e-9))
      throw new InputError(`the correlation matrix must be ${latents} x ${latents} with ones on its diagonal`);
    return choleskyOf(matrix);
  });
  const base = factorized(latents, replicas);
  const lower = packedWidth(latents, true) - 2 * latents;
  const shifts = perReplicaConstant(
    factors.map((c) => c.map((row, i) => Math.log(row[i]))),
    [1, latents],
  );
  // Entry (i, j) of the factor is sigma_i C_ij.
  const spread = perReplicaConstant(
    factors.map((c) => {
      const entries = new Array<number>(latents * lower).fill(0);
      for (let i = 1; i < latents; i++)
        for (let j = 0; j < i; j++) entries[i * lower + (i * (i - 1)) / 2 + j] = c[i][j];
      return entries;
    }),
    [latents, lower],
  );
  return {
    ...base,
    ...packedGaussian(latents, true),
    name: 'correlated',
    bound(head, own) {
      const packed = base.bound(head, own);
      const logDeviations = columns(packed, latents, latents);
      const parts = [columns(packed, 0, latents), add(logDeviations, shifts)];
      return concat(lower > 0 ? [...parts, matmul(exp(logDeviations), spread)] : parts, 2);
    },
  };
}
