// Known answers of the disentanglement scores on codes made by hand: ten factors of ten values, drawn independently.

import { describe, expect, test } from 'vitest';
import {
  betaVaeScore as betaVae,
  Draw,
  explicitness,
  factorVaeScore as factorVae,
  gaussianDependence,
  irs,
  mig,
  migChen,
  migRank,
  modularity,
  normalQuantile,
  sapContinuous,
  sapDiscrete,
  unsupervised,
} from '../../src/metrics';
import { equalWidthBins, rankBins } from '../../src/metrics/disentanglement/discrete';
import { areaUnderCurve } from '../../src/metrics/disentanglement/scores/explicitness';
import { quantile } from '../../src/metrics/disentanglement/scores/irs';
import { modularityOfRow } from '../../src/metrics/disentanglement/scores/modularity';

const draw = new Draw(1, 1);
const ROWS = 6000;
const factors = Array.from({ length: 10 }, () => Float64Array.from({ length: ROWS }, () => draw.below(10)));
const few = { trainVotes: 1000, testVotes: 500 };
const points = { trainPoints: 1000, testPoints: 500 };
const zero = factors.map((values) => new Float64Array(values.length));
const twice = [...factors, ...factors];

describe('the factors themselves as codes', () => {
  test('score 1 wherever a perfect code can', () => {
    expect(mig(factors, factors).score).toBeGreaterThan(0.97);
    expect(migRank(factors, factors).score).toBeGreaterThan(0.97);
    expect(factorVae(factors, factors, few).score).toBe(1);
    expect(betaVae(factors, factors, points).score).toBe(1);
    expect(sapContinuous(factors, factors).score).toBeGreaterThan(0.97);
    expect(modularity(factors, factors).score).toBeGreaterThan(0.97);
    expect(irs(factors, factors).score).toBe(1);
  });

  test('explicitness of three factors is all but 1', () => {
    const three = factors.slice(0, 3);
    expect(explicitness(three, three, { trainRows: 1500, testRows: 1000 }).score).toBeGreaterThan(0.95);
  });
});

test('a constant code scores 0', () => {
  expect(mig(zero, factors).score).toBe(0);
  expect(factorVae(zero, factors, few).score).toBe(0);
  expect(sapContinuous(zero, factors).score).toBe(0);
  expect(sapDiscrete(zero.slice(0, 2), factors.slice(0, 2)).score).toBe(0);
  expect(irs(zero, factors).score).toBe(0);
  expect(modularity(zero, factors).score).toBe(0);
});

test('a code given twice leaves no gap, and is as modular as before', () => {
  expect(mig(twice, factors).score).toBe(0);
  expect(sapContinuous(twice, factors).score).toBe(0);
  const two = factors.slice(0, 2);
  expect(sapDiscrete([...two, ...two], two).score).toBe(0);
  expect(modularity(twice, factors).score).toBeGreaterThan(0.97);
  expect(unsupervised(twice).gaussianTc).toBe(Number.POSITIVE_INFINITY);
});

test('entries permuted anew in every sample leave nothing modular', () => {
  // So many rows, because the bias of plug-in information is the same for every factor and looks like a spread.
  const many = factors.map(() => Float64Array.from({ length: 20000 }, () => draw.below(10)));
  const shuffled = many.map((values) => values.slice());
  for (let n = 0; n < 20000; n++) {
    const order = draw.permutation(10);
    for (let i = 0; i < 10; i++) shuffled[i][n] = many[order[i]][n];
  }
  expect(modularity(shuffled, many).score).toBeLessThan(0.2);
  expect(mig(shuffled, many).score).toBeLessThan(0.02);
});

test('modularity of informations known exactly', () => {
  expect(modularityOfRow([5, 0, 0, 0, 0])).toBe(1);
  expect(modularityOfRow([0, 0])).toBe(0);
  // Two of ten factors in one latent.
  expect(modularityOfRow([5, 5, 0, 0, 0, 0, 0, 0, 0, 0])).toBeCloseTo(1 - 1 / 9, 12);
  // [[1, 0], [0, 1], [0, 0]]: the latent that knows nothing counts.
  expect([modularityOfRow([1, 0]), modularityOfRow([0, 1]), modularityOfRow([0, 0])]).toEqual([1, 1, 0]);
});

test('a histogram of 0.1 ... 0.6 in three bins', () => {
  expect([...equalWidthBins([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 3)]).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...rankBins([0.1, 0.2, 3, 40, 500, 6000], 3)]).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...rankBins([7, 7, 7, 7], 3)]).toEqual([1, 1, 1, 1]);
});

test('the Gaussian scores of a correlation of 0.9', () => {
  const found = gaussianDependence([
    [1, 0.9],
    [0.9, 1],
  ]);
  expect(found.gaussianTc).toBeCloseTo(-0.5 * Math.log(0.19), 12);
  expect(found.gaussianWasserstein).toBeCloseTo(4 - 2 * (Math.sqrt(1.9) + Math.sqrt(0.1)), 12);
  expect(found.gaussianWassersteinNormalised).toBeCloseTo(0.305, 3);
});

