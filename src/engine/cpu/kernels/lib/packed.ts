// Gaussians packed in rows: K means, K log standard deviations, then, for a full covariance, the strictly lower entries of the Cholesky
// factor row by row. The twin of shaders/lib/packed_gaussian.wgsl.

import { exp4, mul, splat } from './float';

/** The first of the lower entries of row i. */
@inline
export function lowerOf(row: usize, i: i32, dimensions: i32): usize {
  return row + (<usize>(2 * dimensions + ((i * (i - 1)) >> 1)) << 2);
}

/** How many entries of row i lie before the diagonal: none in a diagonal Gaussian. */
@inline
export function lowerCount(i: i32, dimensions: i32, width: i32): i32 {
  return width > 2 * dimensions ? i : 0;
}

/** e^(factor l) of the log standard deviations of a row, in whole vectors. */
@inline
export function deviations(row: usize, to: usize, dimensions: i32, factor: f32): void {
  const from = row + (<usize>dimensions << 2);
  for (let i = 0; i < dimensions; i += 4) {
    const at = <usize>i << 2;
    v128.store(to + at, exp4(mul(splat(factor), v128.load(from + at))));
  }
}

/** The sum of the squares of a row's lower entries before the diagonal of row i. */
@inline
export function squaresBelow(row: usize, i: i32, dimensions: i32, width: i32): f32 {
  let total: f32 = 0;
  let at = lowerOf(row, i, dimensions);
  for (let j = lowerCount(i, dimensions, width); j > 0; j--) {
    const value = load<f32>(at);
    total += value * value;
    at += 4;
  }
  return total;
}
