// Closed forms and mixtures against exact values, and the estimators that run on graphs against them.

import { expect, test } from 'vitest';
import { InputError, ReferenceDevice } from '../../src/engine';
import { digammaTable } from '../../src/math/digamma';
import {
  aggregateInformation,
  type Component,
  component,
  information,
  linearGaussian,
  pointwiseInformation,
  synergy,
} from '../../src/metrics';
import { conditionalTotalCorrelation } from '../../src/metrics/information/posterior';

const equicorrelated = (rho: number, scale = 1) => [
  [scale, scale * rho],
  [scale * rho, scale],
];
const identity = equicorrelated(0);
const diagonal = (a: number, b: number) => [
  [a, 0],
  [0, b],
];

// Exact values of linear-Gaussian encoders z = x + n: joint, I, C, R, S, TC(z), TC(z|x).
test.each([
  ['G1', diagonal(4, 1), diagonal(0.25, 0.5), 1.965913, [1.416607, 0.549306], [1.416607, 0.549306], 0, 0, 0, 0],
  [
    'G2',
    identity,
    equicorrelated(0.6, 0.5),
    1.301345,
    [0.549306, 0.549306],
    [0.752039, 0.752039],
    0.020411,
    0.223144,
    0.020411,
    0.223144,
  ],
  [
    'G3',
    equicorrelated(0.6),
    equicorrelated(-0.6),
    0.916291,
    [0.346574, 0.346574],
    [0.569717, 0.569717],
    0,
    0.223144,
    0,
    0.223144,
  ],
  [
    'G4',
    equicorrelated(0.6, 2),
    equicorrelated(0.6, 0.5),
    1.609438,
    [0.804719, 0.804719],
    [0.804719, 0.804719],
    0.223144,
    0.223144,
    0.223144,
    0.223144,
  ],
] as const)('%s: a linear-Gaussian encoder in closed form', (_, data, noise, joint, i, c, r, s, tc, conditionalTc) => {
  const found = linearGaussian(identity, data, noise);
  expect(found.jointInformation).toBeCloseTo(joint, 6);
  for (const latent of [0, 1]) {
    expect(found.information[latent]).toBeCloseTo(i[latent], 6);
    expect(found.conditionalInformation[latent]).toBeCloseTo(c[latent], 6);
    expect(found.redundancy[latent]).toBeCloseTo(r, 6);
    expect(found.synergy[latent]).toBeCloseTo(s, 6);
    const gap = found.conditionalInformation[latent] - found.information[latent];
    expect(gap).toBeCloseTo(found.synergy[latent] - found.redundancy[latent], 12);
  }
  expect(found.totalCorrelation).toBeCloseTo(tc, 6);
  expect(found.conditionalTotalCorrelation).toBeCloseTo(conditionalTc, 6);
});

test('equicorrelated noise in ten dimensions', () => {
  const noise = Array.from({ length: 10 }, (_, i) => Array.from({ length: 10 }, (_unused, j) => (i === j ? 1 : 0.5)));
  const found = linearGaussian(
    noise.map((row, i) => row.map((_, j) => (i === j ? 1 : 0))),
    noise,
    noise,
  );
  expect(found.synergy[0]).toBeCloseTo(0.2989, 4);
  expect(found.conditionalTotalCorrelation).toBeCloseTo(2.2668, 4);
});

/** The 4 x 4 grid of unit variance, with noise of standard deviation .3 and correlation rho. */
function gridMixture(rho: number): Component[] {
  const places = [-3, -1, 1, 3].map((value) => value / Math.sqrt(5));
  const cholesky = [
    [0.3, 0],
    [0.3 * rho, 0.3 * Math.sqrt(1 - rho * rho)],
  ];
  return places.flatMap((a) => places.map((b) => component([a, b], cholesky)));
}

/** What f32 log densities of magnitude 10 leave, where the sampling error is exactly 0. */
const F32 = 1e-5;

const C = [-1.5, -1, -0.5, 0, 0.5, 1, 1.5];

test('GM2: a grid with independent noise', () => {
  const grid = gridMixture(0);
  expect(information(grid, 0)).toBeCloseTo(1.132534, 6);
  for (const c of C) expect(pointwiseInformation(grid, 0, [c]).nats).toBeCloseTo(1.132534, 6);
  expect(synergy(grid)[0]).toBeCloseTo(0, 12);
});

test('GM3: a grid with correlated noise', () => {
  const grid = gridMixture(0.6);
  expect(information(grid, 0)).toBeCloseTo(1.132534, 6);
  const expected = [1.2657, 1.3739, 1.2824, 1.4018, 1.2824, 1.3739, 1.2657];
  for (const [i, c] of C.entries()) expect(pointwiseInformation(grid, 0, [c]).nats).toBeCloseTo(expected[i], 4);
  expect(synergy(grid)[1]).toBeCloseTo(0.223144, 6);
  expect(conditionalTotalCorrelation(grid)).toBeCloseTo(0.223144, 6);
});

test('GM3: C is the mean of M(c) over the density of c', () => {
  const grid = gridMixture(0.6);
  let total = 0;
  let mass = 0;
  for (let c = -3.5; c <= 3.5; c += 0.02) {
    const density = grid.reduce((sum, { mean }) => sum + Math.exp(-0.5 * ((c - mean[1]) / 0.3) ** 2), 0);
    total += density * pointwiseInformation(grid, 0, [c]).nats;
    mass += density;
  }
  expect(total / mass).toBeCloseTo(1.309041, 5);
});

test.each([
  ['GM2', 0, 1.132534, 0],
  ['GM3', 0.6, 1.309041, 0.046637],
])('%s: Monte Carlo over all components agrees within four standard errors', async (_, rho, conditional, redundant) => {
  using device = new ReferenceDevice();
  const [found] = await aggregateInformation(device, [gridMixture(rho)], { samplesPerComponent: 250, seed: 3 });
  for (const latent of [0, 1]) {
    const c = found.conditionalInformation[latent];
    const r = found.redundancy[latent];
    const residual = found.bridgeResidual[latent];
    expect(c.standardError).toBeLessThan(0.02);
    expect(Math.abs(c.value - conditional)).toBeLessThan(4 * c.standardError + F32);
    expect(Math.abs(r.value - redundant)).toBeLessThan(4 * r.standardError + F32);
    expect(Math.abs(residual.value)).toBeLessThan(4 * residual.standardError + F32);
    expect(found.gap[latent]).toBeCloseTo(c.value - found.information[latent], 12);
  }
});

test('well separated components carry the log of their number', () => {
  const far = [0, 100, 200].map((mean) => component([mean], [[1]]));
  expect(information(far, 0)).toBeCloseTo(Math.log(3), 9);
});

test('a Cholesky factor whose diagonal is not positive is refused', () => {
  expect(() =>
    component(
      [0, 0],
      [
        [1, 0],
        [0.2, -1],
      ],
    ),
  ).toThrow(InputError);
});

test('digamma at whole numbers', () => {
  const psi = digammaTable(1000);
  expect(psi[1]).toBeCloseTo(-0.5772156649015329, 15);
  expect(psi[10]).toBeCloseTo(2.251752589066721, 13);
  expect(psi[1000]).toBeCloseTo(6.907255195648812, 12);
});
