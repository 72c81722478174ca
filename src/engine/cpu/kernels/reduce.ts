// Sums, maxima and minima over the middle axis of [outer, length, inner], in chunks: the twin of reduce.wgsl. Every result is made in
// the order of its entries; four results are made side by side, along the inner axis or, where that is 1, in four rows.

import { add, mul, select4, splat } from './lib/float';

enum F {
  sum,
  max,
  min,
}

@inline
function joined(which: F, found: v128, value: v128): v128 {
  switch (which) {
    case F.sum:
      return add(found, value);
    case F.max:
      return select4(value, found, v128.or(f32x4.gt(value, found), f32x4.ne(value, value)));
    default:
      return select4(value, found, v128.or(f32x4.lt(value, found), f32x4.ne(value, value)));
  }
}

/** The numbers at four addresses. */
@inline
function four(a: usize, b: usize, c: usize, d: usize): v128 {
  const low = f32x4.replace_lane(v128.load32_zero(a), 1, load<f32>(b));
  return f32x4.replace_lane(f32x4.replace_lane(low, 2, load<f32>(c)), 3, load<f32>(d));
}

@inline
function each(which: F, from: usize, to: usize, outer: i32, length: i32, inner: i32, chunk: i32, scale: f32): void {
  const chunks = (length + chunk - 1) / chunk;
  const step = <usize>inner << 2;
  // What lies beyond the last of a group of four is computed and not stored.
  const rows = inner == 1 ? 4 : 1;
  for (let o = 0; o < outer; o += rows)
    for (let c = 0; c < chunks; c++) {
      const first = c * chunk;
      const count = min(chunk, length - first);
      for (let i = 0; i < inner; i += 4) {
        const at = from + (<usize>((o * length + first) * inner + i) << 2);
        const result = to + (<usize>((o * chunks + c) * inner + i) << 2);
        const own = inner == 1 ? min(4, outer - o) : min(4, inner - i);
        const apart = inner == 1 ? <usize>length << 2 : 4;
        const b = at + apart * <usize>min(1, own - 1);
        const c4 = at + apart * <usize>min(2, own - 1);
        const d = at + apart * <usize>min(3, own - 1);
        let found: v128;
        if (inner == 1) {
          found = four(at, b, c4, d);
          for (let l: usize = 1; l < <usize>count; l++) {
            const shift = l << 2;
            found = joined(which, found, four(at + shift, b + shift, c4 + shift, d + shift));
          }
        } else {
          found = v128.load(at);
          let next = at + step;
          for (let l = 1; l < count; l++) {
            found = joined(which, found, v128.load(next));
            next += step;
          }
        }
        found = mul(found, splat(scale));
        const between = inner == 1 ? <usize>chunks << 2 : 4;
        store<f32>(result, f32x4.extract_lane(found, 0));
        if (own > 1) store<f32>(result + between, f32x4.extract_lane(found, 1));
        if (own > 2) store<f32>(result + 2 * between, f32x4.extract_lane(found, 2));
        if (own > 3) store<f32>(result + 3 * between, f32x4.extract_lane(found, 3));
      }
    }
}

export function reduce_sum(from: usize, to: usize, outer: i32, length: i32, inner: i32, chunk: i32, scale: f32): void {
  each(F.sum, from, to, outer, length, inner, chunk, scale);
}
export function reduce_max(from: usize, to: usize, outer: i32, length: i32, inner: i32, chunk: i32, scale: f32): void {
  each(F.max, from, to, outer, length, inner, chunk, scale);
}
export function reduce_min(from: usize, to: usize, outer: i32, length: i32, inner: i32, chunk: i32, scale: f32): void {
  each(F.min, from, to, outer, length, inner, chunk, scale);
}
