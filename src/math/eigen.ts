// Eigenvalues, and eigenvectors, of small symmetric matrices by Jacobi's rotations (Golub & Van Loan, Matrix Computations, 8.5).
// They are two bodies on purpose: each rounds in its own order, and published figures rest on either.

import type { Matrix } from './matrix';

const MAX_SWEEPS = 60;

/** The eigenvalues of a symmetric matrix given as rows, in no order. */
export function symmetricEigenvalues(matrix: Matrix): number[] {
  const a = matrix.map((row) => [...row]);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let outside = 0;
    let inside = 0;
    for (const [i, row] of a.entries()) {
      for (const [j, value] of row.entries()) {
        if (i === j) inside += value ** 2;
        else outside += value ** 2;
      }
    }
    if (outside <= 1e-30 * inside) break;
    for (let p = 0; p < a.length; p++) for (let q = p + 1; q < a.length; q++) rotate(a, p, q);
  }
  return a.map((row, i) => row[i]);
}

/** The rotation of coordinates p and q that makes entry (p, q) 0. */
function rotate(a: number[][], p: number, q: number): void {
  if (a[p][q] === 0) return;
  const tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  for (const row of a) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
  for (let j = 0; j < a.length; j++) [a[p][j], a[q][j]] = [c * a[p][j] - s * a[q][j], s * a[p][j] + c * a[q][j]];
}

/** Eigenvectors (rows) of a small symmetric matrix, by Jacobi's rotations (Golub & Van Loan, section 8.5). */
export function eigenvectors(matrix: Matrix): number[][] {
  const a = matrix.map((row) => [...row]);
  const n = a.length;
  const v = a.map((_, i) => a.map((__, j) => Number(i === j)));
  for (let sweep = 0; sweep < 50; sweep++) {
    const square = (onDiagonal: boolean) =>
      a.reduce((sum, row, i) => sum + row.reduce((part, x, j) => part + ((i === j) === onDiagonal ? x * x : 0), 0), 0);
    if (square(false) <= 1e-30 * square(true)) break;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        if (a[p][q] === 0) continue;
        const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let i = 0; i < n; i++) [a[i][p], a[i][q]] = [c * a[i][p] - s * a[i][q], s * a[i][p] + c * a[i][q]];
        for (let i = 0; i < n; i++) [a[p][i], a[q][i]] = [c * a[p][i] - s * a[q][i], s * a[p][i] + c * a[q][i]];
        for (let i = 0; i < n; i++) [v[p][i], v[q][i]] = [c * v[p][i] - s * v[q][i], s * v[p][i] + c * v[q][i]];
      }
  }
  return v;
}
