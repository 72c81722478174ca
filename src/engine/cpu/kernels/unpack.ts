// Rows of bits or bytes as numbers from 0 to 1, by index; a row that lies in another part is zeros. The twin of unpack.wgsl.

export function unpack(
  words: usize,
  indices: usize,
  out: usize,
  count: i32,
  rows: u32,
  perRow: i32,
  width: i32,
  first: u32,
  bits: i32,
): void {
  const scale: u32 = (1 << bits) - 1;
  const perWord = 32 / bits;
  for (let n = 0; n < count; n++) {
    const row = load<u32>(indices + (<usize>n << 2)) - first;
    // A row before the first wraps around to one beyond the last.
    const isHere = row < rows;
    const from = words + (<usize>(isHere ? row * perRow : 0) << 2);
    for (let c = 0; c < width; c++) {
      const word: u32 = isHere ? load<u32>(from + (<usize>(c / perWord) << 2)) : 0;
      store<f32>(out, <f32>((word >> (bits * (c % perWord))) & scale) / <f32>scale);
      out += 4;
    }
  }
}
