// The numbers that a renderer wants of the combinations of factors: digits of mixed radix, looked up. The twin of factor_numbers.wgsl.

export function factor_numbers(
  indices: usize,
  digits: usize,
  values: usize,
  out: usize,
  combinations: i32,
  wanted: i32,
): void {
  for (let n = 0; n < combinations; n++) {
    const index = load<u32>(indices + (<usize>n << 2));
    let digit = digits;
    for (let i = 0; i < wanted; i++) {
      const place = load<u32>(digit, 8) + ((index / load<u32>(digit)) % load<u32>(digit, 4));
      store<f32>(out, load<f32>(values + (<usize>place << 2)));
      digit += 12;
      out += 4;
    }
  }
}
