// ln N(z_i,k; mean_j,k, deviation_j,k) of every sample i under every component j: the twin of pairwise_gaussian.wgsl. The components'
// precisions are worked out once; a component's densities are written in whole vectors, and what lies beyond them is written again.

import { exp4, mul, splat, sub } from './lib/float';
import { storeWithin } from './lib/walk';

export function pairwise_gaussian(
  z: usize,
  mean: usize,
  logDeviation: usize,
  out: usize,
  precision: usize,
  replicas: i32,
  samples: i32,
  components: i32,
  dimensions: i32,
): void {
  const size = (<usize>(components * dimensions)) << 2;
  const row = (<usize>dimensions) << 2;
  const last = out + <usize>(replicas * samples) * size;
  for (let r = 0; r < replicas; r++) {
    for (let at: usize = 0; at < size; at += 16)
      v128.store(precision + at, exp4(f32x4.neg(v128.load(logDeviation + at))));
    for (let i = 0; i < samples; i++) {
      for (let own: usize = 0; own < size; own += row) {
        for (let k: usize = 0; k < row; k += 16) {
          const at = own + k;
          const t = mul(sub(v128.load(z + k), v128.load(mean + at)), v128.load(precision + at));
          const density = sub(
            sub(mul(splat(-0.5), mul(t, t)), v128.load(logDeviation + at)),
            splat(0.9189385332046727),
          );
          storeWithin(out + at, density, last);
        }
      }
      z += row;
      out += size;
    }
    mean += size;
    logDeviation += size;
  }
}
