// The study `decline`: does a posterior whose latents are coupled given x disentangle less (arXiv 1911.10922, v3)? And, since a rotation of all
// codes changes neither what they say of x nor the bound: is it the coupling that costs, or the basis that nobody pins?

import type { Flat } from '../runs/setting';
import type { Arm, Cell, Study } from './study';
import { sweep } from './sweep';

const factorized: Arm = {
  name: 'factorized',
  // The same code path, parameters and noise as `full`, with the entries below the diagonal held at 0.
  change: { posterior: 'full', 'posterior.offDiagonal': 0 },
  prediction: 'same',
  because: 'the reference',
};
const full: Arm = {
  name: 'full',
  change: { posterior: 'full' },
  prediction: 'lower',
  because: 'the bound no longer prefers a basis (method 5.1)',
  dose: 0,
};
const doses: Arm[] = sweep('objective.lambda', [1, 4, 16, 64]).map((change) => ({
  name: `λ = ${change['objective.lambda']}`,
  change: { posterior: 'full', ...change },
  prediction: 'free',
  because: 'between full (λ = 0) and factorized (λ → ∞)',
  dose: Number(change['objective.lambda']),
}));
const correlated: Arm[] = sweep('posterior.rho', [0.3, 0.6, 0.9]).map((change) => ({
  name: `ρ = ${change['posterior.rho']}`,
  change: { posterior: 'correlated', ...change },
  prediction: 'lower',
  because: 'the optimum turns until its noise has this correlation (method 5.2)',
}));
const others: Arm[] = [
  { name: 'block', change: { posterior: 'block' }, prediction: 'lower', because: 'pairs may turn, others not' },
  {
    name: 'rotated',
    change: { posterior: 'rotated', 'posterior.rotation': 1 },
    prediction: 'lower',
    because: 'the factorized codes in a random basis: its bound and its turned score are those of factorized',
  },
  {
    name: 'wide',
    change: { posterior: 'full', 'posterior.offDiagonal': 0, 'architecture.hidden': '80,80' },
    prediction: 'same',
    because: 'factorized with more parameters than full: the control of capacity',
  },
  {
    name: 'reversed',
    change: { posterior: 'reversedCholesky' },
    prediction: 'lower',
    because: 'full with the factor from the last latent on: the order must not matter',
  },
];

export const squaresBase: Flat = {
  data: 'squares',
  architecture: 'mlp',
  'architecture.hidden': '64,64',
  latents: 6,
  posterior: 'full',
  objective: 'betaVae',
  'objective.beta': 4,
  learningRate: 2e-3,
  batch: 64,
  steps: 3000,
};

const pair = [factorized, full];
const triple = [...pair, doses[2]];
const cell = (name: string, about: string, change: Cell['change'], arms: readonly Arm[] = triple): Cell => ({
  name,
  about,
  change,
  arms,
});

const squares = cell('squares', 'three factors of different scale, β-VAE', {}, [
  factorized,
  full,
  ...doses,
  ...correlated,
  ...others,
]);

/** Nothing is predicted where factors are alike or the latents too few. */
const unsure = triple.map((arm): Arm => ({ ...arm, prediction: arm === factorized ? 'same' : 'free' }));

