// p = p - rate decay p over an arena; a negative rate or decay leaves an entry alone. The twin of weight_decay.wgsl.

import { mul, select4, splat, sub } from './lib/float';

export function weight_decay(parameters: usize, rates: usize, decays: usize, count: i32): void {
  for (let at: usize = 0; at < (<usize>count) << 2; at += 16) {
    const rate = v128.load(rates + at);
    const decay = v128.load(decays + at);
    const p = v128.load(parameters + at);
    const stays = v128.or(f32x4.lt(rate, splat(0)), f32x4.lt(decay, splat(0)));
    v128.store(parameters + at, select4(p, sub(p, mul(mul(rate, decay), p)), stays));
  }
}
