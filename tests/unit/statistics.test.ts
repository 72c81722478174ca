import { expect, test } from 'vitest';
import { compare, permutationTest, studentQuantile } from '../../src/studies/statistics';

test.each([
  [1, 12.7062],
  [4, 2.7764],
  [10, 2.2281],
  [30, 2.0423],
])('97.5 percent quantile of Student t with %f degrees', (degrees, quantile) => {
  expect(studentQuantile(0.975, degrees)).toBeCloseTo(quantile, 3);
});

test('the exact permutation test counts every deal', () => {
  // The observed split is the most extreme of the C(6,3) = 20, together with its mirror.
  expect(permutationTest([1, 2, 3], [4, 5, 6])).toBeCloseTo(2 / 20, 12);
  expect(permutationTest([1, 4, 5], [2, 3, 6])).toBeGreaterThan(0.5);
});

test('Welch interval of two known samples', () => {
  const { difference, interval } = compare([1, 2, 3, 4], [3, 5, 7, 9]);
  expect(difference).toBeCloseTo(3.5, 12);
  // se = sqrt(5/12 + 5/3) = 1.4434, 4.41 degrees of freedom, t = 2.6774
  expect(interval[0]).toBeCloseTo(3.5 - 2.6774 * 1.4434, 2);
  expect(interval[1]).toBeCloseTo(3.5 + 2.6774 * 1.4434, 2);
});