test('the area under a curve counts ties by half, and a quantile lies on the line between', () => {
  expect(areaUnderCurve(Float64Array.of(0.1, 0.4, 0.4, 0.8), Int32Array.of(0, 1, 0, 1), 1)).toBe(0.875);
  expect(areaUnderCurve(Float64Array.of(0.1, 0.4), Int32Array.of(1, 1), 1)).toBeUndefined();
  expect(quantile(Float64Array.of(3, 1, 2), 0.75)).toBe(2.5);
});

describe("Chen's MIG", () => {
  const bit = Float64Array.from({ length: 400 }, (_, n) => n % 2);
  const other = Float64Array.from({ length: 400 }, (_, n) => (n >> 1) % 2);
  const deviations = (value: number) => [bit, other].map((values) => values.map(() => value));

  test('is 1 for posteriors that do not overlap, and 0 for a code given twice', () => {
    expect(migChen([bit, other], deviations(0.01), [bit, other]).score).toBeCloseTo(1, 6);
    expect(migChen([bit, bit], deviations(0.01), [bit]).score).toBeCloseTo(0, 12);
  });

  test('counts the noise: a fair sign in Gaussian noise of its own size is worth 0.4859 bits', () => {
    const signs = [bit, other].map((values) => values.map((value) => 2 * value - 1));
    expect(migChen(signs, deviations(1), [bit, other]).score).toBeCloseTo(0.4859, 3);
  });
});

describe('what a change of the code does', () => {
  const two = factors.slice(0, 2).map((values) => values.map((value) => value - 4.5));
  const noisy = two.map((values) => values.map((value) => value + 0.5 * normalQuantile(draw.uniform())));
  const pair = factors.slice(0, 2);
  const rotated = [
    noisy[0].map((a, n) => (a + noisy[1][n]) / Math.SQRT2),
    noisy[0].map((a, n) => (a - noisy[1][n]) / Math.SQRT2),
  ];
  const scored = {
    mig: (codes: Float64Array[]) => mig(codes, pair).score,
    migRank: (codes: Float64Array[]) => migRank(codes, pair).score,
    sapDiscrete: (codes: Float64Array[]) => sapDiscrete(codes, pair).score,
    sapContinuous: (codes: Float64Array[]) => sapContinuous(codes, pair).score,
    factorVae: (codes: Float64Array[]) => factorVae(codes, pair, few).score,
    modularity: (codes: Float64Array[]) => modularity(codes, pair).score,
    irs: (codes: Float64Array[]) => irs(codes, pair).score,
  };

  test.each(Object.entries(scored))('%s: order and sign of the latents change nothing', (_, score) => {
    const once = score(noisy);
    expect(score([noisy[1], noisy[0]])).toBeCloseTo(once, 10);
    expect(score([noisy[0].map((value) => -value), noisy[1]])).toBeCloseTo(once, 3);
  });

  test.each(['mig', 'migRank', 'sapDiscrete', 'sapContinuous', 'factorVae'] as const)(
    '%s: a rotation of two latents lowers it',
    (name) => {
      expect(scored[name](rotated)).toBeLessThan(0.8 * scored[name](noisy));
    },
  );

  test('a monotone warp changes MIG by its binning, and MIG of the ranks not at all', () => {
    const warped = noisy.map((values) => values.map((value) => Math.exp(value)));
    expect(scored.migRank(warped)).toBe(scored.migRank(noisy));
    expect(scored.mig(warped)).toBeLessThan(scored.mig(noisy) - 0.1);
  });
});

test('FactorVAE counts votes for the latents that are there, also when some are dead', () => {
  const codes = [zero[0], factors[0], zero[1], factors[1]];
  const { score, votes } = factorVae(codes, factors.slice(0, 2), few);
  expect(score).toBe(1);
  expect(votes.map((row) => row.map((count) => count > 0))).toEqual([
    [false, true, false, false],
    [false, false, false, true],
  ]);
});

test('FactorVAE punishes two factors in one latent, and not one factor in two', () => {
  const three = factors.slice(0, 3);
  const merged = [three[0].map((value, n) => 10 * value + three[1][n]), three[2]];
  expect(factorVae(merged, three, few).score).toBeLessThan(0.75);
  expect(factorVae([...three, ...three], three, few).score).toBe(1);
});

test('same seed, same bits; another seed, another draw', () => {
  const noise = factors.map((values) => values.map(() => normalQuantile(draw.uniform())));
  const score = (seed: number) => [
    factorVae(noise, factors, { ...few, seed }).score,
    betaVae(noise, factors, { ...points, seed }).score,
    sapDiscrete(noise.slice(0, 2), factors.slice(0, 2), { seed }).score,
  ];
  expect(score(3)).toEqual(score(3));
  expect(score(3)).not.toEqual(score(4));
});

test('what cannot be scored is refused, with what is missing', () => {
  expect(() => betaVae(factors, [Float64Array.from(factors[0].keys()), factors[1]])).toThrow(
    /value 0 of factor 0 has 1 of the 2 rows/,
  );
  expect(() => modularity(factors, [factors[0]])).toThrow('at least 2 factors, not 1');
  expect(() => sapContinuous([factors[0]], factors)).toThrow('at least 2 latents, not 1');
  expect(() => irs([[0, Number.NaN]], [[0, 1]])).toThrow('latent 0 is NaN in row 1');
  expect(() => irs([[0, 1]], [[0, 0.5]])).toThrow('factor 0 is 0.5 in row 1');
  expect(() => migChen(factors, zero, factors)).toThrow('standard deviation of latent 0 is 0');
});
