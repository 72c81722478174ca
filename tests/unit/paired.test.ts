// Statistics of paired designs: tabulated values, the inversion of the test checked by the test itself, and levels by simulation.

import { expect, test } from 'vitest';
import { normalQuantile } from '../../src/math/normal';
import { Draw, holm } from '../../src/metrics';
import { equivalence, paired, powerOf, studentQuantile, studentTails, trend } from '../../src/studies/paired';

test.each([
  [1, 12.7062],
  [4, 2.7764],
  [10, 2.2281],
  [30, 2.0423],
])('97.5 percent quantile of Student t with %f degrees, and the tails beyond it', (degrees, quantile) => {
  expect(studentQuantile(0.975, degrees)).toBeCloseTo(quantile, 3);
  expect(studentTails(quantile, degrees)).toBeCloseTo(0.05, 5);
  expect(studentTails(-quantile, degrees)).toBeCloseTo(0.05, 5);
});

test('differences 1 ... 5: the interval of Student, and the exact sign-flip test', () => {
  const { difference, interval, pValue, tPValue, signs } = paired([1, 2, 3, 4, 5]);
  expect(difference).toBe(3);
  // Standard error .70711, 4 degrees: 2.7764.
  expect(interval[0]).toBeCloseTo(3 - 1.9632, 3);
  expect(interval[1]).toBeCloseTo(3 + 1.9632, 3);
  // Of 32 flips only the two that make all alike are as far.
  expect(pValue).toBe(2 / 32);
  // t = 4.2426.
  expect(tPValue).toBeCloseTo(0.01324, 4);
  expect(signs).toEqual([0, 5]);
  // 5 seeds can never reject at 5 %, so no shift is excluded.
  expect(paired([1, 2, 3, 4, 5]).flipInterval).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect(paired([-1, -2, -3, -4, -5]).pValue).toBe(pValue);
});

test('a difference in one seed only has as many flips against it as there are', () => {
  // 1, 0, 0: every flip is as far as the true one.
  expect(paired([1, 0, 0]).pValue).toBe(1);
  expect(paired([0, 0, 0, 0]).pValue).toBe(1);
  expect(paired([2]).interval).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

const normal = (draw: Draw): number => normalQuantile(draw.uniform());

test.each([8, 11])('the flip interval is the shifts that the test does not reject: %i seeds', (n) => {
  const draw = new Draw(n, 1);
  for (let repeat = 0; repeat < 5; repeat++) {
    const values = Array.from({ length: n }, () => 0.3 + normal(draw));
    const [low, high] = paired(values).flipInterval;
    const pAt = (shift: number) => paired(values.map((value) => value - shift)).pValue;
    for (const [edge, inwards] of [
      [low, 1],
      [high, -1],
    ]) {
      expect(pAt(edge + 1e-6 * inwards)).toBeGreaterThan(0.05);
      expect(pAt(edge - 1e-6 * inwards)).toBeLessThanOrEqual(0.05);
    }
  }
});

test('beyond 16 seeds flips are drawn: the same answers to within what drawing adds', () => {
  const draw = new Draw(2, 1);
  const values = Array.from({ length: 20 }, () => 0.5 + normal(draw));
  const { pValue, tPValue, flipInterval, interval } = paired(values);
  expect(Math.abs(pValue - tPValue)).toBeLessThan(0.02);
  expect(Math.abs(flipInterval[0] - interval[0])).toBeLessThan(0.1);
  expect(paired(values)).toEqual(paired(values));
});

test('the sign-flip test keeps its level under a null that is not normal', () => {
  const draw = new Draw(3, 1);
  let rejected = 0;
  for (let repeat = 0; repeat < 400; repeat++) {
    // Symmetric, heavy tails.
    const values = Array.from({ length: 8 }, () => normal(draw) / Math.max(0.05, Math.abs(normal(draw))));
    if (paired(values).pValue <= 0.05) rejected++;
  }
  // At most 5 % of 400, and three standard errors.
  expect(rejected / 400).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 400));
});

test('Holm: the published steps, whatever the order', () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06].map((p) => expect.closeTo(p, 12)));
  expect(holm([0.04, 0.03, 0.01])).toEqual([0.06, 0.06, 0.03].map((p) => expect.closeTo(p, 12)));
  expect(holm([0.5, 0.9])).toEqual([1, 1]);
  expect(holm([0.02])).toEqual([0.02]);
});

test('equal to within a margin: Schuirmann, by hand', () => {
  // Mean .1, standard error .0408, 4 degrees: t = (.5 - .1) / .0408 = 9.80, one-sided p .0003.
  const values = [0, 0.05, 0.1, 0.15, 0.2];
  expect(equivalence(values, 0.5).pValue).toBeCloseTo(studentTails(0.4 / 0.035355, 4) / 2, 6);
  expect(equivalence(values, 0.1).pValue).toBeCloseTo(0.5, 9);
  expect(
    equivalence(
      values.map((value) => -value),
      0.5,
    ).pValue,
  ).toBeCloseTo(equivalence(values, 0.5).pValue, 12);
  expect(equivalence([1, 1, 1], 0.5).pValue).toBe(1);
  expect(equivalence([0.1, 0.1], 0.5).pValue).toBe(0);
});

test('a trend is seen, its sign is right, and where there is none p is nothing special', () => {
  const rising = Array.from({ length: 6 }, (_, seed) => [0, 1, 2, 3, 4].map((dose) => dose + 0.1 * seed));
  expect(trend(rising)).toMatchObject({ slope: expect.closeTo(1, 12), pValue: 1 / 10_000 });
  expect(trend(rising.map((row) => row.map((value) => -value))).slope).toBeCloseTo(-1, 12);
  const draw = new Draw(4, 1);
  let rejected = 0;
  for (let repeat = 0; repeat < 60; repeat++) {
    const rows = Array.from({ length: 5 }, () => Array.from({ length: 4 }, () => normal(draw)));
    if (trend(rows, repeat).pValue <= 0.1) rejected++;
  }
  expect(rejected).toBeLessThanOrEqual(0.1 * 60 + 3 * Math.sqrt(60 * 0.09));
}, 60_000);

test('what seeds can carry: the smallest p, and the power by simulation', () => {
  expect(powerOf(6, 1).leastPValue).toBe(2 / 64);
  expect(powerOf(6, 1).carries).toBe(true);
  expect(powerOf(6, 2).carries).toBe(false);
  expect(powerOf(8, 6).carries).toBe(true);
  expect(powerOf(8, 7).carries).toBe(false);
  const draw = new Draw(5, 1);
  let seen = 0;
  for (let repeat = 0; repeat < 1500; repeat++)
    if (paired(Array.from({ length: 8 }, () => 1 + normal(draw))).tPValue <= 0.05) seen++;
  expect(Math.abs(seen / 1500 - powerOf(8, 1).ofOne)).toBeLessThan(3 * Math.sqrt(0.25 / 1500));
});
