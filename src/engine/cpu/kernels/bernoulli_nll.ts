// The sum over every row of softplus(l) - x l, in nats: the twin of bernoulli_nll.wgsl. Four running sums, by position in the whole
// tensor; a row that does not begin or end at a multiple of four adds zeros, which change no bit of a sum that began at 0.

import { add, mul, softplus4, splat, sub } from './lib/float';

export function bernoulli_nll(logits: usize, targets: usize, out: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) {
    const first = row * width;
    const end = first + width;
    let total = splat(0);
    for (let i = first & ~3; i < end; i += 4) {
      const at = (<usize>i) << 2;
      const l = v128.load(logits + at);
      let value = sub(softplus4(l), mul(v128.load(targets + at), l));
      if (i < first || i + 4 > end) {
        const index = i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3));
        const inside = v128.and(i32x4.ge_s(index, i32x4.splat(first)), i32x4.lt_s(index, i32x4.splat(end)));
        value = v128.and(value, inside);
      }
      total = add(total, value);
    }
    const low = f32x4.extract_lane(total, 0) + f32x4.extract_lane(total, 1);
    const high = f32x4.extract_lane(total, 2) + f32x4.extract_lane(total, 3);
    store<f32>(out + ((<usize>row) << 2), low + high);
  }
}
