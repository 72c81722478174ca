// How much M_i(c) varies over c in the population that the examples were drawn from: tau, with an interval whose upper end
// can be compared with a margin. M_i(c) of the given examples is exact (quadrature), so two things are uncertain.
//
//   which c were drawn          the fourth moment of M_i(c) over c, no normality supposed
//   which examples were drawn   M_i(c) is a functional of their distribution with influence w_n(c) (KL(q_n | q) - M_i(c)),
//                               q the mixture at c. So its errors at all c, and how they go together, are known to first
//                               order; in the worst direction they hide as much of tau as their largest principal
//                               deviation, whatever M_i looks like (tau <= |seen| + |error along the truth|)
//
// Subtracting the variance of the examples from what is seen would be the unsafe side: the upper end leaves it in. What no c
// that was drawn met cannot be seen: M_i that differs only where less than about 3 / strata of all c lie.

import { InputError } from '../../engine';
import { fCdf } from '../../math/distributions';
import { normalQuantile } from '../../math/normal';
import type { Draw } from '../information/draw';
import { COARSE, conditionalsAt, densityGrid, gridWork } from '../information/mixture1d';
import type { Component } from '../information/posterior';
import { drawPoint } from './strata';

export interface VariationOptions {
  /** Values of the other latents to look at. */
  readonly strata: number;
  /** Examples that must stand behind one; those with fewer are refused. */
  readonly needed: number;
  /** Tests made at once: the upper bound holds for all of them together. */
  readonly tests: number;
}

export interface Variation {
  /** The standard deviation of M_i(c) over c less what the choice of examples adds, nats; 0 where that is negative. */
  readonly value: number;
  /** 95 %: each end misses with a chance of 2.5 %. */
  readonly interval: readonly [number, number];
  /** The upper end at 2.5 % / tests: what an equivalence test compares with its margin. */
  readonly upper: number;
  /** Strata looked at, and refused. */
  readonly strata: number;
  readonly refused: number;
}

/** The share of the strata that must have enough examples for a claim about all. */
const MOST_OF = 0.5;

/** Evidence that M_i(c) varies by less than `margin`, for most of the values that the other latents take. */
export const isInside = (
  { upper, strata, refused }: Pick<Variation, 'upper' | 'strata' | 'refused'>,
  margin: number,
): boolean => upper < margin && strata >= MOST_OF * (strata + refused);

/** Values of the other latents that tau is taken over by default: exact each, so that many are cheap. */
export const VARIATION_STRATA = 128;
/** Of the examples that a stratum of local values needs: less is enough where their errors are known and counted. */
export const VARIATION_NEEDS = 0.4;

/** The chance that one end of the interval misses. */
const LEVEL = 0.025;
/** Examples with less weight change nothing. */
const NEGLIGIBLE = 1e-12;
/** How much farther from the mean M_i may be where too few examples stand than anywhere else. */
const BEYOND = 1.25;

/** tau of latent i. Fewer than three strata give NaN. */
export function variationOf(
  components: readonly Component[],
  i: number,
  options: VariationOptions,
  draw: Draw,
): Variation {
  const { strata, needed, tests } = options;
  checkWork(components, i, strata);
  const values: number[] = [];
  const influences: Float64Array[] = [];
  let refused = 0;
  for (let s = 0; s < strata; s++) {
    const c = drawPoint(components, draw).filter((_, j) => j !== i);
    const conditionals = conditionalsAt(components, i, c);
    if (conditionals.effectiveSamples < needed) {
      refused++;
      continue;
    }
    const { nats, influence } = withInfluence(conditionals);
    values.push(nats);
    influences.push(influence);
  }
  const none = { strata: values.length, refused };
  if (values.length < 3)
    return { ...none, value: Number.NaN, interval: [Number.NaN, Number.NaN], upper: Number.POSITIVE_INFINITY };
  const k = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / k;
  const away = values.map((value) => value - mean);
  const square = away.reduce((sum, d) => sum + d * d, 0);
  const seen = square / (k - 1);
  const errors = errorsOf(influences);
  const perStratum = (size: number): number => size / Math.sqrt(k - 1);
  const own = Math.sqrt(Math.max(0, (square - errors.total) / (k - 1)));
  // Which c were drawn: on the scale of logarithms, where the estimate of a variance is nearly symmetric.
  const fourth = away.reduce((sum, d) => sum + d ** 4, 0) / k;
  const relative = seen > 0 ? Math.sqrt(Math.max(0, fourth / seen ** 2 - (k - 3) / (k - 1)) / k) : 0;
  // Where too few examples stand, M_i may be farther off than anywhere else; how far is in proportion to what is seen.
  const share = refused / strata;
  const farthest = seen > 0 ? (BEYOND * Math.max(...away.map(Math.abs))) / Math.sqrt(seen) : 1;
  const outside = Math.sqrt(Math.max(1, 1 - share + share * farthest ** 2));
  const upper = (level: number): number => {
    const high = perStratum(sizeAt(square, errors, level));
    const byDraws = own * (Math.exp((normalQuantile(1 - level) * relative) / 2) - 1);
    return outside * (own + Math.hypot(high - own, byDraws));
  };
  const low = perStratum(sizeAt(square, errors, 1 - LEVEL));
  const lower = own - Math.hypot(own - low, own * (1 - Math.exp((normalQuantile(LEVEL) * relative) / 2)));
  return { ...none, value: own, interval: [Math.max(0, lower), upper(LEVEL)], upper: upper(LEVEL / tests) };
}

