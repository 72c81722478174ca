// Gaussians packed in rows: K means, K log standard deviations l_i = log L_ii, then, for a full covariance, the strictly
// lower entries of the Cholesky factor L row by row. Width 2K is a diagonal Gaussian, 2K + K(K-1)/2 a full one; every op
// on packed Gaussians takes both, on one code path. The twin of shaders/lib/packed_gaussian.wgsl.

import { ShapeError } from '../errors';
import type { Shape } from '../graph/shape';

/** Width of a packed row. */
export const packedWidth = (dimensions: number, full: boolean): number =>
  2 * dimensions + (full ? (dimensions * (dimensions - 1)) / 2 : 0);

/** Where L_ij (j < i) lies in a packed row. */
export const lowerAt = (i: number, j: number, dimensions: number): number => 2 * dimensions + (i * (i - 1)) / 2 + j;

/** How many entries of row i of L lie before the diagonal: i, or 0 for a diagonal Gaussian. */
export const lowerCount = (i: number, dimensions: number, width: number): number => (width > 2 * dimensions ? i : 0);

/** The row and column of L that packed entry `column` >= 2K is. */
export function lowerEntry(column: number, dimensions: number): [number, number] {
  let i = 1;
  while (lowerAt(i + 1, 0, dimensions) <= column) i++;
  return [i, column - lowerAt(i, 0, dimensions)];
}

/** Throws ShapeError unless the tensor is [replicas, rows, width] with a width that packs `dimensions` dimensions. */
export function checkPacked(op: string, shape: Shape, dimensions: number): void {
  const width = shape[shape.length - 1];
  if (
    !Number.isInteger(dimensions) ||
    dimensions < 1 ||
    shape.length !== 3 ||
    (width !== packedWidth(dimensions, false) && width !== packedWidth(dimensions, true))
  ) {
    const widths = `${packedWidth(dimensions, false)} (diagonal) or ${packedWidth(dimensions, true)} (full)`;
    throw new ShapeError(op, `takes [replicas, rows, width], where ${dimensions} dimensions need width ${widths}`, [
      shape,
    ]);
  }
}
