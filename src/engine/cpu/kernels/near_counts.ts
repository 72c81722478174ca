// How many other points are within reach in one variable, or in two at once, given everyone's nearest: the twin of near_counts.wgsl.

import { distances, within } from './lib/points';

/** What reach means: less than the joint distance; that, or no distance at all; up to the distance in the variable itself. */
const TIED: i32 = 1;
const PROJECTED: i32 = 2;

/** The largest distance of point i from its neighbours, in some rows. */
@inline
function reachIn(rows: usize, stride: usize, count: i32, i: i32, neighbours: usize, k: i32, points: u32): f32 {
  let largest: f32 = 0;
  for (let n = 0; n < k; n++) {
    const j = load<u32>(neighbours + (<usize>n << 2));
    if (j < points) largest = max(largest, f32x4.extract_lane(distances(rows, stride, count, i, j), 0));
  }
  return largest;
}

@inline
function inside(d: v128, radius: f32, reach: i32): v128 {
  if (reach == PROJECTED) return f32x4.le(d, f32x4.splat(radius));
  const nearer = f32x4.lt(d, f32x4.splat(radius));
  return reach == TIED ? v128.or(nearer, f32x4.eq(d, f32x4.splat(0))) : nearer;
}

/** One column of counts: of the variable in `inA` rows from `firstA` on, and of the other in `inB` rows, none where there is but one. */
export function near_counts(
  data: usize,
  neighbours: usize,
  out: usize,
  problems: i32,
  rows: i32,
  strideOfRow: i32,
  points: i32,
  k: i32,
  all: i32,
  firstA: i32,
  inA: i32,
  firstB: i32,
  inB: i32,
  reach: i32,
  column: i32,
  columns: i32,
): void {
  const stride = <usize>strideOfRow << 2;
  out += <usize>column << 2;
  for (let problem = 0; problem < problems; problem++) {
    const a = data + <usize>firstA * stride;
    const b = data + <usize>firstB * stride;
    for (let i = 0; i < points; i++) {
      let radiusA: f32;
      let radiusB: f32;
      if (reach == PROJECTED) {
        radiusA = reachIn(a, stride, inA, i, neighbours, k, points);
        radiusB = reachIn(b, stride, inB, i, neighbours, k, points);
      } else {
        radiusA = reachIn(data, stride, all, i, neighbours, k, points);
        radiusB = radiusA;
      }
      let counts = i32x4.splat(0);
      for (let j = 0; j < points; j += 4) {
        let near = inside(distances(a, stride, inA, i, j), radiusA, reach);
        if (inB > 0) near = v128.and(near, inside(distances(b, stride, inB, i, j), radiusB, reach));
        if (j + 4 > points) near = v128.and(near, within(j, points));
        // A mask is -1.
        counts = i32x4.sub(counts, near);
      }
      const low = i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1);
      const both = low + i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3);
      store<u32>(out, both - <i32>countsItself(radiusA, radiusB, inB, reach));
      neighbours += <usize>k << 2;
      out += <usize>columns << 2;
    }
    data += <usize>rows * stride;
  }
}

/** Whether a point is within its own reach, and was counted. */
@inline
function countsItself(radiusA: f32, radiusB: f32, inB: i32, reach: i32): bool {
  return reach != 0 || (radiusA > 0 && (inB == 0 || radiusB > 0));
}
