// upstream of the row times (sigmoid(l) - x): the twin of bernoulli_nll_gradient.wgsl. A row is written in whole vectors, and what it
// writes beyond its end the next row writes again.

import { mul, sigmoid4, sub } from './lib/float';
import { storeWithin } from './lib/walk';

export function bernoulli_nll_gradient(
  logits: usize,
  targets: usize,
  upstream: usize,
  out: usize,
  rows: i32,
  width: i32,
): void {
  const bytes = (<usize>width) << 2;
  const last = out + <usize>rows * bytes;
  for (let row = 0; row < rows; row++) {
    const g = v128.load32_splat(upstream + ((<usize>row) << 2));
    for (let at: usize = 0; at < bytes; at += 16)
      storeWithin(out + at, mul(g, sub(sigmoid4(v128.load(logits + at)), v128.load(targets + at))), last);
    logits += bytes;
    targets += bytes;
    out += bytes;
  }
}
