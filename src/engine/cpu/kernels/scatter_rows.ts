// A table whose row r is the sum, in order, of the values whose index is r: the twin of scatter_rows.wgsl.

import { add } from './lib/float';

export function scatter_rows(values: usize, indices: usize, out: usize, count: i32, rows: u32, width: i32): void {
  const bytes = (<usize>width) << 2;
  memory.fill(out, 0, rows * bytes);
  for (let i = 0; i < count; i++) {
    const to = out + min(load<u32>(indices + ((<usize>i) << 2)), rows - 1) * bytes;
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) v128.store(to + at, add(v128.load(to + at), v128.load(values + at)));
    for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(values + at));
    values += bytes;
  }
}
