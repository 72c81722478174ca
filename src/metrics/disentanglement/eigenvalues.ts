// Eigenvalues of a small symmetric matrix by Jacobi's rotations (Golub & Van Loan, Matrix Computations, 8.5).

const MAX_SWEEPS = 60;

/** The eigenvalues of a symmetric matrix given as rows, in no order. */
export function symmetricEigenvalues(matrix: readonly (readonly number[])[]): number[] {
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
