// Small dense linear algebra in f64: products, factors, inverses. A matrix is a list of its rows. Sums run from 0, in order.

import { InputError } from '../engine/errors';

/** Rows of a matrix. */
export type Matrix = readonly (readonly number[])[];

/** The sum of products of two vectors of one length. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

export const identityMatrix = (n: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => Number(i === j)));

export const transpose = (a: Matrix): number[][] => a[0].map((_, j) => a.map((row) => row[j]));

/** a b. */
export function product(a: Matrix, b: Matrix): number[][] {
  const columns = transpose(b);
  return a.map((row) => columns.map((column) => dot(row, column)));
}

export const plus = (a: Matrix, b: Matrix): number[][] => a.map((row, i) => row.map((value, j) => value + b[i][j]));

/** The lower L with L L' = a, of which only the lower triangle is read. Throws InputError where a is not positive definite. */
export function cholesky(a: Matrix): number[][] {
  const lower = a.map((row) => row.map(() => 0));
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j <= i; j++) {
      const rest = a[i][j] - dot(lower[i].slice(0, j), lower[j]);
      if (i === j && !(rest > 0)) throw new InputError(`the matrix is not positive definite (row ${i})`);
      lower[i][j] = i === j ? Math.sqrt(rest) : rest / lower[j][j];
    }
  return lower;
}

/** The inverse of a lower triangular matrix, by forward substitution. */
export function inverseOfLower(lower: Matrix): number[][] {
  const inverted = lower.map((row) => row.map(() => 0));
  for (let column = 0; column < lower.length; column++) {
    for (let i = column; i < lower.length; i++) {
      let rest = i === column ? 1 : 0;
      for (let k = column; k < i; k++) rest -= lower[i][k] * inverted[k][column];
      inverted[i][column] = rest / lower[i][i];
    }
  }
  return inverted;
}

/** The inverse of a symmetric positive definite matrix. Throws InputError for any other. */
export function inverseOfPositive(a: Matrix): number[][] {
  const inverted = inverseOfLower(cholesky(a));
  return product(transpose(inverted), inverted);
}

/** The inverse of a square matrix (Gauss and Jordan with pivots). Throws InputError when there is none. */
export function inverse(a: Matrix): number[][] {
  const n = a.length;
  const rows = a.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let c = 0; c < n; c++) {
    const below = rows.slice(c).map((row) => Math.abs(row[c]));
    const pivot = c + below.indexOf(Math.max(...below));
    if (!(Math.abs(rows[pivot][c]) > 0)) throw new InputError('the matrix has no inverse');
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    const scaled = rows[c].map((x) => x / rows[c][c]);
    for (let r = 0; r < n; r++) {
      const share = rows[r][c];
      rows[r] = r === c ? scaled : rows[r].map((x, j) => x - share * scaled[j]);
    }
  }
  return rows.map((row) => row.slice(n));
}

/** ln |L L'| of a lower factor. */
export const logDeterminantOfFactor = (lower: Matrix): number =>
  2 * lower.reduce((total, row, i) => total + Math.log(row[i]), 0);

/** Vectors at right angles and of length 1, one for each given: Gram and Schmidt, `passes` times over for accuracy. */
export function orthonormalised(vectors: Matrix, passes: number): number[][] {
  const found: number[][] = [];
  for (const vector of vectors) {
    let rest = [...vector];
    for (let pass = 0; pass < passes; pass++)
      for (const each of found) {
        const share = dot(rest, each);
        rest = rest.map((x, i) => x - share * each[i]);
      }
    const length = Math.hypot(...rest);
    found.push(rest.map((x) => x / length));
  }
  return found;
}
