// The one unsupervised rotation, and the turning curve: codes whose answer is known.

import { expect, test } from 'vitest';
import { determinant, geodesic, orthogonalPart, turnOf } from '../../src/math/geodesic';
import { cholesky, type Matrix, product, transpose } from '../../src/math/matrix';
import { normalQuantile } from '../../src/math/normal';
import {
  type Component,
  component,
  conditionalTotalCorrelation,
  Draw,
  information,
  leastCoupled,
  marginalsIn,
  synergy,
  totalCorrelationIn,
  turningCurve,
} from '../../src/metrics';
import { randomRotation } from '../../src/models';

const K = 4;
const draw = new Draw(1, 9);
const normal = () => normalQuantile(draw.uniform());
const identity = Array.from({ length: K }, (_, i) => Array.from({ length: K }, (__, j) => Number(i === j)));

/** Codes that are independent given x in one basis, seen through `rotation`: every example has other variances. */
const hidden = (rotation: Matrix, count = 300): Component[] =>
  Array.from({ length: count }, () => {
    const variances = Array.from({ length: K }, (_, i) => Math.exp(normal() - i));
    const mean = Array.from({ length: K }, () => 2 * normal());
    const covariance = rotation.map((a) => rotation.map((b) => a.reduce((t, r, k) => t + r * b[k] * variances[k], 0)));
    return component(
      rotation.map((row) => row.reduce((t, r, k) => t + r * mean[k], 0)),
      cholesky(covariance),
    );
  });

/** Every row and column has one entry of size 1, and the others are 0. */
function expectSignedPermutation(matrix: Matrix, digits: number): void {
  for (const rows of [matrix, transpose(matrix)])
    for (const row of rows) {
      const sizes = row.map(Math.abs).sort((a, b) => b - a);
      expect(sizes[0]).toBeCloseTo(1, digits);
      expect(sizes[1]).toBeCloseTo(0, digits);
    }
}

test.each([1, 2, 3])(
  'a hidden basis is found, up to order and sign, and all of TC(z|x) was removable: rotation %i',
  (seed) => {
    const rotation = randomRotation(K, seed);
    const components = hidden(rotation);
    const { basis, before, after } = leastCoupled(components);
    expect(before).toBeCloseTo(conditionalTotalCorrelation(components), 10);
    expect(before).toBeGreaterThan(0.1);
    expect(after).toBeLessThan(1e-6);
    expectSignedPermutation(product(basis, rotation), 3);
  },
);

test('codes that are factorized stay as they are, to the bit', () => {
  const components = hidden(identity);
  const { basis, before, after } = leastCoupled(components);
  expect(before).toBeCloseTo(0, 12);
  expect(after).toBe(before);
  expect(basis).toEqual(identity);
});

test('one correlated noise for all examples is removable whole; the eigenvectors of E Sigma are that basis', () => {
  const noise = identity.map((row, i) => row.map((_, j) => (i === j ? 1 : 0.6)));
  const components = Array.from({ length: 50 }, () =>
    component([normal(), normal(), normal(), normal()], cholesky(noise)),
  );
  const { before, after } = leastCoupled(components);
  expect(before).toBeCloseTo(-0.5 * Math.log(0.4 ** 3 * 2.8), 9);
  expect(after).toBeLessThan(1e-9);
});

