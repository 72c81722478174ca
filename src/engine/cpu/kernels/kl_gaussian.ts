// KL(N(mean, L L') || N(0, I)) of packed Gaussians, in nats: the twin of kl_gaussian.wgsl.

import { deviations } from './lib/packed';

export function kl_gaussian(packed: usize, out: usize, spread: usize, rows: i32, width: i32, dimensions: i32): void {
  for (let row = 0; row < rows; row++) {
    deviations(packed, spread, dimensions, 1);
    let total: f32 = 0;
    for (let i = 0; i < dimensions; i++) {
      const at = (<usize>i) << 2;
      const mean = load<f32>(packed + at);
      const logDeviation = load<f32>(packed + at + ((<usize>dimensions) << 2));
      const deviation = load<f32>(spread + at);
      total += mean * mean + (deviation * deviation - 1 - 2 * logDeviation);
    }
    for (let c = 2 * dimensions; c < width; c++) {
      const entry = load<f32>(packed + ((<usize>c) << 2));
      total += entry * entry;
    }
    store<f32>(out, <f32>0.5 * total);
    packed += (<usize>width) << 2;
    out += 4;
  }
}
