// out = f(x, y), element by element, with broadcasting: the twin of binary.wgsl and binary_broadcast.wgsl, one export a function under
// the name it has there. The walk is over four axes, whose strides are in floats; a row is written in whole vectors, and what it
// writes beyond its end the next row writes again.

import { add, mul, select4, splat, sub } from './lib/float';
import { fourAt, storeWithin } from './lib/walk';

enum F {
  add,
  sub,
  mul,
  div,
  maximum,
  minimum,
  wherePositive,
  whereNotPositive,
  less,
  lessEqual,
  equal,
  notEqual,
}

/** `which` is known where it is called, so that one case is left of the switch. */
@inline
function value(which: F, x: v128, y: v128): v128 {
  switch (which) {
    case F.add:
      return add(x, y);
    case F.sub:
      return sub(x, y);
    case F.mul:
      return mul(x, y);
    case F.div:
      return f32x4.div(x, y);
    case F.maximum:
      return select4(y, x, v128.or(f32x4.lt(x, y), f32x4.ne(y, y)));
    case F.minimum:
      return select4(y, x, v128.or(f32x4.gt(x, y), f32x4.ne(y, y)));
    case F.wherePositive:
      return v128.and(x, f32x4.gt(y, splat(0)));
    case F.whereNotPositive:
      return v128.and(x, f32x4.le(y, splat(0)));
    case F.less:
      return v128.and(splat(1), f32x4.lt(x, y));
    case F.lessEqual:
      return v128.and(splat(1), f32x4.le(x, y));
    case F.equal:
      return v128.and(splat(1), f32x4.eq(x, y));
    default:
      return v128.and(splat(1), f32x4.ne(x, y));
  }
}

@inline
function each(
  which: F,
  x: usize,
  y: usize,
  out: usize,
  n0: i32,
  n1: i32,
  n2: i32,
  n3: i32,
  x0: i32,
  x1: i32,
  x2: i32,
  x3: i32,
  y0: i32,
  y1: i32,
  y2: i32,
  y3: i32,
): void {
  const last = out + (<usize>(n0 * n1 * n2 * n3) << 2);
  for (let i0 = 0; i0 < n0; i0++)
    for (let i1 = 0; i1 < n1; i1++)
      for (let i2 = 0; i2 < n2; i2++) {
        let left = x + (<usize>(i0 * x0 + i1 * x1 + i2 * x2) << 2);
        let right = y + (<usize>(i0 * y0 + i1 * y1 + i2 * y2) << 2);
        const end = out + (<usize>n3 << 2);
        if (x3 == 1 && y3 == 1) {
          for (let to = out; to < end; to += 16) {
            storeWithin(to, value(which, v128.load(left), v128.load(right)), last);
            left += 16;
            right += 16;
          }
        } else {
          for (let to = out; to < end; to += 16) {
            storeWithin(to, value(which, fourAt(left, x3), fourAt(right, y3)), last);
            left += <usize>x3 << 4;
            right += <usize>y3 << 4;
          }
        }
        out = end;
      }
}

export function binary_add(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.add, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
export function binary_sub(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.sub, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
export function binary_mul(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.mul, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
export function binary_div(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.div, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
export function binary_maximum(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.maximum, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
export function binary_minimum(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.minimum, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
export function binary_wherePositive(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.wherePositive, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
export function binary_whereNotPositive(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.whereNotPositive, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
export function binary_less(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.less, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
export function binary_lessEqual(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.lessEqual, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
export function binary_equal(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.equal, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
export function binary_notEqual(x: usize, y: usize, out: usize, n0: i32, n1: i32, n2: i32, n3: i32, x0: i32, x1: i32, x2: i32, x3: i32, y0: i32, y1: i32, y2: i32, y3: i32): void {
  each(F.notEqual, x, y, out, n0, n1, n2, n3, x0, x1, x2, x3, y0, y1, y2, y3);
}
