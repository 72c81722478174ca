// The aggregated posterior q(z) = (1/N) sum of N(mean_n, L_n L_n'): a Gaussian mixture with one component for every
// example. This file holds its components in the forms that the formulas need, in f64, and what follows from them in
// closed form.

import { InputError } from '../../engine';
import { lowerAt, lowerCount } from '../../engine/ops/packedGaussian';
import { inverseOfLower, logDeterminantOfFactor, product, transpose } from '../../math/matrix';

/** One Gaussian of a mixture: mean, covariance and what follows from them. */
export interface Component {
  readonly mean: readonly number[];
  /** Lower triangular L. */
  readonly cholesky: readonly (readonly number[])[];
  readonly covariance: readonly (readonly number[])[];
  readonly precision: readonly (readonly number[])[];
  /** ln |Sigma|. */
  readonly logDeterminant: number;
}

/** A component from its mean and Cholesky factor. Throws InputError when a diagonal entry of L is not positive. */
export function component(mean: readonly number[], cholesky: readonly (readonly number[])[]): Component {
  const bad = cholesky.findIndex((row, i) => !(row[i] > 0));
  if (bad >= 0)
    throw new InputError(`Cholesky factor: diagonal entry ${bad} is ${cholesky[bad][bad]}, it must be positive`);
  const inverse = inverseOfLower(cholesky);
  return {
    mean,
    cholesky,
    covariance: product(cholesky, transpose(cholesky)),
    precision: product(transpose(inverse), inverse),
    logDeterminant: logDeterminantOfFactor(cholesky),
  };
}

/**
 * Components from packed rows: K means, K log standard deviations, then (for width 2K + K(K-1)/2) the entries of L below
 * the diagonal, row by row. `rows` is row-major [examples, width].
 */
export function componentsFromPacked(rows: ArrayLike<number>, latents: number, width: number): Component[] {
  const count = rows.length / width;
  return Array.from({ length: count }, (_, n) => {
    const at = (column: number) => rows[n * width + column];
    const mean = Array.from({ length: latents }, (_, i) => at(i));
    const cholesky = mean.map((_, i) =>
      mean.map((_, j) => {
        if (j > i) return 0;
        if (j === i) return Math.exp(at(latents + i));
        return j < lowerCount(i, latents, width) ? at(lowerAt(i, j, latents)) : 0;
      }),
    );
    return component(mean, cholesky);
  });
}

/** S_i = I(z_i; z_-i | x) = E log(Sigma_ii (Sigma^-1)_ii) / 2 for every latent, nats. */
export function synergy(components: readonly Component[]): number[] {
  return components[0].mean.map((_, i) =>
    average(components, ({ covariance, precision }) => 0.5 * Math.log(covariance[i][i] * precision[i][i])),
  );
}

/** TC(z | x) = E (sum of log Sigma_ii - log |Sigma|) / 2, nats. */
export function conditionalTotalCorrelation(components: readonly Component[]): number {
  return average(components, ({ covariance, logDeterminant }) => {
    const marginals = covariance.reduce((total, row, i) => total + Math.log(row[i]), 0);
    return 0.5 * (marginals - logDeterminant);
  });
}

export const average = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0) / items.length;
