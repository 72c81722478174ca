// to[into + w . i] = from[start + r . i] for every index i of four axes, in words of any type: the twin of strided_copy.wgsl, and what
// slicing, joining, transposing, stretching and packing are. Strides are in words.

export function strided_copy(
  from: usize,
  to: usize,
  start: i32,
  into: i32,
  n0: i32,
  n1: i32,
  n2: i32,
  n3: i32,
  r0: i32,
  r1: i32,
  r2: i32,
  r3: i32,
  w0: i32,
  w1: i32,
  w2: i32,
  w3: i32,
): void {
  for (let i0 = 0; i0 < n0; i0++)
    for (let i1 = 0; i1 < n1; i1++)
      for (let i2 = 0; i2 < n2; i2++) {
        const read = from + (<usize>(start + i0 * r0 + i1 * r1 + i2 * r2) << 2);
        const write = to + (<usize>(into + i0 * w0 + i1 * w1 + i2 * w2) << 2);
        copyRow(read, write, n3, r3, w3);
      }
}

@inline
function copyRow(read: usize, write: usize, count: i32, r: i32, w: i32): void {
  let i = 0;
  if (w == 1 && r <= 1) {
    for (; i + 4 <= count; i += 4) {
      v128.store(write, r == 1 ? v128.load(read) : v128.load32_splat(read));
      read += <usize>r << 4;
      write += 16;
    }
  }
  for (; i < count; i++) {
    store<u32>(write, load<u32>(read));
    read += <usize>r << 2;
    write += <usize>w << 2;
  }
}
