// Rows whose entry j is the sum, in order, of the values whose index is j: the twin of scatter_columns.wgsl.

export function scatter_columns(values: usize, indices: usize, out: usize, rows: i32, width: u32, chosen: i32): void {
  const bytes = (<usize>width) << 2;
  memory.fill(out, 0, <usize>rows * bytes);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < chosen; j++) {
      const to = out + ((<usize>min(load<u32>(indices), width - 1)) << 2);
      store<f32>(to, load<f32>(to) + load<f32>(values));
      indices += 4;
      values += 4;
    }
    out += bytes;
  }
}
