// The gradient of the total correlation in the packed Gaussian: the twin of gaussian_total_correlation_gradient.wgsl.

import { deviations, lowerCount, lowerOf, squaresBelow } from './lib/packed';

export function gaussian_total_correlation_gradient(
  packed: usize,
  upstream: usize,
  out: usize,
  spread: usize,
  rows: i32,
  width: i32,
  dimensions: i32,
): void {
  for (let row = 0; row < rows; row++) {
    deviations(packed, spread, dimensions, 1);
    const g = load<f32>(upstream);
    for (let i = 0; i < dimensions; i++) {
      const at = (<usize>i) << 2;
      store<f32>(out + at, 0);
      const under = squaresBelow(packed, i, dimensions, width);
      const deviation = load<f32>(spread + at);
      const variance = deviation * deviation + under;
      store<f32>(out + at + ((<usize>dimensions) << 2), g * (-under / variance));
      const entries = lowerOf(packed, i, dimensions);
      const slopes = lowerOf(out, i, dimensions);
      for (let j = 0; j < lowerCount(i, dimensions, width); j++) {
        const shift = (<usize>j) << 2;
        store<f32>(slopes + shift, g * (load<f32>(entries + shift) / variance));
      }
    }
    packed += (<usize>width) << 2;
    out += (<usize>width) << 2;
    upstream += 4;
  }
}