const everything: Cell[] = [
  squares,
  cell('factorVae', 'squares, FactorVAE γ = 10', {
    objective: 'factorVae',
    'objective.gamma': 10,
    'objective.layers': 2,
    'objective.width': 64,
  }),
  cell('betaTcVae', 'squares, β-TCVAE β = 6', { objective: 'betaTcVae', 'objective.beta': 6 }),
  cell('sprites', 'dSprites 32 x 32: shape, scale, posX, posY', {
    data: 'sprites',
    'data.side': 32,
    'data.factors': 'scale=2..5,orientation=0,posX=8..23,posY=12..19',
  }),
  cell('shapes3d', '3D Shapes 32 x 32: hues, scale, shape, orientation', {
    data: 'shapes3d',
    'data.side': 32,
    'data.factors': 'floorHue=0..3,wallHue=0..3,objectHue=0..3,scale=2..5,orientation=6..8',
  }),
  cell('linear', 'linear-Gaussian, columns of lengths 3, 2, 1', {
    data: 'linear',
    'data.lengths': '3,2,1',
    'data.levels': 12,
    deviation: 0.5,
    'objective.beta': 1,
    latents: 3,
  }),
  cell(
    'equal lengths',
    'linear-Gaussian, columns of one length: no basis is preferred by either posterior',
    {
      data: 'linear',
      'data.lengths': '2,2,2',
      'data.levels': 12,
      deviation: 0.5,
      'objective.beta': 1,
      latents: 3,
    },
    unsure,
  ),
  cell('three latents', 'squares with no latent to spare', { latents: 3 }, unsure),
  cell(
    'five factors',
    'dSprites 32 x 32 with orientation, which repeats itself',
    {
      data: 'sprites',
      'data.side': 32,
      'data.factors': 'scale=2..5,orientation=0..9,posX=12..19,posY=14..17',
    },
    unsure,
  ),
];

const seeds = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const own = (arm: string) => ({ arm, basis: 'own' as const });
const turned = (arm: string) => ({ arm, basis: 'turned' as const });
const primary = { score: 'mig', from: own('factorized'), to: own('full') } as const;

/** On the models of `decline`: is the violation of invariance the one that is predicted? */
export const invariance: Study = {
  name: 'invariance',
  question:
    'Is the violation of invariance the predicted one: −R of a factorized posterior, S − R of a full one, S where latents are independent?',
  act: 'Letting the posterior couple the latents',
  base: squaresBase,
  measures: ['losses', 'scores', 'rotation', 'information', 'invariance'],
  primary,
  presets: {
    standard: {
      about: 'factorized, full and λ = 16 on squares, under β-VAE and with independence enforced by β-TCVAE, 8 seeds',
      cells: [
        { ...squares, arms: triple },
        cell('betaTcVae', 'squares, β-TCVAE β = 6', { objective: 'betaTcVae', 'objective.beta': 6 }),
      ],
      seeds: seeds(8),
    },
  },
};

export const decline: Study = {
  name: 'decline',
  question: 'Does a posterior whose latents are coupled given x disentangle less?',
  act: 'Letting the posterior couple the latents',
  base: squaresBase,
  measures: ['losses', 'scores', 'rotation', 'turning', 'information', 'traversals'],
  primary,
  presets: {
    quick: {
      about: 'factorized and full on squares, 8 seeds: under a minute on two cores',
      cells: [{ ...squares, arms: pair }],
      seeds: seeds(8),
      secondary: [
        { cell: 'squares', score: 'mig', from: own('full'), to: turned('full') },
        { cell: 'squares', score: 'mig', from: own('factorized'), to: turned('full') },
      ],
    },
    smoke: {
      about: 'the same path in seconds, to see that it runs; it finds nothing',
      cells: [{ ...squares, arms: pair }],
      seeds: seeds(2),
      change: { steps: 40, 'data.factors': 'scale=2..3,posY=2..7' },
      onlyRuns: true,
    },
    tour: {
      about: 'every arm of standard for a moment, to see that it runs; it finds nothing',
      cells: everything,
      seeds: seeds(2),
      change: { steps: 20 },
      onlyRuns: true,
    },
    standard: {
      about:
        'every arm on squares; factorized, full and λ = 16 under every objective and on every data set; the negative settings',
      cells: everything,
      seeds: seeds(11),
    },
    paper: {
      about: 'dSprites and 3D Shapes at 64 x 64, convolutional, 300,000 steps, 50 seeds: for a cluster',
      cells: [
        cell('sprites', 'dSprites 64 x 64', { data: 'sprites', 'data.side': 64 }),
        cell('shapes3d', '3D Shapes 64 x 64', { data: 'shapes3d', 'data.side': 64 }),
      ],
      seeds: seeds(50),
      change: { architecture: 'locatello', latents: 10, steps: 300_000, learningRate: 1e-4 },
      secondary: [],
    },
  },
};
