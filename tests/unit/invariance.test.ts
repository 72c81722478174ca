// The invariance test: its distribution functions against tables, its statistics against laws, its verdicts on encoders
// whose answer is known, and its calibration.

import { expect, test } from 'vitest';
import { InputError } from '../../src/engine';
import { fCdf, fQuantile, incompleteBeta, logGamma, noncentralFCdf } from '../../src/math/distributions';
import { normalQuantile } from '../../src/math/normal';
import {
  type Component,
  calibrateNull,
  calibratePower,
  component,
  Draw,
  generators,
  invarianceTest,
} from '../../src/metrics';
import { conditionalsAt, pointwiseInformation } from '../../src/metrics/information/mixture1d';
import { holm, permutationPValue, power, spreadOf, summarise, welch } from '../../src/metrics/invariance/anova';
import { kolmogorov } from '../../src/metrics/invariance/calibrate';
import { stratumAt } from '../../src/metrics/invariance/strata';

const draw = new Draw(9, 77);
const normalsOf = (own: Draw) => () => normalQuantile(own.uniform());
const normal = normalsOf(draw);

test('distribution functions at tabulated points', () => {
  expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
  expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 12);
  expect(incompleteBeta(0.3, 2, 5)).toBeCloseTo(0.579825, 6);
  expect(incompleteBeta(0.7, 5, 2)).toBeCloseTo(1 - 0.579825, 6);
  // 5 % points of F tables.
  expect(fQuantile(0.95, 5, 10)).toBeCloseTo(3.3258, 4);
  expect(fQuantile(0.99, 3, 20)).toBeCloseTo(4.9382, 4);
  expect(fCdf(1, 7, 7)).toBeCloseTo(0.5, 12);
  expect(noncentralFCdf(2, 3, 30, 0)).toBe(fCdf(2, 3, 30));
});

test('the noncentral F distribution is that of a ratio of sums of squares', () => {
  const [d1, d2, shift] = [4, 12, 2];
  const runs = 20_000;
  let below = 0;
  for (let run = 0; run < runs; run++) {
    let top = (normal() + shift) ** 2;
    for (let i = 1; i < d1; i++) top += normal() ** 2;
    let bottom = 0;
    for (let i = 0; i < d2; i++) bottom += normal() ** 2;
    if (top / d1 / (bottom / d2) <= 2.5) below++;
  }
  // Four standard errors of a share.
  expect(Math.abs(below / runs - noncentralFCdf(2.5, d1, d2, shift * shift))).toBeLessThan(4 * Math.sqrt(0.25 / runs));
});

test("Welch's test: two groups give the square of Welch's t, shifts and scales of everything change nothing", () => {
  const groups = [40, 25].map((n, g) => Float64Array.from({ length: n }, () => (1 + g) * normal() + 0.3 * g));
  const [a, b] = groups.map(summarise);
  const t = (a.mean - b.mean) / Math.sqrt(a.variance / a.n + b.variance / b.n);
  const found = welch([a, b]);
  expect(found.statistic).toBeCloseTo(t * t, 10);
  const moved = groups.map((group) => summarise(group.map((value) => 10 * value - 3)));
  expect(welch(moved).pValue).toBeCloseTo(found.pValue, 10);
  expect(
    welch([
      { n: 5, mean: 1, variance: 0 },
      { n: 5, mean: 1, variance: 0 },
    ]).pValue,
  ).toBe(1);
  expect(
    welch([
      { n: 5, mean: 1, variance: 0 },
      { n: 5, mean: 2, variance: 0 },
    ]).pValue,
  ).toBe(0);
});

test('tau: found where it is, its interval wide where it must be', () => {
  const strata = (tau: number) =>
    Array.from({ length: 16 }, () => {
      const shift = tau * normal();
      return summarise(Float64Array.from({ length: 500 }, () => normal() + shift));
    });
  const there = spreadOf(strata(0.5));
  expect(there.interval[0]).toBeLessThan(there.value);
  expect(there.interval[1]).toBeGreaterThan(there.value);
  expect(there.interval[0]).toBeGreaterThan(0.2);
  const none = spreadOf(strata(0));
  expect(none.interval[0]).toBe(0);
  expect(none.upper).toBeLessThan(0.1);
  expect(none.upper).toBeLessThanOrEqual(none.interval[1]);
});

test('permutations agree with Welch, and Holm with the textbook', () => {
  const groups = Array.from({ length: 4 }, (_, g) => Float64Array.from({ length: 30 }, () => normal() + 0.25 * g));
  const byWelch = welch(groups.map(summarise)).pValue;
  expect(Math.abs(permutationPValue(groups, 499, draw) - byWelch)).toBeLessThan(0.06);
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
});

test('power: the table of sample sizes for 80 % at 5 %', () => {
  for (const [groups, ratio, n] of [
    [4, 0.1, 274],
    [16, 0.05, 472],
    [64, 0.2, 14],
    [8, 0.05, 719],
  ]) {
    expect(power(groups, n, ratio)).toBeGreaterThan(0.799);
    expect(power(groups, n - 1, ratio)).toBeLessThan(0.801);
  }
});

test('p-values of a uniform sample are uniform, of a squared one not', () => {
  const uniform = Array.from({ length: 500 }, () => draw.uniform());
  expect(kolmogorov(uniform)).toBeGreaterThan(0.01);
  expect(kolmogorov(uniform.map((p) => p * p))).toBeLessThan(1e-6);
});