test('what no rotation removes is irremovable: two groups of examples with other axes', () => {
  const [a, b] = [hidden(randomRotation(K, 5), 100), hidden(randomRotation(K, 6), 100)];
  const components = [...a, ...b];
  const { before, after, basis } = leastCoupled(components);
  expect(after).toBeGreaterThan(0.05);
  expect(after).toBeLessThan(before);
  expect(totalCorrelationIn(components, basis)).toBeCloseTo(after, 12);
  // A least value: no random basis is below it, nor one a small turn away.
  for (let seed = 0; seed < 200; seed++)
    expect(totalCorrelationIn(components, randomRotation(K, seed))).toBeGreaterThanOrEqual(after);
  for (let p = 0; p < K; p++)
    for (let q = 0; q < K; q++)
      for (const t of [-0.05, 0.05]) {
        if (p === q) continue;
        const near = basis.map((row, i) =>
          i === p
            ? row.map((value, k) => Math.cos(t) * value + Math.sin(t) * basis[q][k])
            : i === q
              ? row.map((value, k) => Math.cos(t) * value - Math.sin(t) * basis[p][k])
              : row,
        );
        expect(totalCorrelationIn(components, near)).toBeGreaterThanOrEqual(after - 1e-9);
      }
});

test('marginals of turned codes are those of components that were turned', () => {
  const components = hidden(randomRotation(K, 7), 40);
  const basis = randomRotation(K, 8);
  const turned = components.map(({ mean, covariance }) =>
    component(
      basis.map((row) => row.reduce((t, w, k) => t + w * mean[k], 0)),
      cholesky(product(product(basis, covariance), transpose(basis))),
    ),
  );
  const found = marginalsIn(components, basis);
  expect(found.conditionalTotalCorrelation).toBeCloseTo(conditionalTotalCorrelation(turned), 9);
  for (const [i, nats] of synergy(turned).entries()) {
    expect(found.synergy[i]).toBeCloseTo(nats, 9);
    expect(found.means[i][3]).toBeCloseTo(turned[3].mean[i], 12);
    expect(found.deviations[i][3] ** 2).toBeCloseTo(turned[3].covariance[i][i], 12);
  }
});

test('the turning curve goes from the least coupled basis to the own one; its ends are known', () => {
  const rotation = randomRotation(K, 3);
  const components = hidden(rotation, 120);
  const { basis, before } = leastCoupled(components);
  const { points, turn } = turningCurve(components, basis, identity, 8);
  expect(points.map(({ t }) => t)).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]);
  expect(points[0].conditionalTc).toBeLessThan(1e-6);
  expect(points[8].conditionalTc).toBeCloseTo(before, 9);
  const own = identity.map((_, i) => information(components, i)).reduce((a, b) => a + b, 0);
  expect(points[8].information).toBeCloseTo(own, 4);
  expectSignedPermutation(points[8].basis, 9);
  for (const { basis: at } of points)
    expect(product(at, transpose(at)).flat()).toEqual(identity.flat().map((one) => expect.closeTo(one, 9)));
  expect(turn).toBeGreaterThan(0);
  // Of all orders and signs the nearest is taken: a way back to the start in another order is no way at all.
  const shuffled = [2, 0, 3, 1].map((i, k) => basis[i].map((value) => (k % 2 === 0 ? value : -value)));
  expect(turningCurve(components, basis, shuffled, 2).turn).toBeLessThan(1e-5);
});

test('geodesics: roots multiply to the rotation, and a plane that turns by an angle is that long', () => {
  const angle = 1.2;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const plane = [
    [c, 0, -s],
    [0, 1, 0],
    [s, 0, c],
  ];
  expect(turnOf(plane)).toBeCloseTo(angle, 4);
  const way = geodesic(plane, 4);
  expect(way[1][2][0]).toBeCloseTo(Math.sin(angle / 4), 12);
  expect(way[4]).toEqual(plane);
  const rotation = randomRotation(5, 2);
  const proper = determinant(rotation) > 0 ? rotation : rotation.map((row, i) => (i === 0 ? row.map((x) => -x) : row));
  const [, half] = geodesic(proper, 2);
  expect(product(half, half).flat()).toEqual(proper.flat().map((x) => expect.closeTo(x, 9)));
  expect(orthogonalPart(proper.map((row) => row.map((x) => 3 * x))).flat()).toEqual(
    proper.flat().map((x) => expect.closeTo(x, 12)),
  );
  expect(
    determinant([
      [0, 2],
      [3, 1],
    ]),
  ).toBe(-6);
});
