// Total correlation of packed Gaussians, in nats: the sum over i of log1p(sum_j<i L_ij^2 / L_ii^2) / 2. The twin of
// gaussian_total_correlation.wgsl.

import { log1p4, one, splat } from './lib/float';
import { deviations, squaresBelow } from './lib/packed';

export function gaussian_total_correlation(
  packed: usize,
  out: usize,
  precision: usize,
  rows: i32,
  width: i32,
  dimensions: i32,
): void {
  for (let row = 0; row < rows; row++) {
    deviations(packed, precision, dimensions, -2);
    let total: f32 = 0;
    for (let i = 0; i < dimensions; i++) {
      const ratio = squaresBelow(packed, i, dimensions, width) * load<f32>(precision + ((<usize>i) << 2));
      total += <f32>0.5 * one(log1p4(splat(ratio)));
    }
    store<f32>(out, total);
    packed += (<usize>width) << 2;
    out += 4;
  }
}
