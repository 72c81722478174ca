// Square images shrunk by the mean of every square of `factor` pixels, added row by row: the twin of area_mean.wgsl.

export function area_mean(images: usize, out: usize, count: i32, side: i32, factor: i32): void {
  const small = side / factor;
  const row = <usize>side << 2;
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < small; i++)
      for (let j = 0; j < small; j++) {
        let corner = images + <usize>(i * factor) * row + (<usize>(j * factor) << 2);
        let total: f32 = 0;
        for (let y = 0; y < factor; y++) {
          for (let x = 0; x < factor; x++) total += load<f32>(corner + (<usize>x << 2));
          corner += row;
        }
        store<f32>(out, total / <f32>(factor * factor));
        out += 4;
      }
    images += <usize>side * row;
  }
}
