// Rows of a table by index; an index beyond the end gives the last row. The twin of gather_rows.wgsl.

export function gather_rows(table: usize, indices: usize, out: usize, count: i32, rows: u32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let i = 0; i < count; i++) {
    const row = min(load<u32>(indices + ((<usize>i) << 2)), rows - 1);
    memory.copy(out, table + row * bytes, bytes);
    out += bytes;
  }
}
