// MIG-sup, JEMMIG, DCIMIG, MCC and UDR on codes made by hand.

import { expect, test } from 'vitest';
import { Draw, dciMig, jemmig, mcc, migSup, relativeStrength, reportUdr, udr } from '../../src/metrics';
import { assign } from '../../src/metrics/disentanglement/assignment';

/** Every combination of two factors with `n` values, once each: independent and uniform. */
function grid(n: number) {
  const first = Array.from({ length: n * n }, (_, i) => Math.floor(i / n));
  const second = Array.from({ length: n * n }, (_, i) => i % n);
  return [first, second];
}

const factors = grid(4);
const [a, b] = factors;
const both = a.map((value, i) => 4 * value + b[i]);
const rotated = [a.map((value, i) => value + b[i]), a.map((value, i) => value - b[i])];

test('the factors as codes are perfect', () => {
  expect(migSup(factors, factors).score).toBeCloseTo(1, 12);
  expect(jemmig(factors, factors).score).toBeCloseTo(1, 12);
  expect(jemmig(factors, factors).unnormalised).toEqual([expect.closeTo(0, 12), expect.closeTo(0, 12)]);
  expect(dciMig(factors, factors).score).toBeCloseTo(1, 12);
  expect(mcc(factors, factors)).toMatchObject({ score: expect.closeTo(1, 12), latentOf: [0, 1] });
});

test('a factor given twice leaves JEMMIG no gap, and costs the others nothing', () => {
  const codes = [a, a, b];
  expect(migSup(codes, factors).score).toBeCloseTo(1, 12);
  expect(dciMig(codes, factors).score).toBeCloseTo(1, 12);
  expect(mcc(codes, factors).score).toBeCloseTo(1, 12);
  expect(jemmig(codes, factors).unnormalised).toEqual([expect.closeTo(Math.log(4), 12), expect.closeTo(0, 12)]);
});

test('two factors in one code leave MIG-sup and DCIMIG no gap, and cost JEMMIG what else the code says', () => {
  const codes = [both, both.map(() => 0)];
  expect(migSup(codes, factors).perLatent).toEqual([expect.closeTo(0, 12), expect.closeTo(0, 12)]);
  expect(dciMig(codes, factors).score).toBeCloseTo(0, 12);
  // H(z, v) = ln 16 and I(z; v) = ln 4: the code says ln 4 more.
  expect(jemmig(codes, factors).unnormalised).toEqual([
    expect.closeTo(Math.log(4), 12),
    expect.closeTo(Math.log(4), 12),
  ]);
});

test('a factor that no latent points at adds nothing to DCIMIG', () => {
  const found = dciMig([a, a], factors);
  expect(found.score).toBeCloseTo(0.5, 12);
  expect(found).toMatchObject({ pointsAt: [0, 0], constants: { bins: 20 } });
});

test('a rotation by 45 degrees leaves no gap, and a correlation of the square root of a half', () => {
  expect(migSup(rotated, factors).score).toBeCloseTo(0, 12);
  expect(dciMig(rotated, factors).score).toBeCloseTo(0, 12);
  expect(mcc(rotated, factors).score).toBeCloseTo(Math.SQRT1_2, 12);
});

test('MCC matches every factor with another latent, whatever order and sign, and ranks see no warp', () => {
  const codes = [b.map((value) => -value), a.map(() => 3), a.map((value) => Math.exp(3 * value))];
  expect(mcc(codes, factors, { correlation: 'spearman' })).toMatchObject({
    score: expect.closeTo(1, 12),
    latentOf: [2, 0],
  });
  expect(mcc(codes, factors).score).toBeLessThan(0.95);
  // Both latents are the first factor: one of them has to take the second, of which it knows nothing.
  expect(mcc([a, a], factors).score).toBeCloseTo(0.5, 12);
  expect(mcc([b], factors)).toMatchObject({ score: expect.closeTo(1, 12), latentOf: [-1, 0] });
});

