// Channels with exact answers: the answers, and that the draws follow the channel.

import { expect, test } from 'vitest';
import { type Channel, copies, gated, gaussianGrid, xor } from '../../src/data';
import { draw } from '../cases/draw';

const bits = (nats: readonly number[]) => nats.map((x) => x / Math.LN2);
const expectBits = (nats: readonly number[], expected: readonly number[]) => {
  for (const [i, value] of bits(nats).entries()) expect(value).toBeCloseTo(expected[i], 4);
};

test.each([
  [[0, 0.5], 0, [1, 0], 0.5],
  [[0.05, 0.25], 0, [0.7136, 0.1887], 0.4512],
  [[0, 0.5], 0.1, [0.9, 0.1], 0.5],
])(
  'gated with flips %j and %d: independent in every sense, and the information about x varies',
  (flips, flip, pointwise, mean) => {
    const { exact } = gated({ flips, flip });
    expectBits(exact.pointwise[0], pointwise);
    expectBits([exact.information[0], exact.conditionalInformation[0]], [mean, mean]);
    for (const nothing of [exact.redundancy, exact.synergy].flat()) expect(nothing).toBeCloseTo(0, 12);
  },
);

test('exclusive or: one bit of synergy, the same at both values', () => {
  const { exact } = xor();
  expectBits([exact.information[0], exact.redundancy[0]], [0, 0]);
  expectBits(exact.pointwise[0], [1, 1]);
  expectBits(exact.synergy, [1, 1]);
});

test('two noisy copies are redundant', () => {
  const { exact } = copies({ flip: 0.1 });
  expectBits(exact.information, [0.531, 0.531]);
  expectBits(exact.conditionalInformation, [0.2111, 0.2111]);
  expectBits(exact.redundancy, [0.3199, 0.3199]);
  expectBits(exact.synergy, [0, 0]);
});

test.each<[Channel, (x: readonly number[]) => number]>([
  [gated({ draws: 4000, flips: [0.05, 0.25] }), ([a, b]) => Math.abs(a - [0.05, 0.25][b])],
  [xor({ draws: 4000 }), () => 0.5],
  [copies({ draws: 4000 }), ([x]) => Math.abs(x - 0.1)],
])('draws follow the channel, %#', async (channel, mean) => {
  const { factors, count } = channel;
  const examples = await draw(
    channel,
    Array.from({ length: count }, (_, i) => i),
  );
  for (let x = 0; x < factors.count; x++) {
    const own = examples.filter((_, i) => channel.combinationOf?.(i) === x);
    expect(own.length).toBe(4000);
    const found = own.reduce((sum, [z]) => sum + z, 0) / own.length;
    expect(Math.abs(found - mean(factors.valuesOf(x)))).toBeLessThan(4 * Math.sqrt(0.25 / own.length));
    if (channel.name === 'xor') expect(own.every(([z1, z2]) => Math.abs(z1 - z2) === x)).toBe(true);
  }
});

test('grid: information by quadrature, synergy in closed form', () => {
  const { exact } = gaussianGrid({ correlation: 0.6 });
  expect(exact.information).toBeCloseTo(1.132534, 6);
  expect(exact.synergy).toBeCloseTo(0.223144, 6);
});

test('grid: means at the factors, noise of the given covariance', async () => {
  const grid = gaussianGrid({ correlation: 0.6, draws: 500, seed: 3 });
  const examples = await draw(
    grid,
    Array.from({ length: grid.count }, (_, i) => i),
  );
  const rest = examples.map((z, i) => grid.factors.valuesOf(i % 16).map((mean, k) => (z[k] - mean) / 0.3));
  const moment = (a: number, b: number) => rest.reduce((sum, r) => sum + r[a] * r[b], 0) / rest.length;
  for (const [a, b, expected] of [
    [0, 0, 1],
    [1, 1, 1],
    [0, 1, 0.6],
  ])
    expect(Math.abs(moment(a, b) - expected)).toBeLessThan(4 * Math.sqrt(2 / rest.length));
});

test('what is no channel', () => {
  expect(() => gated({ flips: [0, 1.5] })).toThrow('1.5 is no probability');
  expect(() => copies({ draws: 0 })).toThrow('draws is 0');
  expect(() => gaussianGrid({ correlation: 1 })).toThrow('between -1 and 1');
});
