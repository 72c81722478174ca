// What one Adam update needs to know about the number of updates so far: 1 / (1 - beta1^t), 1 / sqrt(1 - beta2^t). The twin of
// adam_factors.wgsl.

import { expm14, one, splat } from './lib/float';

/** 1 - beta^updates, from ln beta. */
@inline
function warmth(updates: f32, logBeta: f32): f32 {
  return -one(expm14(splat(updates * logBeta)));
}

export function adam_factors(step: usize, factors: usize, logBeta1: f32, logBeta2: f32): void {
  const updates = <f32>(<f64>load<u32>(step) + 1);
  store<f32>(factors, <f32>1 / warmth(updates, logBeta1));
  store<f32>(factors + 4, <f32>1 / sqrt<f32>(warmth(updates, logBeta2)));
}
