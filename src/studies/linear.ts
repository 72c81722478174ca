// The study `linear`: the linear VAE of method.md 5, where theory gives the loss of every posterior. x is two independent factors of variances 4
// and 1; a diagonal and a free posterior reach the same bound, and so does correlated noise up to rho* = .6, by a rotation; beyond it
// the bound is worse.

import type { Arm, Study } from './study';
import { sweep } from './sweep';

const arms: readonly Arm[] = [
  {
    name: 'diagonal',
    change: { posterior: 'full', 'posterior.offDiagonal': 0 },
    prediction: 'same',
    because: 'the reference: loss 3.303, axes aligned',
  },
  { name: 'full', change: { posterior: 'full' }, prediction: 'free', because: 'loss 3.303 at any rotation' },
  ...sweep('posterior.rho', [0.3, 0.6, 0.9]).map(
    (change, i): Arm => ({
      name: `ρ = ${change['posterior.rho']}`,
      change: { posterior: 'correlated', ...change },
      prediction: i === 0 ? 'free' : 'lower',
      because: [
        'loss 3.303, turned by 12 degrees',
        'loss 3.303, turned by 45 degrees',
        'loss 3.451, turned by 45 degrees',
      ][i],
    }),
  ),
];

export const linear: Study = {
  name: 'linear',
  question: 'Does a linear VAE reach the loss that theory gives each posterior, and turn as it says?',
  act: 'Letting the posterior couple the latents',
  base: {
    data: 'linear',
    'data.lengths': '2,1',
    'data.observed': 2,
    'data.noise': 0.01,
    architecture: 'mlp',
    latents: 2,
    posterior: 'full',
    objective: 'betaVae',
    'objective.beta': 1,
    deviation: Math.sqrt(0.2),
    learningRate: 5e-3,
    batch: 128,
    steps: 5000,
  },
  measures: ['losses', 'scores', 'rotation', 'information'],
  primary: { score: 'mig', from: { arm: 'diagonal', basis: 'own' }, to: { arm: 'ρ = 0.6', basis: 'own' } },
  presets: {
    standard: {
      about: 'two factors of variances 4 and 1, decoder variance .2, 10 seeds',
      cells: [{ name: 'linear', about: 'a linear VAE on two factors', change: {}, arms }],
      seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    },
  },
};
