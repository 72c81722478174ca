// Nearest-neighbour estimators: against counts made the slow way, against exact values, and against laws.

import { expect, test } from 'vitest';
import { InputError } from '../../src/engine';
import { digammaTable } from '../../src/math/digamma';
import { eigenvectors } from '../../src/math/eigen';
import { normalQuantile } from '../../src/math/normal';
import { estimate, informationMatrix, type Variable } from '../../src/metrics';
import { Draw } from '../../src/metrics/information/draw';
import { entropy, lncEstimate, neighbourEstimate, rossEstimate } from '../../src/metrics/information/estimators';
import { dequantise, standardise } from '../../src/metrics/information/marginals';
import {
  type Columns,
  countNear,
  type Metric,
  nearest,
  projectedRadius,
} from '../../src/metrics/information/neighbours';

const draw = new Draw(5, 99);
const normal = () => normalQuantile(draw.uniform());
const column = (n: number, value: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => value(i));
const MAX = { k: 5, metric: 'max' } as const;

/** n pairs of a bivariate normal. */
function correlated(n: number, rho: number): [Float64Array, Float64Array] {
  const x = column(n, normal);
  return [x, x.map((value) => rho * value + Math.sqrt(1 - rho * rho) * normal())];
}

/** Distances by definition: all pairs. */
function slowDistance(groups: readonly Columns[], metric: Metric, i: number, j: number): number {
  const inside = (group: Columns): number => {
    const d = group.map((c) => Math.abs(c[i] - c[j]));
    return metric === 'max' ? Math.max(...d) : Math.sqrt(d.reduce((sum, x) => sum + x * x, 0));
  };
  return Math.max(...groups.map(inside));
}

test.each(['max', 'euclidean'] as const)('windowed neighbours and counts are those of all pairs (%s)', (metric) => {
  const n = 120;
  // Coarse values: many equal distances, where < and <= differ.
  const groups = [
    [column(n, () => Math.round(4 * normal())), column(n, () => Math.round(4 * normal()))],
    [column(n, () => Math.round(4 * normal()))],
  ];
  const k = 4;
  const found = nearest(groups, k, metric);
  const line = [[groups[1][0]]];
  for (const reach of ['inside', 'tied', 'projected'] as const) {
    const radii =
      reach === 'projected' ? groups.map((g) => projectedRadius(g, found, metric)) : groups.map(() => found.distance);
    const counts = countNear(groups, radii, reach, metric);
    const onLine = countNear(line, [radii[1]], reach, metric);
    for (let i = 0; i < n; i++) {
      const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
      const d = (j: number) => slowDistance(groups, metric, i, j);
      const order = [...others].sort((a, b) => d(a) - d(b) || a - b);
      expect(Array.from(found.index.subarray(i * k, (i + 1) * k))).toEqual(order.slice(0, k));
      const within = (distance: number, radius: number) =>
        reach === 'projected' ? distance <= radius : distance < radius || (reach === 'tied' && distance === 0);
      const inGroup = (g: number, j: number) => within(slowDistance([groups[g]], metric, i, j), radii[g][i]);
      expect(counts[i]).toBe(others.filter((j) => inGroup(0, j) && inGroup(1, j)).length);
      expect(onLine[i]).toBe(others.filter((j) => inGroup(1, j)).length);
    }
  }
});

test.each([0, 0.6, 0.9])('KSG1, KSG2 and LNC at correlation %d, within bias and four standard deviations', (rho) => {
  // Bias below .012 and deviation below .04 at n = 1000, k = 5 for all three.
  const [x, y] = correlated(1000, rho);
  const exact = -0.5 * Math.log(1 - rho * rho);
  for (const found of [
    neighbourEstimate('ksg1', [[x], [y]], MAX),
    neighbourEstimate('ksg2', [[x], [y]], MAX),
    lncEstimate([[x], [y]], MAX),
  ]) {
    expect(Math.abs(found.nats - exact)).toBeLessThan(0.012 + 4 * 0.035);
    expect(found.local.reduce((sum, value) => sum + value, 0) / 1000).toBeCloseTo(found.nats, 12);
  }
});

