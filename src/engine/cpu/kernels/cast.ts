// Whole numbers as floats, rounded to the nearest: the twin of cast.wgsl.

export function cast(x: usize, out: usize, count: i32): void {
  for (const end = out + ((<usize>count) << 2); out < end; out += 4) {
    store<f32>(out, <f32>load<u32>(x));
    x += 4;
  }
}
