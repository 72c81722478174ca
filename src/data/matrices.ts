// The little linear algebra of data sets with exact answers: random mixing matrices and inverses, in double precision.
// A matrix is a list of its rows.

import { InputError } from '../engine';
import { normalF } from '../engine/random/normal';
import { threefry } from '../engine/random/threefry';
import { noisePurposes } from './exampleNoise';

export type Matrix = readonly (readonly number[])[];

/** Standard normal entries, [rows][columns], a function of `seed` and `stream`. */
export const randomMatrix = (rows: number, columns: number, seed: number, stream = 0): number[][] =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_unused, j) =>
      normalF(threefry([seed, noisePurposes.mixing], [i * columns + j, stream])[0]),
    ),
  );

export const transposed = (a: Matrix): number[][] => a[0].map((_, j) => a.map((row) => row[j]));

export const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** a b. */
export const product = (a: Matrix, b: Matrix): number[][] => {
  const columns = transposed(b);
  return a.map((row) => columns.map((column) => dot(row, column)));
};

/** `columns` random directions in `rows` dimensions at right angles, [rows][columns] (Gram and Schmidt, twice for accuracy). */
export function orthonormal(rows: number, columns: number, seed: number, stream = 0): number[][] {
  if (columns > rows) throw new InputError(`there are no ${columns} directions at right angles in ${rows} dimensions`);
  const found: number[][] = [];
  for (const candidate of transposed(randomMatrix(rows, columns, seed, stream))) {
    let rest = candidate;
    for (let pass = 0; pass < 2; pass++) {
      for (const each of found) {
        const share = dot(rest, each);
        rest = rest.map((x, i) => x - share * each[i]);
      }
    }
    const length = Math.hypot(...rest);
    found.push(rest.map((x) => x / length));
  }
  return transposed(found);
}

/** The inverse of a square matrix (Gauss and Jordan with pivots). Throws InputError when there is none. */
export function inverse(a: Matrix): number[][] {
  const n = a.length;
  const rows = a.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let c = 0; c < n; c++) {
    const below = rows.slice(c).map((row) => Math.abs(row[c]));
    const pivot = c + below.indexOf(Math.max(...below));
    if (!(Math.abs(rows[pivot][c]) > 0)) throw new InputError('a matrix that has no inverse cannot mix sources');
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    const scaled = rows[c].map((x) => x / rows[c][c]);
    for (let r = 0; r < n; r++) {
      const share = rows[r][c];
      rows[r] = r === c ? scaled : rows[r].map((x, j) => x - share * scaled[j]);
    }
  }
  return rows.map((row) => row.slice(n));
}
