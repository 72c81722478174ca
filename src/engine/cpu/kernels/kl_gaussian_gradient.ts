// The gradient of the KL in the packed Gaussian, added to `before` where there is one: the twin of kl_gaussian_gradient.wgsl.

import { deviations } from './lib/packed';

export function kl_gaussian_gradient(
  packed: usize,
  upstream: usize,
  before: usize,
  out: usize,
  spread: usize,
  rows: i32,
  width: i32,
  dimensions: i32,
  added: bool,
): void {
  for (let row = 0; row < rows; row++) {
    deviations(packed, spread, dimensions, 1);
    const g = load<f32>(upstream);
    for (let c = 0; c < width; c++) {
      const at = (<usize>c) << 2;
      let slope = load<f32>(packed + at);
      if (c >= dimensions && c < 2 * dimensions) {
        const deviation = load<f32>(spread + at - ((<usize>dimensions) << 2));
        slope = deviation * deviation - 1;
      }
      const own = g * slope;
      store<f32>(out + at, added ? load<f32>(before + at) + own : own);
    }
    packed += (<usize>width) << 2;
    before += (<usize>width) << 2;
    out += (<usize>width) << 2;
    upstream += 4;
  }
}
