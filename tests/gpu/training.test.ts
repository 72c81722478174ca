// Training on a GPU: no growth of memory, and a GPU that goes away. Its laws: tests/unit/training.

import { expect, test } from 'vitest';
import { inPage } from './inPage';

test('100 steps leave the number of live buffers flat', async () => {
  const [after100, after200] = await inPage('ledgers', null);
  expect(after200).toEqual(after100);
});

test('a GPU lost twice in mid-run is replaced, and the curve is that of an uninterrupted run', async () => {
  const { whole, interrupted, losses } = await inPage('loseGpu', null);
  expect(losses).toBe(2);
  expect(whole.length).toBe(300);
  expect(interrupted).toEqual(whole);
});

test('a population takes the memory that its plan foresaw, and the data set', async () => {
  const [foreseen, used] = await inPage('memoryOf', {
    data: [{ name: 'squares' }],
    architecture: { name: 'mlp', hidden: [256, 256] },
    latents: 6,
    posteriors: [{ name: 'full', numbers: { offDiagonal: [0, 1] } }],
    objectives: [{ name: 'betaVae', numbers: { beta: [4], lambda: [0] } }],
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
