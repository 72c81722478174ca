// The little linear algebra of Gaussians of a few dimensions, in f64: Cholesky factors, inverses, products. Matrices are
// arrays of rows.

import { InputError } from '../../engine';

export type Matrix = readonly (readonly number[])[];

export const transpose = (a: Matrix): number[][] => a[0].map((_, j) => a.map((row) => row[j]));

export const product = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => b[0].map((_, j) => row.reduce((total, value, k) => total + value * b[k][j], 0)));

export const plus = (a: Matrix, b: Matrix): number[][] => a.map((row, i) => row.map((value, j) => value + b[i][j]));

/** The lower L with L L' = a. Throws InputError when a symmetric matrix is not positive definite. */
export function cholesky(a: Matrix): number[][] {
  const lower = a.map((row) => row.map(() => 0));
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[i][j];
      for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k];
      if (i === j && !(rest > 0)) throw new InputError(`matrix is not positive definite: pivot ${i} is ${rest}`);
      lower[i][j] = i === j ? Math.sqrt(rest) : rest / lower[j][j];
    }
  }
  return lower;
}

/** The inverse of a lower triangular matrix, by forward substitution. */
export function invertLower(lower: Matrix): number[][] {
  const inverse = lower.map((row) => row.map(() => 0));
  for (let column = 0; column < lower.length; column++) {
    for (let i = column; i < lower.length; i++) {
      let rest = i === column ? 1 : 0;
      for (let k = column; k < i; k++) rest -= lower[i][k] * inverse[k][column];
      inverse[i][column] = rest / lower[i][i];
    }
  }
  return inverse;
}

/** The inverse of a symmetric positive definite matrix. */
export function invert(a: Matrix): number[][] {
  const inverse = invertLower(cholesky(a));
  return product(transpose(inverse), inverse);
}

/** ln |a| of a symmetric positive definite matrix. */
export const logDeterminant = (a: Matrix): number =>
  2 * cholesky(a).reduce((total, row, i) => total + Math.log(row[i]), 0);
