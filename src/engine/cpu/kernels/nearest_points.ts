// The k nearest other points of every point, nearest first, those of a smaller index first among equals: the twin of
// nearest_points.wgsl. Most points are no nearer than the k-th so far, which one comparison of four says.

import { distances, within } from './lib/points';

const NEAREST = memory.data(16 * 4, 16);
const GAPS = memory.data(16, 16);

export function nearest_points(
  data: usize,
  out: usize,
  problems: i32,
  rows: i32,
  strideOfRow: i32,
  points: i32,
  k: i32,
  labelled: bool,
): void {
  const stride = <usize>strideOfRow << 2;
  const dimensions = rows - <i32>labelled;
  const labels = <usize>dimensions * stride;
  for (let problem = 0; problem < problems; problem++) {
    for (let i = 0; i < points; i++) {
      let found = 0;
      let reach: f32 = f32.MAX_VALUE * 2;
      const own = labelled ? v128.load32_splat(data + labels + (<usize>i << 2)) : f32x4.splat(0);
      for (let j = 0; j < points; j += 4) {
        const gap = distances(data, stride, dimensions, i, j);
        // Before k are found everything is near enough, an infinite distance too.
        let near = v128.and(found < k ? i32x4.splat(-1) : f32x4.lt(gap, f32x4.splat(reach)), within(j, points));
        if (labelled) near = v128.and(near, f32x4.eq(v128.load(data + labels + (<usize>j << 2)), own));
        if (!v128.any_true(near)) continue;
        v128.store(GAPS, gap);
        const lanes = i32x4.bitmask(near);
        for (let lane = 0; lane < 4; lane++) {
          if (!((lanes >> lane) & 1) || j + lane == i) continue;
          const d = load<f32>(GAPS + (<usize>lane << 2));
          if (found == k && d >= reach) continue;
          found = min(found + 1, k);
          insert(out, found, d, j + lane);
          if (found == k) reach = load<f32>(NEAREST + (<usize>(k - 1) << 2));
        }
      }
      for (; found < k; found++) store<u32>(out + (<usize>found << 2), points);
      out += <usize>k << 2;
    }
    data += <usize>rows * stride;
  }
}

/** Puts a distance where it belongs among `count`, of which the last place is free or is given up. */
@inline
function insert(indices: usize, count: i32, d: f32, j: i32): void {
  let place = count - 1;
  for (; place > 0; place--) {
    const before = <usize>(place - 1) << 2;
    if (load<f32>(NEAREST + before) <= d) break;
    store<f32>(NEAREST + before, load<f32>(NEAREST + before), 4);
    store<u32>(indices + before, load<u32>(indices + before), 4);
  }
  store<f32>(NEAREST + (<usize>place << 2), d);
  store<u32>(indices + (<usize>place << 2), j);
}
