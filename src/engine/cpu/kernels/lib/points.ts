// Distances in max-norm between points whose coordinates are rows: the twin of shaders/lib/points.wgsl. Exact in f32: a difference, an
// absolute value and a maximum.

/** From point i to points j ... j + 3, in `count` rows, `stride` bytes apart, from `row` on. */
@inline
export function distances(row: usize, stride: usize, count: i32, i: i32, j: i32): v128 {
  let largest = f32x4.splat(0);
  for (let d = 0; d < count; d++) {
    const gap = f32x4.sub(v128.load(row + (<usize>j << 2)), v128.load32_splat(row + (<usize>i << 2)));
    largest = f32x4.max(largest, f32x4.abs(gap));
    row += stride;
  }
  return largest;
}

/** All bits where j ... j + 3 are below `points`. */
@inline
export function within(j: i32, points: i32): v128 {
  return i32x4.lt_s(i32x4.add(i32x4.splat(j), i32x4(0, 1, 2, 3)), i32x4.splat(points));
}
