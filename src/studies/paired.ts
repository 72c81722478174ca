// Statistics of a paired design: two arms share their seeds, so what counts is the difference within each seed. Intervals come twice: Student's
// t, which assumes normal differences, and the inversion of the sign-flip test (Fisher's randomization test), which assumes only that
// each difference is as likely to have either sign about the true one.

import { fQuantile, incompleteBeta, noncentralFCdf } from '../math/distributions';
import { meanOf, varianceOf } from '../math/statistics';
import { Draw } from '../metrics/information/draw';

export interface Paired {
  readonly n: number;
  /** The mean difference. */
  readonly difference: number;
  /** 95 %: Student's t of the differences, and the shifts that the sign-flip test does not reject at 5 %. */
  readonly interval: readonly [number, number];
  readonly flipInterval: readonly [number, number];
  /** Two-sided: of the sign-flip test, over all 2^n signs up to n = 16, else over 65,536 drawn ones; and of the t test. */
  readonly pValue: number;
  readonly tPValue: number;
  /** Seeds with a negative, a positive difference. */
  readonly signs: readonly [number, number];
}

const EXACT = 16;
const DRAWN = 2 ** EXACT;
const PURPOSE = 5000;
/** Sums of the same numbers in another order differ in the last digits. */
const SLACK = 1 + 1e-12;

/** What the differences of each seed say: of fewer than two the intervals are everything there is, and of none there is no p below 1. */
export function paired(differences: readonly number[], seed = 0): Paired {
  const n = differences.length;
  if (n === 0) {
    const everything = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    return {
      n,
      difference: Number.NaN,
      interval: everything,
      flipInterval: everything,
      pValue: 1,
      tPValue: 1,
      signs: [0, 0],
    };
  }
  const difference = meanOf(differences);
  const spread = n > 1 ? Math.sqrt(varianceOf(differences, 1) / n) : Number.POSITIVE_INFINITY;
  const reach = spread > 0 ? studentQuantile(0.975, n - 1) * spread : 0;
  const flips = signsOf(n, seed);
  return {
    n,
    difference,
    interval: n > 1 ? [difference - reach, difference + reach] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    flipInterval: flipInterval(differences, flips),
    pValue: flipTest(differences, flips),
    tPValue: n > 1 ? studentTails(difference / spread, n - 1) : 1,
    signs: [differences.filter((d) => d < 0).length, differences.filter((d) => d > 0).length],
  };
}

/** Signs are drawn once for every number of seeds. */
const known = new Map<string, Int8Array[]>();

/** Rows of signs: all there are, the unflipped first, or drawn ones after it, each with its opposite. */
function signsOf(n: number, seed: number): Int8Array[] {
  const key = `${n} ${seed}`;
  const rows = known.get(key) ?? (n <= EXACT ? everySign(n) : drawnSigns(n, seed));
  known.set(key, rows);
  return rows;
}

const everySign = (n: number): Int8Array[] =>
  Array.from({ length: 2 ** n }, (_, code) => Int8Array.from({ length: n }, (__, i) => ((code >> i) & 1 ? -1 : 1)));

function drawnSigns(n: number, seed: number): Int8Array[] {
  const draw = new Draw(seed, PURPOSE);
  const rows = Array.from({ length: DRAWN / 2 - 1 }, () =>
    Int8Array.from({ length: n }, () => (draw.bits() & 1 ? -1 : 1)),
  );
  return [new Int8Array(n).fill(1), ...rows].flatMap((row) => [row, row.map((sign) => -sign)]);
}

/** The share of all flips whose mean is at least as far from 0 as the true one. */
function flipTest(differences: readonly number[], flips: readonly Int8Array[]): number {
  const meanOfFlip = (signs: Int8Array) => signs.reduce((sum, sign, i) => sum + sign * differences[i], 0);
  const observed = Math.abs(meanOfFlip(flips[0]));
  const extreme = flips.filter((signs) => Math.abs(meanOfFlip(signs)) * SLACK >= observed).length;
  return extreme / flips.length;
}

