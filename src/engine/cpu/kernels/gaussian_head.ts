// Packed Gaussians from what a network puts out: log standard deviations bounded, entries below the diagonal times the replica's
// coupling, what lies beyond the width ignored; and the gradient. The twin of gaussian_head.wgsl.

export function gaussian_head(
  raw: usize,
  coupling: usize,
  out: usize,
  replicas: i32,
  rows: i32,
  wide: i32,
  width: i32,
  dimensions: i32,
  lowest: f32,
  highest: f32,
): void {
  for (let r = 0; r < replicas; r++) {
    const factor = load<f32>(coupling + ((<usize>r) << 2));
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < width; c++) {
        const at = (<usize>c) << 2;
        const x = load<f32>(raw + at);
        if (c < dimensions) store<f32>(out + at, x);
        else if (c < 2 * dimensions) store<f32>(out + at, x < lowest ? lowest : min(x, highest));
        else store<f32>(out + at, x * factor);
      }
      raw += (<usize>wide) << 2;
      out += (<usize>width) << 2;
    }
  }
}

export function gaussian_head_gradient(
  raw: usize,
  coupling: usize,
  upstream: usize,
  out: usize,
  replicas: i32,
  rows: i32,
  wide: i32,
  width: i32,
  dimensions: i32,
  lowest: f32,
  highest: f32,
): void {
  for (let r = 0; r < replicas; r++) {
    const factor = load<f32>(coupling + ((<usize>r) << 2));
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < wide; c++) {
        const at = (<usize>c) << 2;
        let g: f32 = 0;
        if (c < width) {
          const x = load<f32>(raw + at);
          g = load<f32>(upstream + at);
          if (c >= 2 * dimensions) g *= factor;
          else if (c >= dimensions && (x < lowest || x > highest)) g = 0;
        }
        store<f32>(out + at, g);
      }
      raw += (<usize>wide) << 2;
      out += (<usize>wide) << 2;
      upstream += (<usize>width) << 2;
    }
  }
}
