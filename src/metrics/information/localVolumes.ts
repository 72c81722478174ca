// The boxes around a point's neighbours that LNC compares: along the axes, and along the neighbours' principal directions.

import { eigenvectors } from '../../math/eigen';
import type { Columns, Neighbours } from './neighbours';

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
