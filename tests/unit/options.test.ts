// Options of models that would be swallowed: what nobody reads, lists of another length than the replicas, seeds that no
// 32 bits hold. Each is refused before anything runs, naming what there is.

import { expect, test } from 'vitest';
import { squares } from '../../src/data';
import { InputError, ReferenceDevice } from '../../src/engine';
import { betaVae, factorized, objectiveNamed, posteriorNamed, train, vae } from '../../src/models';

test.each([
  [
    () => posteriorNamed('factorized', 3, 2, { rank: 1 }),
    'the posterior factorized has no option rank; it takes no options',
  ],
  [() => posteriorNamed('full', 3, 2, { rotation: 1 }), 'has no option rotation; it takes offDiagonal'],
  [() => posteriorNamed('full', 3, 2, { offDiagonal: [true] }), 'offDiagonal has 1 value for 2 replicas'],
  [
    () => posteriorNamed('correlated', 3, 2, { correlation: [0.1, 0.2, 0.3] }),
    'correlation has 3 values for 2 replicas',
  ],
  [() => posteriorNamed('block', 2, 1, { blocks: [[0.5, 1]] }), 'blocks name latents by whole numbers'],
  [() => posteriorNamed('rotated', 2, 1, { rotation: 1.5 }), 'the seed 1.5 must be a whole number'],
  [() => posteriorNamed('full', 2, 1, { offDiagonal: 'no' as unknown as boolean }), 'offDiagonal takes true or false'],
  [() => posteriorNamed('toString', 3, 2), 'there is no posterior toString'],
  [
    () => objectiveNamed('betaVae', { gamma: 3 }),
    'the objective betaVae has no option gamma; it takes beta, conditionalTc',
  ],
  [() => objectiveNamed('autoencoder', { beta: 1 }), 'it takes no options'],
  [() => objectiveNamed('constructor'), 'there is no objective constructor'],
])('%#', (build, message) => {
  expect(build).toThrow(InputError);
  expect(build).toThrow(message);
});

test('an option that is undefined is not given', () => {
  expect(objectiveNamed('betaVae', { gamma: undefined }).name).toBe('betaVae');
});

const model = () => vae({ replicas: 2, input: 256, hidden: [4], posterior: factorized(2, 2) });
const options = {
  data: squares(),
  batch: 2,
  steps: 1,
  learningRate: 1e-3,
  seeds: [1, 2],
  objective: betaVae({ beta: 1 }),
};

test.each([
  [{ learningRate: [1e-3] }, 'the learning rate has 1 value for 2 replicas'],
  [{ learningRate: [1e-3, Number.NaN] }, 'the learning rate is NaN'],
  [{ learningRate: [1e-3, 1e-3, 1e-3] }, 'has 3 values for 2 replicas'],
  [{ seeds: [1] }, 'seeds has 1 value for 2 replicas'],
  [{ seeds: [1, 1.5] }, 'the seed 1.5 must be a whole number'],
  [{ seeds: [1, 2 ** 32] }, 'the seed 4294967296 must be'],
  [{ seeds: [-1, 2] }, 'the seed -1 must be'],
  [{ objective: betaVae({ beta: [1, 2, 3] }) }, 'a weight of the objective has 3 values for 2 replicas'],
  [{ steps: 1.5 }, 'steps is 1.5'],
])('training refuses %o', async (other, message) => {
  using device = new ReferenceDevice();
  const training = train(device, model(), { ...options, ...other });
  await expect(training).rejects.toThrow(InputError);
  await expect(train(device, model(), { ...options, ...other })).rejects.toThrow(message);
});