const factorized = (mean: readonly number[], deviations: readonly number[]): Component =>
  component(
    mean,
    deviations.map((d, i) => deviations.map((_, j) => (i === j ? d : 0))),
  );

/** N linear-Gaussian examples: z = x + noise with independent coordinates; the same whatever ran before. */
function linear(n: number): Component[] {
  const own = normalsOf(new Draw(9, n));
  return Array.from({ length: n }, () => factorized([own(), own()], [0.7, 0.7]));
}

/** The gated channel: what z_1 knows of u depends on b, and z_2 tells b. Exactly, M_1(c) runs from 2.30 to .22. */
function gated(n: number): Component[] {
  const own = normalsOf(new Draw(10, n));
  return Array.from({ length: n }, (_, i) => {
    const s = i % 2 === 0 ? 0.1 : 0.8;
    return factorized([Math.sqrt(1 - s * s) * own(), i % 2 === 0 ? -1 : 1], [s, 0.5]);
  });
}

test('a stratum: weights and conditionals by direct densities, the mean of its local values the quadrature', () => {
  const components = gated(400);
  const c = [0.2];
  const { weights, means, deviations } = conditionalsAt(components, 0, c);
  const direct = components.map(({ mean }) => Math.exp(-0.5 * ((c[0] - mean[1]) / 0.5) ** 2));
  const total = direct.reduce((sum, value) => sum + value, 0);
  for (const n of [0, 1, 57, 399]) {
    expect(weights[n]).toBeCloseTo(direct[n] / total, 12);
    expect(means[n]).toBeCloseTo(components[n].mean[0], 12);
    expect(deviations[n]).toBeCloseTo(n % 2 === 0 ? 0.1 : 0.8, 12);
  }
  const stratum = stratumAt(components, 0, c, 4000, draw);
  const { mean, variance } = summarise(stratum.local);
  const exact = pointwiseInformation(components, 0, c);
  expect(Math.abs(mean - exact.nats)).toBeLessThan(4 * Math.sqrt(variance / 4000));
  expect(stratum.effectiveSamples).toBeCloseTo(exact.effectiveSamples, 6);
  expect(stratum.leaveOneOut).toBeGreaterThan(mean);
});

test('verdicts: shown invariant, found not invariant, and neither without enough samples', () => {
  const settings = { permutations: 39, seed: 2 };
  for (const each of invarianceTest(linear(1500), settings)) {
    expect(each.verdict).toBe('invariant (equivalence shown)');
    expect(each.tau.interval[0]).toBeLessThan(0.02);
  }
  const [first, second] = invarianceTest(gated(1500), settings);
  expect(first.verdict).toBe('not invariant');
  expect(first.tau.value).toBeGreaterThan(0.7);
  expect(first.largestDeparture).toBeGreaterThan(0.8);
  expect(first.permutationPValue).toBe(1 / 40);
  // Invariant in truth; with 1,500 examples one value of c that no narrow example is near leaves it open, with 3,000 none does.
  expect(second.verdict).toBe('inconclusive');
  expect(invarianceTest(gated(3000), { ...settings, latents: [1] })[0].verdict).toBe('invariant (equivalence shown)');
  const few = invarianceTest(linear(1500), { ...settings, samples: 32, margin: 0.01 });
  expect(few.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive']);
  expect(invarianceTest(linear(300), settings)).toHaveLength(2);
});

test('where too few examples stand behind a stratum nothing is claimed, and why is said', () => {
  const sparse = Array.from({ length: 60 }, () => factorized([5 * normal(), 5 * normal()], [0.05, 0.05]));
  const [found] = invarianceTest(sparse, { permutations: 9 });
  expect(found.verdict).toBe('inconclusive');
  expect(found.reason).toContain('enough examples');
  expect(found.refused).toBeGreaterThan(0);
});

test('the same seed gives the same answer; bad options are refused', () => {
  const components = linear(300);
  const once = invarianceTest(components, { permutations: 19, seed: 5, latents: [1] });
  expect(invarianceTest(components, { permutations: 19, seed: 5, latents: [1] })).toEqual(once);
  for (const options of [{ latents: [2] }, { margin: 0 }, { strata: 2 }, { samples: 8 }])
    expect(() => invarianceTest(components, options)).toThrow(InputError);
});

test.each(generators)(
  'calibration on %s: 2,000 null runs reject as often as they may',
  (generator) => {
    const settings = { runs: 2000, strata: 8, samples: 128 };
    const { rejections, uniformPValue } = calibrateNull(generator, settings, new Draw(1, 7));
    for (const { level, rate, band } of rejections) {
      expect(rate, `at ${level}`).toBeLessThanOrEqual(band[1]);
      expect(rate, `at ${level}`).toBeGreaterThanOrEqual(band[0]);
    }
    expect(uniformPValue).toBeGreaterThan(0.001);
  },
  90_000,
);

test('power is what noncentral F predicts, and the interval of tau holds the truth 95 % of the time', () => {
  for (const tau of [0.05, 0.1]) {
    const found = calibratePower(tau, { runs: 600, strata: 8, samples: 128 }, new Draw(2, 8));
    expect(Math.abs(found.rate - found.predicted)).toBeLessThan(4 * Math.sqrt(0.25 / 600));
    expect(found.coverage).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.95 * 0.05) / 600));
  }
});
