// y[..., j] = x[..., indices[..., j]]; an index beyond the end gives the last entry. The twin of gather_columns.wgsl.

export function gather_columns(x: usize, indices: usize, out: usize, rows: i32, width: u32, chosen: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < chosen; j++) {
      store<f32>(out, load<f32>(x + ((<usize>min(load<u32>(indices), width - 1)) << 2)));
      indices += 4;
      out += 4;
    }
    x += (<usize>width) << 2;
  }
}