test('estimates are symmetric, indifferent to order and to monotone scaling once standardised, and never clipped', () => {
  const [x, y] = correlated(300, 0.5);
  const forward = neighbourEstimate('ksg1', [[x], [y]], MAX).nats;
  expect(neighbourEstimate('ksg1', [[y], [x]], MAX).nats).toBeCloseTo(forward, 12);
  const order = draw.permutation(300);
  const shuffled = [x, y].map((each) => [Float64Array.from(order, (i) => each[i])]);
  expect(neighbourEstimate('ksg1', shuffled, MAX).nats).toBeCloseTo(forward, 12);
  const variable = (values: Float64Array, name: string): Variable => ({ columns: [values], names: [name] });
  const scaled = estimate({
    x: variable(
      x.map((v) => 1000 * v + 7),
      'x',
    ),
    y: variable(y, 'y'),
  });
  expect(scaled.nats).toBeCloseTo(estimate({ x: variable(x, 'x'), y: variable(y, 'y') }).nats, 9);
  const signs = Array.from(
    { length: 20 },
    () => neighbourEstimate('ksg1', [[column(200, normal)], [column(200, normal)]], MAX).nats < 0,
  );
  expect(signs).toContain(true);
  expect(signs).toContain(false);
});

test('a variable with itself reaches the ceiling, and a warning says so', () => {
  const x = column(1000, normal);
  const found = estimate({ x: { columns: [x], names: ['x'] }, y: { columns: [x], names: ['x again'] } });
  expect(found.ceiling).toBeCloseTo(5.201, 3);
  // Exactly equal columns: psi(n) - psi(k), which is 1/k beyond what anything else can reach.
  expect(found.nats).toBeCloseTo(found.ceiling + 1 / 5, 9);
  expect(found.warnings.join()).toContain('x is in both variables: their information is infinite');
});

test('conditional information: a chain has none given its middle, a common effect has some', () => {
  const n = 2000;
  const z = column(n, normal);
  const x = z.map((value) => value + normal());
  const y = z.map((value) => value + normal());
  const sum = x.map((value, i) => value + y[i] + 0.5 * normal());
  for (const name of ['fp', 'fp2'] as const) {
    // Algorithm 2 has a larger bias at independence; both are far below the .14 that x and y share.
    expect(Math.abs(neighbourEstimate(name, [[x], [y], [z]], MAX).nats)).toBeLessThan(0.06);
    expect(neighbourEstimate(name, [[x], [y], [sum]], MAX).nats).toBeGreaterThan(0.3);
  }
  expect(neighbourEstimate('ksg1', [[x], [y]], MAX).nats).toBeGreaterThan(0.1);
});

test('three variables: the total correlation of an equicorrelated normal', () => {
  const n = 3000;
  const common = column(n, normal);
  const each = () => [common.map((value) => Math.sqrt(0.5) * value + Math.sqrt(0.5) * normal())];
  const variables = [each(), each(), each()];
  // -ln det / 2 of the correlation matrix with 0.5 off the diagonal; bias of about -.01 and deviation of about .02.
  expect(Math.abs(neighbourEstimate('ksg1', variables, MAX).nats - 0.346574)).toBeLessThan(0.09);
});

test.each([
  [2, 0.336831],
  [4, 0.63272],
  [8, 0.69305],
])('Ross and the mixture estimator on two Gaussians %d apart', (separation, exact) => {
  const labels = column(2000, () => Number(draw.uniform() < 0.5));
  const x = labels.map((label) => label * separation + normal());
  expect(Math.abs(rossEstimate([x], labels, MAX).nats - exact)).toBeLessThan(0.06);
  const mixed = neighbourEstimate('mixed', [[standardise(x, 'x')], [labels]], MAX).nats;
  expect(Math.abs(mixed - exact)).toBeLessThan(0.06);
});

test('the mixture estimator where both discrete and continuous parts meet: X in 0 ... 4, Y = X + U(0, 2)', () => {
  const x = column(1500, () => draw.below(5));
  const y = x.map((value) => value + 2 * draw.uniform());
  expect(Math.abs(neighbourEstimate('mixed', [[x], [y]], MAX).nats - 1.05492)).toBeLessThan(0.08);
});

