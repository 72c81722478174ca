// Small dense matrices in f64, for the constants of posterior families.

import { InputError } from '../../engine';
import { normalF } from '../../engine/random/normal';
import { threefry } from '../../engine/random/threefry';
import { cholesky, type Matrix, orthonormalised } from '../../math/matrix';

/** The lower factor of a symmetric positive definite matrix. Throws InputError for any other. */
export function choleskyOf(matrix: Matrix): number[][] {
  for (const [i, row] of matrix.entries())
    for (let j = 0; j < i; j++)
      if (row[j] !== matrix[j][i]) throw new InputError(`the matrix is not symmetric at (${i}, ${j})`);
  return cholesky(matrix);
}

/** A rotation drawn uniformly: normal rows made orthonormal one after the other (Gram & Schmidt). */
export function randomRotation(n: number, seed: number): number[][] {
  const normal = (i: number, j: number) => normalF(threefry([seed, 4100], [i, j])[0]);
  const rows = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_unused, j) => normal(i, j)));
  return orthonormalised(rows, 1);
}

/** Packs a mean and a covariance: mean, log diagonal and strictly lower rows of the Cholesky factor. */
export function packCovariance(mean: readonly number[], covariance: Matrix): Float64Array {
  const l = choleskyOf(covariance);
  return Float64Array.from([
    ...mean,
    ...l.map((row, i) => Math.log(row[i])),
    ...l.flatMap((row, i) => row.slice(0, i)),
  ]);
}
