// Draw j of replica r at a step is a function of (seed, purpose, j, step): the twin of random.wgsl, one export a kind.

import { normal4, storeBlocks, threefry4, uniform4, wordsX, wordsY } from './lib/random';

enum F {
  uniform,
  normal,
  index,
  bits,
}

/** floor(bits range / 2^32) of each. */
@inline
function below(bits: v128, range: u32): v128 {
  const low = i64x2.extmul_low_i32x4_u(bits, i32x4.splat(range));
  const high = i64x2.extmul_high_i32x4_u(bits, i32x4.splat(range));
  return i32x4.shuffle(low, high, 1, 3, 5, 7);
}

@inline
function drawn(which: F, bits: v128, range: u32): v128 {
  switch (which) {
    case F.uniform:
      return uniform4(bits);
    case F.normal:
      return normal4(bits);
    case F.index:
      return below(bits, range);
    default:
      return bits;
  }
}

@inline
function each(which: F, seeds: usize, step: usize, out: usize, replicas: i32, draws: i32, purpose: u32, range: u32): void {
  const now = load<u32>(step);
  for (let r = 0; r < replicas; r++) {
    const seed = load<u32>(seeds + (<usize>r << 2));
    for (let j = 0; j < draws; j += 8) {
      threefry4(seed, purpose, j >> 1, now);
      storeBlocks(out + (<usize>j << 2), drawn(which, wordsX, range), drawn(which, wordsY, range), draws - j);
    }
    out += <usize>draws << 2;
  }
}

export function random_uniform(seeds: usize, step: usize, out: usize, replicas: i32, draws: i32, purpose: u32, range: u32): void {
  each(F.uniform, seeds, step, out, replicas, draws, purpose, range);
}
export function random_normal(seeds: usize, step: usize, out: usize, replicas: i32, draws: i32, purpose: u32, range: u32): void {
  each(F.normal, seeds, step, out, replicas, draws, purpose, range);
}
export function random_index(seeds: usize, step: usize, out: usize, replicas: i32, draws: i32, purpose: u32, range: u32): void {
  each(F.index, seeds, step, out, replicas, draws, purpose, range);
}
export function random_bits(seeds: usize, step: usize, out: usize, replicas: i32, draws: i32, purpose: u32, range: u32): void {
  each(F.bits, seeds, step, out, replicas, draws, purpose, range);
}
