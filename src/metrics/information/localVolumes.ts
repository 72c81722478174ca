// The boxes around a point's neighbours that LNC compares: along the axes, and along the neighbours' principal directions.

import type { Columns, Neighbours } from './neighbours';

/** Eigenvectors (rows) of a small symmetric matrix, by Jacobi's rotations (Golub & Van Loan, section 8.5). */
export function eigenvectors(matrix: readonly (readonly number[])[]): number[][] {
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

/**
 * Logarithms of the half volumes of two boxes centred at every point that hold its k neighbours: with sides along the axes,
 * and along the eigenvectors of the neighbours' scatter about the point.
 */
export function principalVolumes(
  columns: Columns,
  { index, k }: Pick<Neighbours, 'index' | 'k'>,
): { logBox: Float64Array; logPrincipal: Float64Array } {
  const n = index.length / k;
  const logBox = new Float64Array(n);
  const logPrincipal = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const offsets = Array.from({ length: k }, (_, j) => columns.map((column) => column[index[i * k + j]] - column[i]));
    const scatter = columns.map((_, a) => columns.map((__, b) => offsets.reduce((sum, d) => sum + d[a] * d[b], 0) / k));
    const halfWidth = (direction: readonly number[]): number =>
      Math.max(...offsets.map((d) => Math.abs(d.reduce((sum, value, c) => sum + value * direction[c], 0))));
    logPrincipal[i] = eigenvectors(scatter).reduce((sum, direction) => sum + Math.log(halfWidth(direction)), 0);
    logBox[i] = columns.reduce((sum, _, c) => sum + Math.log(Math.max(...offsets.map((d) => Math.abs(d[c])))), 0);
  }
  return { logBox, logPrincipal };
}
