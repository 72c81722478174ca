// Small dense matrices in f64, for the constants of posterior families.

import { InputError } from '../../engine';
import { normalF } from '../../engine/random/normal';
import { threefry } from '../../engine/random/threefry';

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

/** The lower factor of a symmetric positive definite matrix. Throws InputError for any other. */
export function choleskyOf(matrix: Matrix): number[][] {
  const l = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < matrix.length; i++)
    for (let j = 0; j <= i; j++) {
      if (matrix[i][j] !== matrix[j][i]) throw new InputError(`the matrix is not symmetric at (${i}, ${j})`);
      const rest = matrix[i][j] - l[i].slice(0, j).reduce((sum, value, k) => sum + value * l[j][k], 0);
      if (i === j && !(rest > 0)) throw new InputError(`the matrix is not positive definite (row ${i})`);
      l[i][j] = i === j ? Math.sqrt(rest) : rest / l[j][j];
    }
  return l;
}

/** A rotation drawn uniformly: normal columns made orthonormal one after the other (Gram & Schmidt). */
export function randomRotation(n: number, seed: number): number[][] {
  const rows: number[][] = [];
  for (let i = 0; i < n; i++) {
    const row = Array.from({ length: n }, (_, j) => normalF(threefry([seed, 4100], [i, j])[0]));
    for (const other of rows) {
      const along = row.reduce((sum, value, k) => sum + value * other[k], 0);
      for (let k = 0; k < n; k++) row[k] -= along * other[k];
    }
    const length = Math.hypot(...row);
    rows.push(row.map((value) => value / length));
  }
  return rows;
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
