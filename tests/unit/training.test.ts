// Laws of training: determinism, independence of the population, and what does not go well is said.

import { beforeAll, expect, test } from 'vitest';
import { NonFiniteError } from '../../src/engine';
import { CpuDevice } from '../../src/engine/cpu';
import { trainBriefly } from '../cases/trainBriefly';

let executor: CpuDevice;
beforeAll(async () => {
  executor = await CpuDevice.open();
});

const population = { seeds: [3, 3, 5], offDiagonal: [false, true, true], steps: 60 };

test('a run is bitwise equal twice, and a replica alone is itself in a population', async () => {
  const once = await trainBriefly(executor, population);
  const twice = await trainBriefly(executor, population);
  expect(twice).toEqual(once);
  const alone = await trainBriefly(executor, { seeds: [5], offDiagonal: [true], steps: 60 });
  expect(alone.reconstruction[0]).toBe(once.reconstruction[2]);
  expect(alone.posterior[0]).toEqual(once.posterior[2]);
});

test('the switch changes the posterior and nothing else: arms of one seed start alike, then part', async () => {
  const { firstReconstruction, conditionalTc, posterior, reconstruction } = await trainBriefly(executor, population);
  // Same parameters, same batch; the heads start small, so the couplings move the first loss only in its last digits.
  expect(Math.abs(firstReconstruction[0] - firstReconstruction[1])).toBeLessThan(0.5);
  expect(conditionalTc[0]).toBe(0);
  expect(conditionalTc[1]).toBeGreaterThan(0);
  expect(posterior[0].slice(12).every((entry) => entry === 0)).toBe(true);
  expect(reconstruction[0]).not.toBe(reconstruction[1]);
});

test('training learns', async () => {
  const { firstReconstruction, reconstruction } = await trainBriefly(executor, population);
  for (const [r, first] of firstReconstruction.entries()) expect(reconstruction[r]).toBeLessThan(0.5 * first);
});

test('a gradient that is not finite stops training and names the step', async () => {
  const exploding = trainBriefly(executor, { seeds: [0], offDiagonal: [true], steps: 300, learningRate: 1e30 });
  await expect(exploding).rejects.toThrow(NonFiniteError);
  await expect(exploding).rejects.toThrow(/^training stopped at step \d+: .*lower learning rate/);
});
