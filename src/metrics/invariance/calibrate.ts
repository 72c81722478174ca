// The proof that the invariance test is calibrated: thousands of runs on generators whose information is exactly the same
// at every value of the other latents, so that every rejection is an error; and the power where it is not.
//
//   linear     x = a z_i + noise: a Gaussian channel, the same in every stratum
//   isometry   x = R(c) f(z_i) + noise, R(c) a rotation: the geometry changes with c, the information does not
//   unequal    half the strata Gaussian, half an additive uniform channel of equal information: other variances
//
// Local values come from the exact densities (a quadrature over z_i for the isometry), so they are independent, as the
// test supposes.

import { normalQuantile } from '../../math/normal';
import { varianceOf } from '../../math/statistics';
import type { Draw } from '../information/draw';
import { power, type Spread, spreadOf, summarise, welch } from './anova';

/** A distribution of local information, by name. */
export type Generator = 'linear' | 'isometry' | 'unequal';
/** Distributions in which the information is the same in every stratum. */
export const generators: readonly Generator[] = ['linear', 'isometry', 'unequal'];

const RHO = 0.8;
/** The information of the linear generator, and of the unequal one's other half. */
const NATS = -0.5 * Math.log(1 - RHO * RHO);
/** Half-width of uniform noise on a uniform signal with that information: e - ln(2 e) = NATS (Beyond Normal, task 1v1-additive). */
const HALF_WIDTH = solve((e) => e - Math.log(2 * e) - NATS, 0.05, 0.5);

const normal = (draw: Draw): number => normalQuantile(draw.uniform());

/** The zero of a decreasing function between low and high. */
function solve(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  for (let i = 0; i < 100; i++) {
    const middle = (a + b) / 2;
    if (f(middle) > 0) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

/** ln p(y | x) / p(y) for a pair of a bivariate normal. */
function gaussianLocal(rho: number, draw: Draw): number {
  const x = normal(draw);
  const y = rho * x + Math.sqrt(1 - rho * rho) * normal(draw);
  return -0.5 * Math.log(1 - rho * rho) - (y - rho * x) ** 2 / (2 * (1 - rho * rho)) + (y * y) / 2;
}

/** The same for y = x + u, x uniform on (0, 1), u uniform on (-e, e): p(y) is a trapezoid. */
function uniformLocal(draw: Draw): number {
  const e = HALF_WIDTH;
  const y = draw.uniform() + e * (2 * draw.uniform() - 1);
  const density = Math.min(1, (y + e) / (2 * e), (1 + e - y) / (2 * e));
  return -Math.log(2 * e * density);
}

const NODES = 96;
const NOISE = 0.5;
const grid = Array.from({ length: NODES }, (_, m) => -6 + (12 * (m + 0.5)) / NODES);
const prior = grid.map((z) => Math.exp((-z * z) / 2));
const priorSum = prior.reduce((sum, p) => sum + p, 0);

/** A curve in the plane. */
const curve = (z: number): [number, number] => [Math.tanh(z), 0.5 * Math.sin(1.5 * z)];

/** ln p(x | z, c) / p(x | c) for x = R(c) f(z) + noise, p(x | c) by quadrature over z. */
function isometryLocal(angle: number, draw: Draw): number {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const at = (z: number): [number, number] => {
    const [u, v] = curve(z);
    return [cos * u - sin * v, sin * u + cos * v];
  };
  const z = normal(draw);
  const [cx, cy] = at(z);
  const x = [cx + NOISE * normal(draw), cy + NOISE * normal(draw)];
  const density = (mx: number, my: number) => Math.exp(-((x[0] - mx) ** 2 + (x[1] - my) ** 2) / (2 * NOISE * NOISE));
  let marginal = 0;
  for (let m = 0; m < NODES; m++) marginal += prior[m] * density(...at(grid[m]));
  return Math.log((density(cx, cy) * priorSum) / marginal);
}

/** Strata of local values under a generator; `shifts` moves the mean of each, for power. */
export function nullStrata(
  generator: Generator,
  strata: number,
  samples: number,
  draw: Draw,
  shifts?: readonly number[],
) {
  return Array.from({ length: strata }, (_, k) => {
    const angle = 2 * Math.PI * draw.uniform();
    const value = (): number => {
      if (generator === 'isometry') return isometryLocal(angle, draw);
      return generator === 'unequal' && k % 2 === 1 ? uniformLocal(draw) : gaussianLocal(RHO, draw);
    };
    const shift = shifts?.[k] ?? 0;
    return Float64Array.from({ length: samples }, () => value() + shift);
  });
}

/** Runs, strata and samples of a calibration. */
export interface CalibrationOptions {
  readonly runs: number;
  readonly strata: number;
  readonly samples: number;
}

/** How often a test rejected where nothing was to be found. */
export interface NullResult {
  readonly generator: Generator;
  readonly runs: number;
  /** Rejections at .01, .05 and .10, and the 99 % band of a calibrated test. */
  readonly rejections: readonly {
    readonly level: number;
    readonly rate: number;
    readonly band: readonly [number, number];
  }[];
  /** Kolmogorov-Smirnov test that p-values are uniform. */
  readonly uniformPValue: number;
}

export const levels = [0.01, 0.05, 0.1] as const;
const Z99 = 2.5758293035489004;

/** How often the test rejects, of so many runs in which there is nothing to find. */
export function calibrateNull(
  generator: Generator,
  { runs, strata, samples }: CalibrationOptions,
  draw: Draw,
): NullResult {
  const pValues = Array.from(
    { length: runs },
    () => welch(nullStrata(generator, strata, samples, draw).map(summarise)).pValue,
  );
  const rejections = levels.map((level) => {
    const reach = Z99 * Math.sqrt((level * (1 - level)) / runs);
    const rate = pValues.filter((p) => p <= level).length / runs;
    return { level, rate, band: [level - reach, level + reach] as const };
  });
  return { generator, runs, rejections, uniformPValue: kolmogorov(pValues) };
}

/** P-value of the Kolmogorov-Smirnov statistic against the uniform distribution (asymptotic, with Stephens' correction). */
export function kolmogorov(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const distance = Math.max(...sorted.map((value, i) => Math.max(value - i / n, (i + 1) / n - value)));
  const t = distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  let sum = 0;
  for (let j = 1; j <= 100; j++) sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * j * j * t * t);
  return Math.min(1, Math.max(0, sum));
}

/** How often a test rejected at a true tau, and how often its interval held it. */
export interface PowerResult {
  readonly tau: number;
  /** Share of runs that reject at .05, and what the noncentral F distribution predicts for the shifts used. */
  readonly rate: number;
  readonly predicted: number;
  /** Share of runs whose 95 % interval holds the true tau. */
  readonly coverage: number;
}

/** Means of strata spread with standard deviation tau, drawn anew in every run. */
export function calibratePower(tau: number, { runs, strata, samples }: CalibrationOptions, draw: Draw): PowerResult {
  let rejected = 0;
  let covered = 0;
  let predicted = 0;
  for (let run = 0; run < runs; run++) {
    const shifts = Array.from({ length: strata }, () => tau * normal(draw));
    const groups = nullStrata('linear', strata, samples, draw, shifts).map(summarise);
    if (welch(groups).pValue <= 0.05) rejected++;
    const { interval }: Spread = spreadOf(groups);
    if (interval[0] <= tau && tau <= interval[1]) covered++;
    const realised = Math.sqrt(varianceOf(shifts));
    // Local values of a Gaussian channel have variance rho^2.
    predicted += power(strata, samples, realised / RHO) / runs;
  }
  return { tau, rate: rejected / runs, predicted, coverage: covered / runs };
}
