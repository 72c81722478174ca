// One Adam update of an arena: the twin of adam.wgsl. Entries of a negative rate are gaps, kept at 0. The bias corrections come from
// memory: worked out here they would be worked out again for every four entries (V8 moves a long pure expression to its use).

import { add, mul, normalOr0, splat, sub } from './lib/float';
import { watch } from './lib/watch';

export function adam(
  parameters: usize,
  gradients: usize,
  first: usize,
  second: usize,
  rates: usize,
  step: usize,
  nonFinite: usize,
  factors: usize,
  count: i32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
): void {
  const factor1 = v128.load32_splat(factors);
  const factor2 = v128.load32_splat(factors, 4);
  let wrong = splat(0);
  for (let at: usize = 0; at < <usize>count << 2; at += 16) {
    const rate = v128.load(rates + at);
    const gap = f32x4.lt(rate, splat(0));
    const g = v128.andnot(v128.load(gradients + at), gap);
    wrong = watch(wrong, g);
    const m = normalOr0(add(mul(splat(beta1), v128.load(first + at)), mul(splat(<f32>1 - beta1), g)));
    const v = normalOr0(add(mul(splat(beta2), v128.load(second + at)), mul(splat(<f32>1 - beta2), mul(g, g))));
    v128.store(first + at, m);
    v128.store(second + at, v);
    const change = f32x4.div(mul(rate, mul(m, factor1)), add(mul(f32x4.sqrt(v), factor2), splat(epsilon)));
    v128.store(parameters + at, v128.andnot(sub(v128.load(parameters + at), change), gap));
  }
  if (v128.any_true(wrong)) store<u32>(nonFinite, min(load<u32>(nonFinite), load<u32>(step)));
}
