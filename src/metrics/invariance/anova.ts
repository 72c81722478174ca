// Are the means of K groups of independent values equal? Welch's analysis of variance (Welch 1951), which needs no equal
// variances, and the same statistic under permutations (studentised: Chung & Romano 2013). And how much they differ:
// tau, the standard deviation of the group means, with an interval.

import { fCdf, fQuantile, noncentralFCdf } from '../../math/distributions';
import { meanOf, varianceOf } from '../../math/statistics';
import type { Draw } from '../information/draw';

/** Mean, variance and number of a group. */
export interface GroupSummary {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** Mean, variance and number of a group. */
export function summarise(values: Float64Array): GroupSummary {
  const n = values.length;
  let mean = 0;
  for (const value of values) mean += value / n;
  let square = 0;
  for (const value of values) square += (value - mean) ** 2;
  return { n, mean, variance: square / (n - 1) };
}

/** The statistic of Welch 1951, its degrees of freedom and its p value. */
export interface Welch {
  readonly statistic: number;
  /** Degrees of freedom. */
  readonly between: number;
  readonly within: number;
  readonly pValue: number;
}

/** Welch's F. Groups without variance make the answer 0 or 1: equal, or certainly not. */
export function welch(groups: readonly GroupSummary[]): Welch {
  const k = groups.length;
  if (groups.some(({ variance }) => !(variance > 0))) {
    const equal = groups.every(({ mean }) => mean === groups[0].mean);
    return {
      statistic: equal ? 0 : Number.POSITIVE_INFINITY,
      between: k - 1,
      within: Number.POSITIVE_INFINITY,
      pValue: equal ? 1 : 0,
    };
  }
  const weights = groups.map(({ n, variance }) => n / variance);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const centre = groups.reduce((sum, { mean }, g) => sum + weights[g] * mean, 0) / total;
  const spread = groups.reduce((sum, { mean }, g) => sum + weights[g] * (mean - centre) ** 2, 0) / (k - 1);
  const lambda = groups.reduce((sum, { n }, g) => sum + (1 - weights[g] / total) ** 2 / (n - 1), 0);
  const statistic = spread / (1 + (2 * (k - 2) * lambda) / (k * k - 1));
  const within = (k * k - 1) / (3 * lambda);
  return { statistic, between: k - 1, within, pValue: 1 - fCdf(statistic, k - 1, within) };
}

/** (1 + surrogates at least as large) / (1 + surrogates): Welch's statistic when values are dealt to the groups anew. */
export function permutationPValue(groups: readonly Float64Array[], surrogates: number, draw: Draw): number {
  const observed = welch(groups.map(summarise)).statistic;
  const all = Float64Array.from(groups.flatMap((group) => Array.from(group)));
  const starts = groups.map((_, g) => groups.slice(0, g).reduce((sum, { length }) => sum + length, 0));
  let atLeast = 0;
  for (let s = 0; s < surrogates; s++) {
    const order = draw.permutation(all.length);
    const dealt = Float64Array.from(order, (i) => all[i]);
    const surrogate = groups.map(({ length }, g) => summarise(dealt.subarray(starts[g], starts[g] + length)));
    if (welch(surrogate).statistic >= observed) atLeast++;
  }
  return (1 + atLeast) / (1 + surrogates);
}

export interface Spread {
  /** sqrt of (mean square between - mean square within) / n, or 0 where that is negative. */
  readonly value: number;
  /** 95 %: see `spreadOf`. */
  readonly interval: readonly [number, number];
  /** Upper bound at `level`, one-sided: what an equivalence test compares with its margin. */
  readonly upper: number;
}

/**
 * tau, the standard deviation of the groups' true means, with the interval whose ends make the observed Q statistic a 2.5 %
 * and 97.5 % quantile (Q-profile: Viechtbauer 2007), each group's variance taken as known.
 */
export function spreadOf(groups: readonly GroupSummary[], level = 0.05): Spread {
  const k = groups.length;
  const errors = groups.map(({ n, variance }) => variance / n);
  const between = varianceOf(
    groups.map(({ mean }) => mean),
    1,
  );
  const within = meanOf(errors);
  const value = Math.sqrt(Math.max(0, between - within));
  const profile = (tau2: number): number => {
    const weights = errors.map((error) => 1 / (error + tau2));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const centre = groups.reduce((sum, { mean }, g) => sum + weights[g] * mean, 0) / total;
    return groups.reduce((sum, { mean }, g) => sum + weights[g] * (mean - centre) ** 2, 0);
  };
  /** The tau at which Q falls to a quantile of chi-square; 0 where it is below it from the start. */
  const bound = (p: number): number => {
    const target = chiSquareQuantile(p, k - 1);
    if (profile(0) <= target) return 0;
    let high = between + within;
    while (profile(high) > target) high *= 2;
    let low = 0;
    for (let i = 0; i < 100; i++) {
      const middle = (low + high) / 2;
      if (profile(middle) > target) low = middle;
      else high = middle;
    }
    return Math.sqrt((low + high) / 2);
  };
  return { value, interval: [bound(0.975), bound(0.025)], upper: bound(level) };
}

/** The limit of an F quantile as its second degrees of freedom grow. */
const chiSquareQuantile = (p: number, degrees: number): number => degrees * fQuantile(p, degrees, 1e9);

/**
 * The chance that Welch's test of K groups of n finds a spread of tau when single values scatter by sigma: noncentral F
 * with noncentrality n K (tau / sigma)^2.
 */
export function power(groups: number, n: number, ratio: number, level = 0.05): number {
  const within = groups * (n - 1);
  return 1 - noncentralFCdf(fQuantile(1 - level, groups - 1, within), groups - 1, within, n * groups * ratio ** 2);
}

/** P-values adjusted for being several (Holm 1979): the smallest times m, the next times m - 1, never decreasing. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[i]));
    adjusted[i] = largest;
  }
  return adjusted;
}
