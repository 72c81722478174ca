// The study `split`: the Split Encoder of the paper's first versions gives every latent deeper layers of its own, and is said to better both
// disentanglement and reconstruction under objectives that penalise total correlation. Capacity is matched: `wide` shares its layers
// and has more parameters than the split encoder.

import type { Arm, Cell, Study } from './study';

const arms: readonly Arm[] = [
  { name: 'shared', change: {}, prediction: 'same', because: 'the reference' },
  {
    name: 'split',
    change: { 'architecture.split': 12 },
    prediction: 'free',
    because: 'the paper says higher; no theorem does',
  },
  {
    name: 'wide',
    change: { 'architecture.hidden': '80,80' },
    prediction: 'same',
    because: 'shared layers with more parameters than split: the control of capacity',
  },
];

const cell = (name: string, about: string, change: Cell['change']): Cell => ({ name, about, change, arms });

export const split: Study = {
  name: 'split',
  question: 'Does an encoder whose deeper layers are not shared between latents disentangle and reconstruct better?',
  act: 'Splitting the encoder',
  base: {
    data: 'squares',
    architecture: 'mlp',
    'architecture.hidden': '64,64',
    latents: 6,
    posterior: 'factorized',
    objective: 'betaVae',
    'objective.beta': 4,
    learningRate: 2e-3,
    batch: 64,
    steps: 3000,
  },
  measures: ['losses', 'scores', 'rotation', 'information', 'traversals'],
  primary: { score: 'mig', from: { arm: 'shared', basis: 'own' }, to: { arm: 'split', basis: 'own' } },
  presets: {
    standard: {
      about: 'squares under three objectives, 10 seeds',
      cells: [
        cell('betaVae', 'squares, β-VAE β = 4', {}),
        cell('factorVae', 'squares, FactorVAE γ = 10', {
          objective: 'factorVae',
          'objective.gamma': 10,
          'objective.layers': 2,
          'objective.width': 64,
        }),
        cell('betaTcVae', 'squares, β-TCVAE β = 6', { objective: 'betaTcVae', 'objective.beta': 6 }),
      ],
      seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    },
  },
};
