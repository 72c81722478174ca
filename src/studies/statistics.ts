// Comparing two arms of a few seeds each: Welch's interval for the difference of means, and an exact permutation test.

import { meanOf, sumOf, varianceOf } from '../math/statistics';

export interface Comparison {
  /** mean(b) - mean(a). */
  readonly difference: number;
  /** 95 % interval of the difference (Welch). */
  readonly interval: [number, number];
  /** Two-sided, exact: the share of all ways to deal the values into two arms that differ at least as much. */
  readonly pValue: number;
}

export function compare(a: readonly number[], b: readonly number[]): Comparison {
  const difference = meanOf(b) - meanOf(a);
  const [partA, partB] = [varianceOf(a, 1) / a.length, varianceOf(b, 1) / b.length];
  const spread = Math.sqrt(partA + partB);
  const degrees = (partA + partB) ** 2 / (partA ** 2 / (a.length - 1) + partB ** 2 / (b.length - 1));
  const reach = spread > 0 ? studentQuantile(0.975, degrees) * spread : 0;
  return { difference, interval: [difference - reach, difference + reach], pValue: permutationTest(a, b) };
}

/** Exact two-sided permutation test of equal means; for arms small enough to enumerate (up to about 12 each). */
export function permutationTest(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b];
  const total = sumOf(all);
  const observed = Math.abs(meanOf(b) - meanOf(a));
  let extreme = 0;
  let count = 0;
  const deal = (from: number, chosen: number, sum: number): void => {
    if (chosen === a.length) {
      const gap = Math.abs((total - sum) / b.length - sum / a.length);
      count += 1;
      // Sums of the same numbers in another order differ in the last digits.
      if (gap >= observed * (1 - 1e-12)) extreme += 1;
      return;
    }
    for (let i = from; i <= all.length - (a.length - chosen); i++) deal(i + 1, chosen + 1, sum + all[i]);
  };
  deal(0, 0, 0);
  return extreme / count;
}

/** Quantile of Student's t, p above 1/2, by bisection of its distribution function. */
export function studentQuantile(p: number, degrees: number): number {
  let low = 0;
  let high = 1;
  while (studentCdf(high, degrees) < p) high *= 2;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T <= t) for t >= 0: Simpson's rule on the density, with theta = atan(t / sqrt(degrees)) to make it smooth and finite. */
function studentCdf(t: number, degrees: number): number {
  const end = Math.atan(t / Math.sqrt(degrees));
  const density = (theta: number) => Math.cos(theta) ** (degrees - 1);
  const simpson = (to: number): number => {
    const pieces = 400;
    const step = to / pieces;
    let total = density(0) + density(to);
    for (let i = 1; i < pieces; i++) total += (i % 2 === 1 ? 4 : 2) * density(i * step);
    return (total * step) / 3;
  };
  // The whole integral is half a Beta function; the substitution keeps it free of gamma functions.
  return 0.5 + 0.5 * (simpson(end) / simpson(Math.PI / 2));
}
