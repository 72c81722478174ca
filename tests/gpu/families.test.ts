// Every posterior and every objective trains on the GPU, alone and in convolutional and split models, and goes on from a
// checkpoint bit for bit, discriminators included.

import { expect, test } from 'vitest';
import { replicasOf, type TrainingConfig } from '../../src/studies/run/config';
import { objectives, posteriors } from '../../src/studies/run/families';
import { checkRecipe, choose } from '../../src/studies/run/recipe';
import { inPage } from './inPage';

const base: TrainingConfig = {
  data: { name: 'squares', options: { factors: { scale: [5, 5] } } },
  architecture: { name: 'mlp', hidden: [12] },
  latents: 3,
  posterior: choose(posteriors, 'posterior', 'full', {}),
  objective: choose(objectives, 'objective', 'betaVae', {}),
  learningRate: [1e-3],
  batch: 8,
  steps: 110,
  seeds: [7, 8],
  every: 10,
  saveEvery: 100,
};
const small = { layers: [1], width: [8] };

/** Rows of metrics.csv are there for every replica, and all numbers are finite. */
function expectRows(rows: string, config: TrainingConfig): void {
  const values = rows
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  expect(values.length).toBe((config.steps / config.every) * replicasOf(config).length);
  expect(values.flat().every((value) => value !== '' && Number.isFinite(Number(value)))).toBe(true);
}

// Every objective with another posterior, so that all families meet one.
const families = Object.keys(posteriors);
const pairs = Object.keys(objectives).map((objective, i) => [objective, families[i % families.length]] as const);

test('there are more objectives than posteriors, so every posterior is trained', () => {
  expect(pairs.length).toBeGreaterThanOrEqual(families.length);
});

test.each(pairs)('%s with a %s posterior', async (objective, posterior) => {
  const config = {
    ...base,
    posterior: choose(posteriors, 'posterior', posterior, {}),
    objective: choose(objectives, 'objective', objective, objective === 'factorVae' ? small : {}),
  };
  checkRecipe(config);
  const { rows, same } = await inPage('trainTwice', config);
  expectRows(rows, config);
  expect(same).toBe(true);
});

const images = { name: 'sprites', options: { side: 32, factors: { orientation: [0, 0], scale: [5, 5] } } } as const;

test.each([
  ['burgess', { architecture: { name: 'burgess', hidden: [] } }],
  ['locatello, split', { architecture: { name: 'locatello', hidden: [], split: 8 } }],
] as const)('%s on sprites', async (_, change) => {
  const config = { ...base, ...change, data: images, steps: 3, every: 1, batch: 4, seeds: [1] };
  checkRecipe(config);
  expectRows(await inPage('trainOnce', config), config);
});
