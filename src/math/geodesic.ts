// The shortest way from the identity to a rotation, by halving: the square root of R that lies between is the orthogonal part of
// I + R (Higham, Functions of Matrices, 6.2 and 8.3), which Newton's iteration X <- (X + X^-T) / 2 finds. Roots of roots, multiplied,
// give every dyadic point of the way.

import { identityMatrix, inverse, type Matrix, plus, product, transpose } from './matrix';

/** The orthogonal matrix nearest to an invertible one. */
export function orthogonalPart(a: Matrix): number[][] {
  let x = a.map((row) => [...row]);
  for (let step = 0; step < 100; step++) {
    const next = plus(x, transpose(inverse(x))).map((row) => row.map((value) => value / 2));
    const change = Math.max(...next.map((row, i) => Math.max(...row.map((value, j) => Math.abs(value - x[i][j])))));
    x = next;
    if (change < 1e-14) break;
  }
  return x;
}

const squareRoot = (rotation: Matrix): number[][] => orthogonalPart(plus(identityMatrix(rotation.length), rotation));

/**
 * R^0, R^(1/n), ..., R^1 for n a power of two. `rotation` is orthogonal with determinant 1; throws InputError where it turns a plane by
 * half a turn, for which there is no shortest way.
 */
export function geodesic(rotation: Matrix, points: number): number[][][] {
  let root: Matrix = rotation;
  for (let n = points; n > 1; n /= 2) root = squareRoot(root);
  const way: number[][][] = [identityMatrix(rotation.length)];
  for (let k = 1; k < points; k++) way.push(product(root, way[k - 1]));
  return [...way, rotation.map((row) => [...row])];
}

/** The length of that way: the root of the sum of squares of the angles of the planes it turns, radians. */
export function turnOf(rotation: Matrix): number {
  let root: Matrix = rotation;
  for (let k = 0; k < 8; k++) root = squareRoot(root);
  // Of so small a turn the antisymmetric half is the logarithm, to a part in 40,000.
  const square = root.reduce((sum, row, i) => sum + row.reduce((s, v, j) => s + ((v - root[j][i]) / 2) ** 2, 0), 0);
  return 2 ** 8 * Math.sqrt(square / 2);
}

/** The determinant, by elimination with pivots. */
export function determinant(a: Matrix): number {
  const rows = a.map((row) => [...row]);
  let value = 1;
  for (let c = 0; c < rows.length; c++) {
    let pivot = c;
    for (let r = c + 1; r < rows.length; r++) if (Math.abs(rows[r][c]) > Math.abs(rows[pivot][c])) pivot = r;
    if (rows[pivot][c] === 0) return 0;
    if (pivot !== c) [rows[c], rows[pivot], value] = [rows[pivot], rows[c], -value];
    value *= rows[c][c];
    for (let r = c + 1; r < rows.length; r++) {
      const share = rows[r][c] / rows[c][c];
      for (let k = c; k < rows.length; k++) rows[r][k] -= share * rows[c][k];
    }
  }
  return value;
}
