// Laws of training: determinism, independence of the population, and no growth of memory.

import { expect, test } from 'vitest';
import { inPage } from './inPage';

const population = { seeds: [3, 3, 5], offDiagonal: [false, true, true], steps: 60 };

test('a run is bitwise equal twice, and a replica alone is itself in a population', async () => {
  const once = await inPage('trainBriefly', population);
  const twice = await inPage('trainBriefly', population);
  expect(twice).toEqual(once);
  const alone = await inPage('trainBriefly', { seeds: [5], offDiagonal: [true], steps: 60 });
  expect(alone.reconstruction[0]).toBe(once.reconstruction[2]);
  expect(alone.posterior[0]).toEqual(once.posterior[2]);
});

test('the switch changes the posterior and nothing else: arms of one seed start alike, then part', async () => {
  const { firstReconstruction, conditionalTc, posterior, reconstruction } = await inPage('trainBriefly', population);
  // Same parameters, same batch; the heads start small, so the couplings move the first loss only in its last digits.
  expect(Math.abs(firstReconstruction[0] - firstReconstruction[1])).toBeLessThan(0.5);
  expect(conditionalTc[0]).toBe(0);
  expect(conditionalTc[1]).toBeGreaterThan(0);
  expect(posterior[0].slice(12).every((entry) => entry === 0)).toBe(true);
  expect(reconstruction[0]).not.toBe(reconstruction[1]);
});

test('training learns', async () => {
  const { firstReconstruction, reconstruction } = await inPage('trainBriefly', population);
  for (const [r, first] of firstReconstruction.entries()) expect(reconstruction[r]).toBeLessThan(0.5 * first);
});

test('100 steps leave the number of live buffers flat', async () => {
  const [after100, after200] = await inPage('ledgers', null);
  expect(after200).toEqual(after100);
});

test('a GPU lost twice in mid-run is replaced, and the curve is that of an uninterrupted run', async () => {
  const { whole, interrupted, losses } = await inPage('loseGpu', null);
  expect(losses).toBe(2);
  expect(whole.length).toBe(800);
  expect(interrupted).toEqual(whole);
});

test('a gradient that is not finite stops training and names the step', async () => {
  expect(await inPage('explode', null)).toMatch(/^NonFiniteError: training stopped at step \d+: .*lower learning rate/);
});

test('a population takes the memory that its plan foresaw, and the data set', async () => {
  const [foreseen, used] = await inPage('memoryOf', {
    data: { name: 'squares' },
    architecture: { name: 'mlp', hidden: [256, 256] },
    latents: 6,
    posterior: { name: 'full', numbers: { offDiagonal: [0, 1] } },
    objective: { name: 'betaVae', numbers: { beta: [4], lambda: [0] } },
    learningRate: [1e-3],
    batch: 64,
    steps: 2,
    seeds: [0, 1],
    every: 1,
    saveEvery: 100,
  });
  const dataSet = 3 * 2 ** 20;
  expect(used).toBeLessThanOrEqual(foreseen + dataSet);
  expect(used).toBeGreaterThan(0.8 * foreseen);
});