test('entropy: uniform, exponential and normal in two dimensions, and its shift under scaling', () => {
  const n = 4000;
  const uniform = [column(n, () => 3 * draw.uniform())];
  expect(Math.abs(entropy(uniform, MAX).nats - Math.log(3))).toBeLessThan(0.06);
  expect(Math.abs(entropy([column(n, () => -Math.log(draw.uniform()))], MAX).nats - 1)).toBeLessThan(0.09);
  const plane = [column(n, normal), column(n, normal)];
  const exact = Math.log(2 * Math.PI * Math.E);
  expect(Math.abs(entropy(plane, MAX).nats - exact)).toBeLessThan(0.1);
  expect(Math.abs(entropy(plane, { k: 5, metric: 'euclidean' }).nats - exact)).toBeLessThan(0.1);
  const wide = uniform.map((each) => each.map((value) => 100 * value));
  expect(entropy(wide, MAX).nats - entropy(uniform, MAX).nats).toBeCloseTo(Math.log(100), 6);
  const request = { x: { columns: wide, names: ['wide'] }, estimator: 'kl' } as const;
  expect(estimate(request).nats).toBeCloseTo(entropy(wide, MAX).nats, 9);
});

test('LNC sees a thin line that KSG cannot', () => {
  const x = column(500, () => draw.uniform());
  const y = x.map((value) => value + 1e-7 * draw.uniform());
  const [thin, plain] = [lncEstimate([[x], [y]], MAX).nats, neighbourEstimate('ksg1', [[x], [y]], MAX).nats];
  // ln(1e7) plus a little: KSG stops at its ceiling.
  expect(plain).toBeLessThan(5);
  expect(Math.abs(thin - 16)).toBeLessThan(1);
});

test('eigenvectors of a symmetric matrix diagonalise it', () => {
  const matrix = [
    [4, 1, 0.5],
    [1, 3, -0.2],
    [0.5, -0.2, 1],
  ];
  const v = eigenvectors(matrix);
  const form = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, ai, i) => sum + b.reduce((part, bj, j) => part + ai * matrix[i][j] * bj, 0), 0);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      expect(v[i].reduce((sum, value, c) => sum + value * v[j][c], 0)).toBeCloseTo(Number(i === j), 10);
      if (i !== j) expect(form(v[i], v[j])).toBeCloseTo(0, 10);
    }
});

test('normal quantiles, and psi', () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
  expect(normalQuantile(0.5)).toBe(0);
  expect(digammaTable(10)[10]).toBeCloseTo(2.251752589066721, 14);
});

test('standard errors and p-values: as large as the scatter, uniform enough when nothing is there, small when something is', () => {
  const variable = (values: Float64Array): Variable => ({ columns: [values], names: ['c'] });
  const runs = Array.from({ length: 12 }, () => {
    const [x, y] = correlated(400, 0.6);
    return estimate({ x: variable(x), y: variable(y), standardError: true });
  });
  const mean = runs.reduce((sum, { nats }) => sum + nats, 0) / runs.length;
  const scatter = Math.sqrt(runs.reduce((sum, { nats }) => sum + (nats - mean) ** 2, 0) / (runs.length - 1));
  const typical = runs.reduce((sum, run) => sum + (run.standardError ?? 0), 0) / runs.length;
  expect(typical / scatter).toBeGreaterThan(0.5);
  expect(typical / scatter).toBeLessThan(2);
  const [x, y] = correlated(300, 0.5);
  expect(estimate({ x: variable(x), y: variable(y), permutations: 99 }).pValue).toBe(0.01);
  const values = Array.from({ length: 20 }, () => {
    const [a, b] = correlated(100, 0);
    return estimate({ x: variable(a), y: variable(b), permutations: 39 }).pValue ?? 0;
  });
  expect(values.filter((p) => p <= 0.1).length).toBeLessThanOrEqual(7);
  expect(Math.max(...values)).toBeGreaterThan(0.5);
  const again = estimate({ x: variable(x), y: variable(y), permutations: 39, standardError: true, seed: 4 });
  expect(estimate({ x: variable(x), y: variable(y), permutations: 39, standardError: true, seed: 4 })).toEqual(again);
});

test('a common cause: a full shuffle would call it dependent given Z, a local one does not', () => {
  const n = 400;
  const z = column(n, normal);
  const noisy = () => z.map((value) => value + 0.7 * normal());
  const variable = (values: Float64Array): Variable => ({ columns: [values], names: ['c'] });
  const request = { x: variable(noisy()), y: variable(noisy()), given: variable(z), k: 20, permutations: 39 };
  expect(estimate(request).pValue).toBeGreaterThan(0.05);
});

