// v = momentum v + g, p = p - rate v over an arena: the twin of sgd.wgsl. Entries of a negative rate are gaps, kept at 0.

import { add, mul, normalOr0, splat, sub } from './lib/float';
import { watch } from './lib/watch';

export function sgd(
  parameters: usize,
  gradients: usize,
  velocity: usize,
  rates: usize,
  step: usize,
  nonFinite: usize,
  count: i32,
  momentum: f32,
): void {
  let wrong = splat(0);
  for (let at: usize = 0; at < (<usize>count) << 2; at += 16) {
    const rate = v128.load(rates + at);
    const gap = f32x4.lt(rate, splat(0));
    const g = v128.andnot(v128.load(gradients + at), gap);
    wrong = watch(wrong, g);
    const v = normalOr0(add(mul(splat(momentum), v128.load(velocity + at)), g));
    v128.store(velocity + at, v);
    v128.store(parameters + at, v128.andnot(sub(v128.load(parameters + at), mul(rate, v)), gap));
  }
  if (v128.any_true(wrong)) store<u32>(nonFinite, min(load<u32>(nonFinite), load<u32>(step)));
}