test('an assignment is the best of all', () => {
  const draw = new Draw(1, 1);
  for (let attempt = 0; attempt < 20; attempt++) {
    const gains = Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => draw.uniform()));
    const best = (row: number, taken: number[]): number =>
      row === 4
        ? 0
        : Math.max(...gains[row].map((g, j) => (taken.includes(j) ? -1 : g + best(row + 1, [...taken, j]))));
    const columns = assign(gains);
    expect(new Set(columns).size).toBe(4);
    expect(columns.reduce((sum, j, i) => sum + gains[i][j], 0)).toBeCloseTo(best(0, []), 12);
  }
});

test('relative strength of matrices known to disentanglement_lib', () => {
  const score = (rows: number[][]) => relativeStrength(rows);
  expect(
    score([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
  ).toBeCloseTo(1, 12);
  expect(
    score([
      [1, 1, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]),
  ).toBeCloseTo(2 / 3, 12);
  expect(
    score([
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ]),
  ).toBeCloseTo(1 / 3, 12);
  expect(
    score([
      [0, 0],
      [0, 0],
    ]),
  ).toBe(0);
});

/** Independent latents, uniform, 1,000 samples. */
const latents = (seed: number, count: number) => {
  const draw = new Draw(seed, 2);
  return Array.from({ length: count }, () => Float64Array.from({ length: 1000 }, () => draw.uniform() - 0.5));
};

test('models that differ by order, sign and a silent latent agree; the lasso keeps 0.9 of every coefficient', () => {
  const z = latents(1, 3);
  const same = { codes: z, divergence: [1, 1, 1] };
  const flipped = { codes: [z[2], z[0].map((v) => -3 * v), z[1]], divergence: [1, 1, 1] };
  const silent = { codes: [...z, latents(2, 1)[0]], divergence: [1, 1, 1, 0.005] };
  const found = udr([same, flipped, silent]);
  for (const score of found.scores) expect(score).toBeCloseTo(0.9, 2);
  expect(found.constants).toEqual({ relation: 'lasso', alpha: 0.1, leastDivergence: 0.01 });
  for (const score of udr([same, flipped], { relation: 'spearman' }).scores) expect(score).toBeGreaterThan(0.8);
});

test('a model that mixes latents agrees less, and one that says nothing not at all', () => {
  const z = latents(3, 2);
  const model = { codes: z, divergence: [1, 1] };
  const mixed = { codes: [z[0].map((v, i) => v + z[1][i]), z[0].map((v, i) => v - z[1][i])], divergence: [1, 1] };
  const silent = { codes: z, divergence: [0, 0] };
  expect(udr([model, mixed]).scores[1]).toBeLessThan(0.5);
  expect(udr([model, silent]).scores).toEqual([0, 0]);
});

test('UDR is shown with its level by chance and its ceiling', () => {
  const z = latents(5, 3);
  const same = { codes: z, divergence: [1, 1, 1] };
  const flipped = { codes: [z[2], z[0].map((v) => -3 * v), z[1]], divergence: [1, 1, 1] };
  const [entry, other] = reportUdr([same, flipped], 7);
  expect(entry.value).toBeCloseTo(0.9, 2);
  expect(entry.ceiling).toBeCloseTo(0.9, 2);
  expect(entry.chance).toBeLessThan(0.05);
  expect(entry.interval[0]).toBeLessThanOrEqual(entry.value);
  expect(entry.interval[1] - entry.interval[0]).toBeLessThan(0.05);
  expect(other.constants).toMatchObject({ relation: 'lasso', alpha: 0.1, models: 2 });
  expect(reportUdr([same, flipped], 7)).toEqual([entry, other]);
});

test('what cannot be compared is refused', () => {
  expect(() => migSup(factors, [a])).toThrow(/2 factors/);
  expect(() => dciMig(factors, [a])).toThrow(/2 factors/);
  expect(() => jemmig([a], factors)).toThrow(/2 latents/);
  expect(() => udr([{ codes: [a], divergence: [1] }])).toThrow(/at least two/);
  expect(() =>
    udr([
      { codes: [a], divergence: [1] },
      { codes: [[1, 2]], divergence: [1] },
    ]),
  ).toThrow(/2 samples/);
});
