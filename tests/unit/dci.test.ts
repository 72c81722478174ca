// DCI against the known answers of disentanglement_lib's tests, and against its values on the factors of dSprites.

import { expect, test } from 'vitest';
import { completeness, Draw, dci, disentanglement } from '../../src/metrics';

const identity = (n: number, value = 1) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? value : 0)));

test('one latent for one factor is disentangled and complete', () => {
  expect(disentanglement(identity(5, 5)).score).toBeCloseTo(1, 8);
  expect(completeness(identity(5, 5)).score).toBeCloseTo(1, 8);
});

test('a latent that matters for nothing does not count', () => {
  const importance = [...identity(2), [0, 0]];
  expect(disentanglement(importance).score).toBeCloseTo(1, 8);
  expect(completeness(importance).score).toBeCloseTo(1, 8);
});

test('where nothing matters both are 0', () => {
  const zeros = identity(10, 0);
  expect(disentanglement(zeros).score).toBeCloseTo(0, 12);
  expect(completeness(zeros).score).toBeCloseTo(0, 12);
});

test('one latent for two factors costs ln 2 / ln 10 of disentanglement, two for one as much of completeness', () => {
  const wide = identity(5, 5).map((row) => [...row, ...row]);
  expect(disentanglement(wide).score).toBeCloseTo(1 - Math.LN2 / Math.log(10), 8);
  expect(completeness(wide).score).toBeCloseTo(1, 8);
  const tall = [...identity(5, 5), ...identity(5, 5)];
  expect(disentanglement(tall).score).toBeCloseTo(1, 8);
  expect(completeness(tall).score).toBeCloseTo(1 - Math.LN2 / Math.log(10), 8);
});

/** Factors of dSprites, uniform with replacement, and the same at unit variance. */
function sprites(samples: number, seed: number) {
  const draw = new Draw(seed, 1);
  const sizes = [3, 6, 40, 32, 32];
  const factors = sizes.map((size) => Int32Array.from({ length: samples }, () => draw.below(size)));
  const codes = factors.map((values, j) =>
    Float64Array.from(values, (v) => (v - (sizes[j] - 1) / 2) / Math.sqrt((sizes[j] ** 2 - 1) / 12)),
  );
  const normal = () =>
    Float64Array.from({ length: samples }, () => {
      const radius = Math.sqrt(-2 * Math.log(draw.uniform()));
      return radius * Math.cos(2 * Math.PI * draw.uniform());
    });
  return { factors, codes, normal };
}

const rows = { trainRows: 1000, testRows: 500 };
const scoresOf = ({ disentanglement: d, completeness: c, informativeness: i }: ReturnType<typeof dci>) => [d, c, i];
const near = (values: number[], expected: number[]) =>
  values.forEach((value, at) => {
    expect(Math.abs(value - expected[at])).toBeLessThan(0.03);
  });

test('the factors as codes, with and without latents of noise', () => {
  const { factors, codes, normal } = sprites(1500, 4);
  near(scoresOf(dci(codes, factors, rows)), [1, 1, 1]);
  near(scoresOf(dci([...codes, normal(), normal(), normal(), normal(), normal()], factors, rows)), [0.999, 0.993, 1]);
}, 60_000);

test('a code given twice shares its importance', () => {
  const { factors, codes } = sprites(1500, 5);
  near(scoresOf(dci([...codes, ...codes], factors, rows)), [1, 0.701, 1]);
}, 60_000);

test('noise is told apart from nothing', () => {
  const { factors, normal } = sprites(1500, 6);
  const noise = Array.from({ length: 10 }, normal);
  near(scoresOf(dci(noise, factors, rows)), [0.003, 0.003, 0.128]);
}, 60_000);

test('with the lasso a code on the factors is perfect, and a rotated one is not', () => {
  const { factors, codes } = sprites(1500, 7);
  const options = { ...rows, mode: 'lasso' } as const;
  const found = dci(codes, factors, options);
  expect(found.disentanglement).toBeGreaterThan(0.95);
  expect(found.completeness).toBeGreaterThan(0.95);
  expect(found.informativeness).toBeGreaterThan(0.99);
  expect(found.constants.alpha).toBe(0.02);
  const [x, y] = codes.slice(3);
  const rotated = [x.map((value, n) => value + y[n]), x.map((value, n) => value - y[n])];
  expect(dci(rotated, factors.slice(3), options).disentanglement).toBeLessThan(0.1);
});

test('what cannot be scored is refused', () => {
  expect(() =>
    dci(
      [[0, 1]],
      [
        [0, 1],
        [1, 0],
      ],
    ),
  ).toThrow(/two latents|2 latents/);
});
