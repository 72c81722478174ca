// Numbers that belong to an example, a function of (seed, purpose, number of the example): the twin of example_noise.wgsl. The counter is
// the example and the block within it, so a block is drawn at a time.

import { normal4, storeBlocks, threefryPairs, uniform4, wordsX, wordsY } from './lib/random';

export function example_noise(
  indices: usize,
  out: usize,
  examples: i32,
  width: i32,
  seed: u32,
  purpose: u32,
  normal: bool,
): void {
  for (let n = 0; n < examples; n++) {
    const example = load<u32>(indices + (<usize>n << 2));
    for (let j = 0; j < width; j += 8) {
      threefryPairs(seed, purpose, i32x4.splat(example), i32x4.add(i32x4.splat(j >> 1), i32x4(0, 1, 2, 3)));
      const x = normal ? normal4(wordsX) : uniform4(wordsX);
      const y = normal ? normal4(wordsY) : uniform4(wordsY);
      storeBlocks(out + (<usize>j << 2), x, y, width - j);
    }
    out += <usize>width << 2;
  }
}
