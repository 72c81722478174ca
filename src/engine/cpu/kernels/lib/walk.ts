// How strided kernels walk an operand: four of its numbers along the innermost axis, whatever its stride there.

/** The numbers at `at`, `at + stride`, ... where the stride is in floats. */
@inline
export function fourAt(at: usize, stride: i32): v128 {
  if (stride == 1) return v128.load(at);
  if (stride == 0) return v128.load32_splat(at);
  const step = <usize>stride << 2;
  const low = f32x4.replace_lane(v128.load32_zero(at), 1, load<f32>(at + step));
  return f32x4.replace_lane(f32x4.replace_lane(low, 2, load<f32>(at + 2 * step)), 3, load<f32>(at + 3 * step));
}

/** As many of four as lie before the end: a row that is written in whole vectors must not reach beyond the last one. */
@inline
export function storeWithin(to: usize, value: v128, end: usize): void {
  if (to + 16 <= end) {
    v128.store(to, value);
    return;
  }
  v128.store32_lane(to, value, 0);
  if (to + 4 < end) v128.store32_lane(to, value, 1, 4);
  if (to + 8 < end) v128.store32_lane(to, value, 2, 8);
}
