// "Invariant (equivalence shown)": calibrated on encoders whose tau is known exactly and lies above the margin, and what the
// test does with latents that are dead, examples that stand alone, and strata that are refused.

import { expect, test } from 'vitest';
import { packGaussians, rescaled } from '../../src/data';
import { InputError } from '../../src/engine';
import { fQuantile, noncentralFCdf } from '../../src/math/distributions';
import { normalQuantile } from '../../src/math/normal';
import {
  type Component,
  calibrateEquivalence,
  component,
  Draw,
  encoderOf,
  invarianceTest,
  pointwiseInformation,
  type SourceName,
} from '../../src/metrics';
import { deviationOf, sources } from '../../src/metrics/invariance/calibrateEquivalence';
import { drawPoint } from '../../src/metrics/invariance/strata';
import { variationOf } from '../../src/metrics/invariance/variation';

test.each<SourceName>(['linear', 'curved', 'crowded'])(
  'of encoders whose tau is 10 % above the margin, few are called invariant: %s',
  (source) => {
    const runs = 40;
    const found = calibrateEquivalence(source, 0.055, { runs, margin: 0.05, examples: 400 }, new Draw(11, 5));
    expect(found.invariant).toBeLessThanOrEqual(found.most);
    // 95 % less three standard errors of a share of so few runs.
    expect(found.coverage).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / runs));
    if (source === 'crowded') expect(found.refused).toBeGreaterThan(0.2);
  },
  90_000,
);

test('an encoder that is invariant is called so where there are enough examples', () => {
  const found = calibrateEquivalence('linear', 0, { runs: 8, margin: 0.05, examples: 2400 }, new Draw(12, 5));
  expect(found.invariant).toBeGreaterThan(0.5);
}, 60_000);

test('the known tau is that of the encoder: M(c) of many examples varies so, and as the closed form says', () => {
  const draw = new Draw(13, 5);
  const components = encoderOf('curved', 0.2, 6000, draw);
  const values = Array.from({ length: 60 }, () => {
    const c = drawPoint(components, draw).slice(1);
    return { c: c[0], nats: pointwiseInformation(components, 0, c).nats };
  });
  // E[b^2 | c] = variance of b given c + its mean squared.
  const { blur } = sources.curved;
  const a = 0.2 / deviationOf(sources.curved);
  const [v, k] = [blur ** 2 / (1 + blur ** 2), 1 / (1 + blur ** 2)];
  for (const { c, nats } of values.filter((each) => Math.abs(each.c) < 1.5))
    expect(Math.abs(nats - (1 - a * (v + (k * c) ** 2)))).toBeLessThan(0.08);
});

const own = new Draw(14, 5);
const normal = (): number => normalQuantile(own.uniform());
const factorized = (mean: readonly number[], deviations: readonly number[]): Component =>
  component(
    mean,
    deviations.map((d, i) => deviations.map((_, j) => (i === j ? d : 0))),
  );

test('an exactly dead latent: an answer at once, no false p-value, nothing that varies', () => {
  const components = Array.from({ length: 400 }, () => factorized([normal(), 0], [0.6, 1]));
  const start = Date.now();
  const [, dead] = invarianceTest(components, { permutations: 9 });
  expect(Date.now() - start).toBeLessThan(10_000);
  expect([dead.pValue, dead.verdict]).toEqual([1, 'invariant (equivalence shown)']);
  expect(dead.tau.value).toBeCloseTo(0, 12);
  expect(noncentralFCdf(fQuantile(0.95, 15, 1000), 15, 1000, 1e12)).toBe(0);
});

test('one example that stands alone changes neither side of the sandwich without end, nor a verdict', () => {
  const near = Array.from({ length: 2400 }, () => factorized([normal(), normal()], [0.6, 0.6]));
  const lone = [...near.slice(1), factorized([50, 0.1], [0.6, 0.6])];
  const options = { permutations: 9, latents: [0], seed: 3 };
  const [without] = invarianceTest(near, options);
  const [found] = invarianceTest(lone, options);
  for (const { sandwich } of found.pointwise) expect(sandwich).toBeLessThan(0.05);
  expect([found.verdict, without.verdict]).toEqual(['invariant (equivalence shown)', 'invariant (equivalence shown)']);
  expect(found.scope).toMatchObject({ drawn: 128, needed: 40 });
  expect(found.scope.strata).toBeGreaterThan(64);
}, 60_000);

test('one posterior much narrower than the others is refused before it takes minutes', () => {
  const narrow = Array.from({ length: 400 }, (_, i) => factorized([normal(), normal()], [i === 3 ? 1e-5 : 0.6, 0.6]));
  const start = Date.now();
  expect(() => variationOf(narrow, 0, { strata: 128, needed: 40, tests: 1 }, new Draw(1, 2))).toThrow('take too long');
  expect(Date.now() - start).toBeLessThan(1000);
});

test('where fewer than half of the strata have enough examples, nothing is claimed', () => {
  const sparse = Array.from({ length: 400 }, () => factorized([0.1 * normal(), normal(), normal()], [1, 0.15, 0.15]));
  const found = variationOf(sparse, 0, { strata: 64, needed: 100, tests: 1 }, new Draw(1, 1));
  expect(found.refused).toBeGreaterThan(32);
  const [verdict] = invarianceTest(sparse, { permutations: 9, latents: [0] });
  expect(verdict.verdict).toBe('inconclusive');
});

const array = (name: string, shape: number[], data: number[]) => ({ name, shape, data: Float64Array.from(data) });
const means = array('mu', [2, 2], [0, 1, 2, 3]);

test.each([
  [
    'an upper factor',
    array('L', [2, 2, 2], [1, 0.5, 0, 1, 1, 0, 0, 1]),
    'L, row 1: entry (1, 2) above the diagonal is 0.5',
  ],
  ['a factor without a deviation', array('L', [2, 2, 2], [1, 0, 0, 1, 1, 0, 3, 0]), 'L, row 2: diagonal entry 2'],
  [
    'a log-variance of 1000',
    array('lv', [2, 2], [0, 0, 1000, 0]),
    'lv, row 2, column 1: the log-variance 1000 is beyond 300',
  ],
  ['a log-variance of -1000', array('lv', [2, 2], [0, -1000, 0, 0]), 'lv, row 1, column 2: the log-variance -1000'],
  ['no number', array('lv', [2, 2], [0, Number.NaN, 0, 0]), 'lv, row 1, entry 2: NaN is not a finite number'],
])('posteriors that are refused: %s', (_, scales, message) => {
  expect(() => packGaussians(means, scales)).toThrow(InputError);
  expect(() => packGaussians(means, scales)).toThrow(message);
});

test('units of the latents change nothing: posteriors are rescaled to their own spread', () => {
  const factor = [1.5, 0, 0.3, 2, 0.7, 0, -0.2, 1];
  const scaled = factor.map((value, at) => value * (at % 4 < 2 ? 1e6 : 1e-5));
  const rows = (given: ReturnType<typeof array>, by: ReturnType<typeof array>) =>
    rescaled(packGaussians(given, by)).rows;
  const plain = rows(means, array('L', [2, 2, 2], factor));
  const other = rows(array('mu', [2, 2], [0, 1e-5, 2e6, 3e-5]), array('L', [2, 2, 2], scaled));
  for (const [at, value] of other.entries()) expect(value).toBeCloseTo(plain[at], 9);
});
