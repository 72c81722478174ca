// One Adam update of an arena: the twin of adam.wgsl and adam_factors.wgsl. Entries of a negative rate are gaps, kept at 0.

import { add, expm14, mul, one, splat, sub } from './lib/float';
import { watch } from './lib/watch';

/** 1 - beta^updates, from ln beta. */
@inline
function warmth(updates: f32, logBeta: f32): f32 {
  return -one(expm14(splat(updates * logBeta)));
}

export function adam(
  parameters: usize,
  gradients: usize,
  first: usize,
  second: usize,
  rates: usize,
  step: usize,
  nonFinite: usize,
  count: i32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  logBeta1: f32,
  logBeta2: f32,
): void {
  const updates = <f32>(<f64>load<u32>(step) + 1);
  const factor1 = splat(<f32>1 / warmth(updates, logBeta1));
  const factor2 = splat(<f32>1 / sqrt<f32>(warmth(updates, logBeta2)));
  let wrong = splat(0);
  for (let at: usize = 0; at < <usize>count << 2; at += 16) {
    const rate = v128.load(rates + at);
    const gap = f32x4.lt(rate, splat(0));
    const g = v128.andnot(v128.load(gradients + at), gap);
    wrong = watch(wrong, g);
    const m = add(mul(splat(beta1), v128.load(first + at)), mul(splat(<f32>1 - beta1), g));
    const v = add(mul(splat(beta2), v128.load(second + at)), mul(splat(<f32>1 - beta2), mul(g, g)));
    v128.store(first + at, m);
    v128.store(second + at, v);
    const change = f32x4.div(mul(rate, mul(m, factor1)), add(mul(f32x4.sqrt(v), factor2), splat(epsilon)));
    v128.store(parameters + at, v128.andnot(sub(v128.load(parameters + at), change), gap));
  }
  if (v128.any_true(wrong)) store<u32>(nonFinite, min(load<u32>(nonFinite), load<u32>(step)));
}
