// The gradient of a sample in its packed Gaussian, drawing the same noise again, added to `before` where there is one: the twin of
// sample_gaussian_gradient.wgsl.

import { deviations, lowerCount } from './lib/packed';
import { normals } from './lib/random';

export function sample_gaussian_gradient(
  packed: usize,
  seeds: usize,
  step: usize,
  upstream: usize,
  before: usize,
  out: usize,
  noise: usize,
  spread: usize,
  replicas: i32,
  rows: i32,
  width: i32,
  dimensions: i32,
  purpose: u32,
  added: bool,
): void {
  const blocks = (dimensions + 1) >> 1;
  for (let r = 0; r < replicas; r++) {
    normals(noise, rows * blocks, load<u32>(seeds + (<usize>r << 2)), purpose, load<u32>(step));
    let own = noise;
    for (let row = 0; row < rows; row++) {
      deviations(packed, spread, dimensions, 1);
      let at: usize = 0;
      for (let i = 0; i < dimensions; i++) {
        put(out, before, at, load<f32>(upstream + (<usize>i << 2)), added);
        at += 4;
      }
      for (let i = 0; i < dimensions; i++) {
        const index = <usize>i << 2;
        put(out, before, at, load<f32>(upstream + index) * (load<f32>(spread + index) * load<f32>(own + index)), added);
        at += 4;
      }
      for (let i = 1; i < dimensions; i++) {
        const g = load<f32>(upstream + (<usize>i << 2));
        for (let j = 0; j < lowerCount(i, dimensions, width); j++) {
          put(out, before, at, g * load<f32>(own + (<usize>j << 2)), added);
          at += 4;
        }
      }
      packed += <usize>width << 2;
      before += <usize>width << 2;
      out += <usize>width << 2;
      upstream += <usize>dimensions << 2;
      own += <usize>blocks << 3;
    }
  }
}

@inline
function put(out: usize, before: usize, at: usize, value: f32, added: bool): void {
  store<f32>(out + at, added ? load<f32>(before + at) + value : value);
}
