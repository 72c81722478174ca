// out = condition is not 0 (a NaN is not) ? x : y, element by element, with broadcasting: the twin of where.wgsl. The walk is that of
// binary.ts, over three operands.

import { select4, splat } from './lib/float';
import { fourAt, storeWithin } from './lib/walk';

export function where(
  condition: usize,
  x: usize,
  y: usize,
  out: usize,
  n0: i32,
  n1: i32,
  n2: i32,
  n3: i32,
  c0: i32,
  c1: i32,
  c2: i32,
  c3: i32,
  x0: i32,
  x1: i32,
  x2: i32,
  x3: i32,
  y0: i32,
  y1: i32,
  y2: i32,
  y3: i32,
): void {
  const last = out + ((<usize>(n0 * n1 * n2 * n3)) << 2);
  for (let i0 = 0; i0 < n0; i0++)
    for (let i1 = 0; i1 < n1; i1++)
      for (let i2 = 0; i2 < n2; i2++) {
        let chosen = condition + ((<usize>(i0 * c0 + i1 * c1 + i2 * c2)) << 2);
        let left = x + ((<usize>(i0 * x0 + i1 * x1 + i2 * x2)) << 2);
        let right = y + ((<usize>(i0 * y0 + i1 * y1 + i2 * y2)) << 2);
        const end = out + ((<usize>n3) << 2);
        for (let to = out; to < end; to += 16) {
          const takesX = f32x4.ne(fourAt(chosen, c3), splat(0));
          storeWithin(to, select4(fourAt(left, x3), fourAt(right, y3), takesX), last);
          chosen += (<usize>c3) << 4;
          left += (<usize>x3) << 4;
          right += (<usize>y3) << 4;
        }
        out = end;
      }
}
