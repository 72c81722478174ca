// z = mean + L noise for packed Gaussians: the twin of sample_gaussian.wgsl. The noise of a replica is drawn first, since its counters
// follow one another from row to row.

import { deviations, lowerCount, lowerOf } from './lib/packed';
import { normals } from './lib/random';

export function sample_gaussian(
  packed: usize,
  seeds: usize,
  step: usize,
  out: usize,
  noise: usize,
  spread: usize,
  replicas: i32,
  rows: i32,
  width: i32,
  dimensions: i32,
  purpose: u32,
): void {
  const blocks = (dimensions + 1) >> 1;
  for (let r = 0; r < replicas; r++) {
    normals(noise, rows * blocks, load<u32>(seeds + ((<usize>r) << 2)), purpose, load<u32>(step));
    let own = noise;
    for (let row = 0; row < rows; row++) {
      deviations(packed, spread, dimensions, 1);
      for (let i = 0; i < dimensions; i++) {
        const at = (<usize>i) << 2;
        let z = load<f32>(packed + at) + load<f32>(spread + at) * load<f32>(own + at);
        let entry = lowerOf(packed, i, dimensions);
        for (let j = 0; j < lowerCount(i, dimensions, width); j++) {
          z += load<f32>(entry) * load<f32>(own + ((<usize>j) << 2));
          entry += 4;
        }
        store<f32>(out + at, z);
      }
      packed += (<usize>width) << 2;
      out += (<usize>dimensions) << 2;
      own += (<usize>blocks) << 3;
    }
  }
}
