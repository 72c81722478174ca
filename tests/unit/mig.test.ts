// MIG on codes made by hand.

import { expect, test } from 'vitest';
import { mig } from '../../src/metrics';
import { discreteInformation, equalWidthBins } from '../../src/metrics/disentanglement/discrete';

/** Every combination of a factor with m values and one with n values, once each. */
function grid(m: number, n: number) {
  const first = Array.from({ length: m * n }, (_, i) => Math.floor(i / n));
  const second = Array.from({ length: m * n }, (_, i) => i % n);
  return { first, second };
}

test('a code that is the factors reaches 1 when every value has a bin', () => {
  const { first, second } = grid(6, 10);
  expect(mig([first, second], [first, second]).score).toBeCloseTo(1, 12);
});

test('the ceiling for a 40-valued factor in 20 bins is ln 20 / ln 40', () => {
  const { first, second } = grid(40, 5);
  const { gaps } = mig([first, second], [first, second]);
  expect(gaps[0]).toBeCloseTo(Math.log(20) / Math.log(40), 12);
  expect(gaps[1]).toBeCloseTo(1, 12);
});

test('two codes that say the same leave no gap', () => {
  const { first, second } = grid(4, 4);
  expect(mig([first, first, second], [first, second]).gaps).toEqual([expect.closeTo(0, 12), expect.closeTo(1, 12)]);
});

test('a rotation by 45 degrees of two equal factors leaves no gap', () => {
  const { first, second } = grid(8, 8);
  const plus = first.map((a, i) => a + second[i]);
  const minus = first.map((a, i) => a - second[i]);
  expect(mig([plus, minus], [first, second]).score).toBeCloseTo(0, 12);
});

test('sign and order of codes do not matter', () => {
  const { first, second } = grid(7, 9);
  const a = first.map((value, i) => value + 0.01 * second[i]);
  const b = second.map((value, i) => value - 0.02 * first[i]);
  const once = mig([a, b], [first, second]).score;
  expect(mig([b, a.map((value) => -value)], [first, second]).score).toBeCloseTo(once, 1);
  expect(mig([b, a], [first, second]).score).toBe(once);
});

test('bins follow numpy: a value on an edge goes up, the largest into the last bin', () => {
  expect([...equalWidthBins([0, 0.5, 1, 1.5, 2, 3.99, 4], 4)]).toEqual([0, 0, 1, 1, 2, 3, 3]);
});

test('plug-in information of a fair bit with itself is ln 2', () => {
  expect(discreteInformation([0, 1, 0, 1], [0, 1, 0, 1])).toBeCloseTo(Math.LN2, 12);
  expect(discreteInformation([0, 1, 0, 1], [0, 0, 1, 1])).toBeCloseTo(0, 12);
});

test('what cannot be scored is refused', () => {
  expect(() => mig([[1, 2]], [[0, 1]])).toThrow(/at least 2 latents, not 1/);
  expect(() =>
    mig(
      [
        [1, 2],
        [1, 2],
      ],
      [[0, 0]],
    ),
  ).toThrow(/factor 0 does not vary/);
  expect(() =>
    mig(
      [
        [1, 2],
        [1, 2, 3],
      ],
      [[0, 1]],
    ),
  ).toThrow(/3 samples/);
});