/**
 * The shifts d for which flipping the signs of differences - d is not rejected at 5 %. With plus and minus sets of a flip, shifted and unshifted
 * means are equally far at d = the mean of the flipped ones, so the ends are order statistics of the means over non-empty sets
 * (Hartigan 1969, typical values); where even the smallest p is above 5 %, the interval is everything.
 */
function flipInterval(differences: readonly number[], flips: readonly Int8Array[]): [number, number] {
  const most = Math.floor(0.05 * flips.length + 1e-9);
  // A flip and its opposite are equally far: each shift outside all of them leaves the pair of the unflipped row.
  const means = flips
    .flatMap((signs) => {
      let [sum, count] = [0, 0];
      for (const [i, sign] of signs.entries()) if (sign < 0) [sum, count] = [sum + differences[i], count + 1];
      return count === 0 ? [] : [sum / count];
    })
    .sort((a, b) => a - b);
  const cut = Math.floor(most / 2) - 1;
  if (cut < 0) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [means[cut], means[means.length - 1 - cut]];
}

/** P(|T| >= |t|) with so many degrees of freedom. */
export function studentTails(t: number, degrees: number): number {
  if (!Number.isFinite(t)) return t === Number.POSITIVE_INFINITY || t === Number.NEGATIVE_INFINITY ? 0 : 1;
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** Quantile of Student's t, p above 1/2. */
export const studentQuantile = (p: number, degrees: number): number => Math.sqrt(fQuantile(2 * p - 1, 1, degrees));

/** Two one-sided t tests (Schuirmann 1987): equal to within `margin` where the p value is small. */
export function equivalence(
  differences: readonly number[],
  margin: number,
): { readonly margin: number; readonly pValue: number } {
  const n = differences.length;
  const spread = Math.sqrt(varianceOf(differences, 1) / n);
  const mean = meanOf(differences);
  if (!(n > 1)) return { margin, pValue: 1 };
  if (spread === 0) return { margin, pValue: Math.abs(mean) < margin ? 0 : 1 };
  const above = (t: number) => (t > 0 ? studentTails(t, n - 1) / 2 : 1 - studentTails(t, n - 1) / 2);
  return { margin, pValue: Math.max(above((mean + margin) / spread), above((margin - mean) / spread)) };
}

export interface Trend {
  /** Mean over seeds of the slope of the values on the doses' ranks. */
  readonly slope: number;
  /** Two-sided, by dealing the doses anew within every seed, 10,000 times. */
  readonly pValue: number;
  /** The smallest p value these repetitions can give. */
  readonly least: number;
}

const DEALS = 9999;

/** Do values [seed][dose], doses in order, rise or fall together with the dose? */
export function trend(values: readonly (readonly number[])[], seed = 0): Trend {
  const doses = values[0].length;
  const middle = (doses - 1) / 2;
  const squares = Array.from({ length: doses }, (_, d) => (d - middle) ** 2).reduce((a, b) => a + b, 0);
  const slopeOf = (rows: readonly (readonly number[])[]) =>
    meanOf(rows.map((row) => row.reduce((sum, value, d) => sum + (d - middle) * value, 0) / squares));
  const slope = slopeOf(values);
  const draw = new Draw(seed, PURPOSE + 1);
  let extreme = 1;
  for (let deal = 0; deal < DEALS; deal++) {
    const dealt = values.map((row) => Array.from(draw.permutation(doses), (d) => row[d]));
    if (Math.abs(slopeOf(dealt)) * SLACK >= Math.abs(slope)) extreme++;
  }
  return { slope, pValue: extreme / (DEALS + 1), least: 1 / (DEALS + 1) };
}

/**
 * The smallest p value that n seeds can give a contrast, and the chance to see an effect of one and of two standard deviations of a seed's
 * difference at level .05 over so many contrasts: that of the t test, which the sign-flip test, having few values, stays below.
 */
export function powerOf(seeds: number, contrasts: number) {
  const level = 0.05 / contrasts;
  const power = (effect: number) =>
    1 - noncentralFCdf(fQuantile(1 - level, 1, seeds - 1), 1, seeds - 1, seeds * effect ** 2);
  const leastPValue = seeds > EXACT ? 1 / DRAWN : 2 / 2 ** seeds;
  return { leastPValue, level, carries: leastPValue <= level, ofOne: power(1), ofTwo: power(2) };
}
