// Local values of I(z_i; x | z_-i = c) on the encoder's side: x is an example, drawn uniformly, and z ~ q(z | x). Given
// z_-i = c, examples have weights w_n(c), and z_i is a mixture of their conditionals. A local value is
// ln q(z_i | x, c) - ln sum of w_m q(z_i | m, c) for a draw of x and z_i; local values of one stratum are independent, and
// their mean is M_i(c).

import { normalQuantile } from '../../math/normal';
import type { Draw } from '../information/draw';
import { conditionalsAt } from '../information/mixture1d';
import type { Component } from '../information/posterior';

export interface Stratum {
  /** The values of the other latents, in order. */
  readonly c: readonly number[];
  /** 1 / sum of squared weights: how many examples stand behind it. */
  readonly effectiveSamples: number;
  readonly local: Float64Array;
  /** M_i(c) estimated without the draw's own example: with many examples behind a stratum the two agree. */
  readonly leaveOneOut: number;
}

/** A point of the aggregated posterior: an example, then a draw of its posterior. */
export function drawPoint(components: readonly Component[], draw: Draw): number[] {
  const { mean, cholesky } = components[draw.below(components.length)];
  const noise = mean.map(() => normalQuantile(draw.uniform()));
  return mean.map((m, i) => m + cholesky[i].reduce((sum, value, j) => sum + (j <= i ? value * noise[j] : 0), 0));
}

/** Nats that are rounding of the exponentials. */
const ROUNDING = 1e-12;
/** Nats by which a single draw may differ without its own example. */
const ALONE = 1;

/** `count` local values of latent i at z_-i = c. */
export function stratumAt(
  components: readonly Component[],
  i: number,
  c: readonly number[],
  count: number,
  draw: Draw,
): Stratum {
  const { weights, means, deviations, effectiveSamples } = conditionalsAt(components, i, c);
  // Examples that cannot matter are left out, so that a stratum costs what stands behind it.
  const kept = Array.from(weights.keys()).filter((n) => weights[n] > 1e-12);
  const cumulative: number[] = [];
  let sum = 0;
  for (const n of kept) {
    sum += weights[n];
    cumulative.push(sum);
  }
  const local = new Float64Array(count);
  let without = 0;
  for (let t = 0; t < count; t++) {
    const u = draw.uniform() * sum;
    const own = kept[search(cumulative, u)];
    const z = means[own] + deviations[own] * normalQuantile(draw.uniform());
    const density = (n: number): number => Math.exp(-0.5 * ((z - means[n]) / deviations[n]) ** 2) / deviations[n];
    let mixture = 0;
    for (const n of kept) mixture += weights[n] * density(n);
    const value = Math.log(density(own) / mixture);
    // What rounding leaves of exactly 0, where every example has the same conditional, is no difference between strata.
    local[t] = Math.abs(value) < ROUNDING ? 0 : value;
    // An example that stands alone says how dense its place is to a factor of e, not that nothing else can be there.
    const rest = (mixture - weights[own] * density(own)) / (1 - weights[own]);
    without += (local[t] + Math.min(ALONE, Math.max(0, Math.log(mixture / rest)))) / count;
  }
  return { c, effectiveSamples, local, leaveOneOut: without };
}

/** The first index whose cumulative sum reaches u. */
function search(cumulative: readonly number[], u: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] >= u) high = middle;
    else low = middle + 1;
  }
  return low;
}
