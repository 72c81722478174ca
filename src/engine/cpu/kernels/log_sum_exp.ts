// ln of the sum of exponentials over the middle axis of [outer, length, inner], in chunks: the twin of log_sum_exp.wgsl. The sum is
// made in the order of its entries, four exponentials at a time.

import { exp4, log4, one, splat, sub } from './lib/float';

@inline
function isFinite32(x: f32): bool {
  return (reinterpret<u32>(x) & 0x7f800000) != 0x7f800000;
}

export function log_sum_exp(
  from: usize,
  to: usize,
  outer: i32,
  length: i32,
  inner: i32,
  chunk: i32,
  scale: f32,
): void {
  const chunks = (length + chunk - 1) / chunk;
  const step = <usize>inner << 2;
  for (let o = 0; o < outer; o++)
    for (let c = 0; c < chunks; c++) {
      const first = c * chunk;
      const count = min(chunk, length - first);
      for (let i = 0; i < inner; i++) {
        const start = from + (<usize>((o * length + first) * inner + i) << 2);
        let largest = load<f32>(start);
        let at = start + step;
        for (let l = 1; l < count; l++) {
          const value = load<f32>(at);
          if (value > largest || value != value) largest = value;
          at += step;
        }
        // Where the largest is infinite or NaN there is nothing to shift by: the plain formula gives the right answer.
        const shift: f32 = isFinite32(largest) ? largest : 0;
        store<f32>(to, (one(log4(splat(sumOf(start, step, count, shift)))) + shift) * scale);
        to += 4;
      }
    }
}

/** The sum of e^(x - shift), in order. */
@inline
function sumOf(at: usize, step: usize, count: i32, shift: f32): f32 {
  let total: f32 = 0;
  for (let l = 0; l < count; l += 4) {
    const rest = count - l;
    let x = v128.load32_zero(at);
    if (rest > 1) x = f32x4.replace_lane(x, 1, load<f32>(at + step));
    if (rest > 2) x = f32x4.replace_lane(x, 2, load<f32>(at + 2 * step));
    if (rest > 3) x = f32x4.replace_lane(x, 3, load<f32>(at + 3 * step));
    const e = exp4(sub(x, splat(shift)));
    total += f32x4.extract_lane(e, 0);
    if (rest > 1) total += f32x4.extract_lane(e, 1);
    if (rest > 2) total += f32x4.extract_lane(e, 2);
    if (rest > 3) total += f32x4.extract_lane(e, 3);
    at += 4 * step;
  }
  return total;
}