test('rounded data: a warning, and dequantising brings the estimate back', () => {
  const [x, y] = correlated(2000, 0.9).map((each) => each.map((value) => Math.round(10 * value) / 10));
  const variable = (values: Float64Array): Variable => ({ columns: [values], names: ['rounded'] });
  const raw = estimate({ x: variable(x), y: variable(y) });
  expect(raw.warnings.join()).toMatch(/rounded: \d+ % of its values occur more than once/);
  expect(Math.abs(raw.nats - 0.8304)).toBeGreaterThan(0.3);
  const spread = estimate({ x: variable(x), y: variable(y), dequantise: true });
  expect(spread.warnings).toEqual([]);
  expect(Math.abs(spread.nats - 0.8304)).toBeLessThan(0.1);
  expect(new Set(dequantise(x, new Draw(1, 1))).size).toBe(2000);
});

test('a matrix: symmetric, nothing on the diagonal, and a band that independent columns stay in', () => {
  const [x, y] = correlated(300, 0.8);
  const { matrix, nullBand } = informationMatrix([x, y, column(300, normal)], ['a', 'b', 'c'], {});
  expect(matrix[0][0]).toBeNull();
  expect(matrix[0][1]).toBe(matrix[1][0]);
  expect(matrix[0][1]).toBeGreaterThan(nullBand[1]);
  expect(Math.abs(matrix[0][2] ?? 1)).toBeLessThan(0.15);
  expect(nullBand[0]).toBeLessThan(0);
});

test.each([
  ['too few samples', { x: [1, 2, 3], y: [3, 1, 2] }, {}, '3 samples are too few for k = 5'],
  ['not finite', { x: [1, 2, Number.NaN], y: [1, 2, 4] }, { k: 1 }, 'x, row 3: NaN is not a finite number'],
  ['constant', { x: [1, 1, 1], y: [1, 2, 4] }, { k: 1 }, 'x is constant'],
  ['lengths', { x: [1, 2, 3], y: [1, 2] }, { k: 1 }, 'y has 2 samples, where others have 3'],
  ['nothing given', { x: [1, 2, 3], y: [1, 2, 4] }, { k: 1, estimator: 'fp' }, 'fp needs a variable to condition on'],
  ['k', { x: [1, 2, 3], y: [1, 2, 4] }, { k: 0 }, 'k is 0'],
] as const)('bad input is refused: %s', (_, { x, y }, options, message) => {
  const variable = (name: string, values: readonly number[]) => ({
    columns: [Float64Array.from(values)],
    names: [name],
  });
  const call = () => estimate({ x: variable('x', x), y: variable('y', y), ...options });
  expect(call).toThrow(InputError);
  expect(call).toThrow(message);
});

// Tasks of the "Beyond Normal" benchmark (Czyz et al. 2023) at n = 1,000, k = 5: in higher dimensions KSG falls short of the
// exact value by a known amount, and a correct implementation falls short by the same. Expected: the mean of ten runs of an
// independent implementation; its deviation, scaled to this n, is at most .03.
test.each([
  ['two dense normals of two dimensions, exactly .294', 2, 'dense', 0.289],
  ['of five dimensions, exactly .593', 5, 'dense', 0.51],
  ['two pairs among three dimensions, exactly 1.022', 3, 'pairs', 0.835],
  ['among five dimensions, exactly 1.022', 5, 'pairs', 0.562],
] as const)('%s', (_, dimensions, kind, expected) => {
  const own = new Draw(21, dimensions);
  const draws = (): Float64Array => column(1000, () => normalQuantile(own.uniform()));
  const sides = [0, 1].map(() => Array.from({ length: dimensions }, draws));
  if (kind === 'dense') {
    // All correlations one half: a common normal and one of each coordinate's own.
    const common = draws();
    for (const side of sides)
      for (const each of side) for (let i = 0; i < 1000; i++) each[i] = Math.sqrt(0.5) * (common[i] + each[i]);
  } else {
    for (const pair of [0, 1])
      for (let i = 0; i < 1000; i++) sides[1][pair][i] = 0.8 * sides[0][pair][i] + 0.6 * sides[1][pair][i];
  }
  expect(Math.abs(neighbourEstimate('ksg1', sides, MAX).nats - expected)).toBeLessThan(4 * 0.03);
});