/** The covariance of the errors of M_i at the strata, their mean over the strata taken out. */
interface Errors {
  /** Trace, largest eigenvalue, and sum of squares of the others. */
  readonly total: number;
  readonly largest: number;
  readonly otherSquares: number;
}

function errorsOf(influences: readonly Float64Array[]): Errors {
  const k = influences.length;
  const n = influences[0].length;
  const mean = new Float64Array(n);
  for (const each of influences) for (let m = 0; m < n; m++) mean[m] += each[m] / k;
  const rows = influences.map((each) => each.map((value, m) => value - mean[m]));
  const covariance = rows.map((row, s) =>
    rows.map((other, t) => {
      if (t > s) return 0;
      let sum = 0;
      for (let m = 0; m < n; m++) sum += row[m] * other[m];
      return sum;
    }),
  );
  for (let s = 0; s < k; s++) for (let t = s + 1; t < k; t++) covariance[s][t] = covariance[t][s];
  const total = covariance.reduce((sum, row, s) => sum + row[s], 0);
  const squares = covariance.flat().reduce((sum, value) => sum + value * value, 0);
  let direction = covariance.map((_, s) => Math.sin(s + 1));
  let largest = 0;
  for (let iteration = 0; iteration < POWER_ITERATIONS; iteration++) {
    const next = covariance.map((row) => row.reduce((sum, value, t) => sum + value * direction[t], 0));
    largest = Math.hypot(...next);
    if (largest === 0) break;
    direction = next.map((value) => value / largest);
  }
  return { total, largest, otherSquares: Math.max(0, squares - largest ** 2) };
}

/**
 * The size (Euclidean, over the strata) that the true differences must have for what is seen, `square` = |truth + error|^2, to
 * be exceeded with the chance 1 - `chance`. The truth is taken to lie along the direction of the largest errors, which can
 * hide most of it; the errors in all others are a scaled chi-square (Satterthwaite).
 */
function sizeAt(square: number, { total, largest, otherSquares }: Errors, chance: number): number {
  const rest = Math.max(0, total - largest);
  const scale = rest > 0 ? otherSquares / rest : 0;
  const degrees = scale > 0 ? rest / scale : 0;
  const spread = Math.sqrt(largest);
  const below = (size: number): number => {
    let p = 0;
    for (const { z, weight } of NORMAL_NODES) {
      const left = square - (size + spread * z) ** 2;
      if (left > 0) p += weight * (scale > 0 ? chiSquareCdf(left / scale, degrees) : 1);
    }
    return p;
  };
  if (below(0) <= chance) return 0;
  let [low, high] = [0, Math.sqrt(square) + 6 * spread];
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (below(middle) > chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const POWER_ITERATIONS = 100;
const BISECTIONS = 40;
/** Evenly spaced to eight deviations, since levels shared among many tests look far out. */
const STEP = 0.04;
const NORMAL_NODES = Array.from({ length: 401 }, (_, j) => {
  const z = STEP * (j - 200);
  return { z, weight: (STEP * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI) };
});

/** The limit of the F distribution as its second degrees of freedom grow. */
const chiSquareCdf = (x: number, degrees: number): number => fCdf(x / degrees, degrees, 1e9);

/** Densities that are evaluated in about a minute. */
const MOST_WORK = 2e9;

/** Throws InputError where one posterior is so much narrower than others that quadrature would take minutes. */
function checkWork(components: readonly Component[], i: number, strata: number): void {
  const work = strata * gridWork(components, i, COARSE);
  if (work <= MOST_WORK) return;
  const deviations = components.map(({ precision }) => 1 / Math.sqrt(precision[i][i]));
  const [least, most] = [deviations.reduce((a, b) => Math.min(a, b)), deviations.reduce((a, b) => Math.max(a, b))];
  throw new InputError(
    `latent ${i}: given the others, posteriors have deviations from ${least.toPrecision(2)} to ${most.toPrecision(2)}; that many densities (${work.toExponential(0)}) take too long. Leave out the narrowest examples, or use fewer.`,
  );
}

/** M of a one-dimensional mixture, and what each example's share in the population does to it. */
function withInfluence({ weights, means, deviations }: ReturnType<typeof conditionalsAt>): {
  nats: number;
  influence: Float64Array;
} {
  const { low, step, density } = densityGrid(weights, means, deviations, COARSE);
  const logs = density.map((p) => (p > 0 ? Math.log(p) : 0));
  const divergence = new Float64Array(weights.length);
  let nats = 0;
  for (let n = 0; n < weights.length; n++) {
    if (weights[n] < NEGLIGIBLE) continue;
    const reach = COARSE.reach * deviations[n];
    const first = Math.max(0, Math.ceil((means[n] - reach - low) / step));
    const last = Math.min(density.length - 1, Math.floor((means[n] + reach - low) / step));
    let cross = 0;
    let mass = 0;
    for (let node = first; node <= last; node++) {
      const t = (low + node * step - means[n]) / deviations[n];
      const p = Math.exp(-0.5 * t * t);
      cross -= p * logs[node];
      mass += p;
    }
    divergence[n] = cross / mass - 0.5 * Math.log(2 * Math.PI * Math.E) - Math.log(deviations[n]);
    nats += weights[n] * divergence[n];
  }
  return { nats, influence: divergence.map((d, n) => (weights[n] < NEGLIGIBLE ? 0 : weights[n] * (d - nats))) };
}
