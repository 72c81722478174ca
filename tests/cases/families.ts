// Small runs of every posterior, objective and architecture, as configs.

import type { TrainingConfig } from '../../src/runs/config';
import { objectives, posteriors } from '../../src/runs/families';
import { choose } from '../../src/runs/recipe';

export const base: TrainingConfig = {
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
const names = Object.keys(posteriors);

/** Every objective with another posterior, so that all posteriors meet one. */
export const families = Object.keys(objectives).map((objective, i): [name: string, config: TrainingConfig] => {
  const posterior = names[i % names.length];
  const config = {
    ...base,
    posterior: choose(posteriors, 'posterior', posterior, {}),
    objective: choose(objectives, 'objective', objective, objective === 'factorVae' ? small : {}),
  };
  return [`${objective} with a ${posterior} posterior`, config];
});

const images = { name: 'sprites', options: { side: 32, factors: { orientation: [0, 0], scale: [5, 5] } } } as const;
const brief = { ...base, data: images, steps: 3, every: 1, batch: 4, seeds: [1] };

export const architectures: [name: string, config: TrainingConfig][] = [
  ['burgess on sprites', { ...brief, architecture: { name: 'burgess', hidden: [] } }],
  ['locatello, split, on sprites', { ...brief, architecture: { name: 'locatello', hidden: [], split: 8 } }],
];
