// Small runs of every posterior, objective and architecture, as configs.

import type { Choice, TrainingConfig } from '../../src/runs/config';
import { objectives, posteriors } from '../../src/runs/families';
import { choose } from '../../src/runs/recipe';

/** A family with all its numbers: those given, and defaults. */
function chosen(
  table: typeof posteriors | typeof objectives,
  name: string,
  given: Record<string, number> = {},
): Choice {
  const { numbers } = choose(table, 'family', name, given, { steps: 110, learningRate: 1e-3 });
  return { name, numbers: Object.fromEntries(Object.entries(numbers).map(([number, value]) => [number, [value]])) };
}

export const base: TrainingConfig = {
  data: [{ name: 'squares', options: { factors: { scale: [5, 5] } } }],
  architecture: { name: 'mlp', hidden: [12] },
  latents: 3,
  posteriors: [chosen(posteriors, 'full')],
  objectives: [chosen(objectives, 'betaVae')],
  learningRate: [1e-3],
  batch: 8,
  steps: 110,
  seeds: [7, 8],
  every: 10,
  saveEvery: 100,
};

const small = { layers: 1, width: 8 };
// The rotated posterior, the control of objectives without axes, comes to stand beside one.
const names = ['factorized', ...Object.keys(posteriors).filter((name) => name !== 'factorized' && name !== 'rotated')];
names.splice(Object.keys(objectives).indexOf('infoVae'), 0, 'rotated');

/** Every objective with another posterior, so that all posteriors meet one. */
export const families = Object.keys(objectives).map((objective, i): [name: string, config: TrainingConfig] => {
  const posterior = names[i % names.length];
  const config = {
    ...base,
    posteriors: [chosen(posteriors, posterior)],
    objectives: [chosen(objectives, objective, objective === 'factorVae' ? small : {})],
  };
  return [`${objective} with a ${posterior} posterior`, config];
});

const images = [{ name: 'sprites', options: { side: 32, factors: { orientation: [0, 0], scale: [5, 5] } } }] as const;
const brief = { ...base, data: images, steps: 3, every: 1, batch: 4, seeds: [1] };

export const architectures: [name: string, config: TrainingConfig][] = [
  ['burgess on sprites', { ...brief, architecture: { name: 'burgess', hidden: [] } }],
  ['locatello, split, on sprites', { ...brief, architecture: { name: 'locatello', hidden: [], split: 8 } }],
];
