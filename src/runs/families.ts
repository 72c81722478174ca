// The posteriors and objectives that a setting can name, with the numbers each takes. Adding one is an entry in its table; the
// command line's options, the checks and the messages follow from it. A number is one value for each replica; one that changes the
// model's shape (`single`) is the same in a whole population.

import type { ObjectiveOptions, PosteriorOptions } from '../models';

/** A number that a posterior or an objective takes. */
export interface NumberRecipe {
  /** Where the published number would train nothing in a short run, it follows from the steps or the learning rate. */
  readonly default: number | ((schedule: Schedule) => number);
  readonly about: string;
  readonly least?: number;
  readonly most?: number;
  readonly single?: boolean;
  readonly whole?: boolean;
}

/** What a default may rest on. */
export interface Schedule {
  readonly steps: number;
  readonly learningRate: number;
}

/** For every number, one value for each replica. */
export type Values = Readonly<Record<string, readonly number[]>>;

export interface Recipe {
  /** What it is, in a line. */
  readonly about: string;
  readonly numbers: Readonly<Record<string, NumberRecipe>>;
}

export interface PosteriorRecipe extends Recipe {
  /** The covariance is diagonal: `encode` writes log-variances, and Cholesky factors otherwise. */
  readonly diagonal: boolean;
  options(values: Values, latents: number): PosteriorOptions;
}

export interface ObjectiveRecipe extends Recipe {
  options(values: Values): ObjectiveOptions;
}

const none = () => ({});

export const posteriors: Readonly<Record<string, PosteriorRecipe>> = {
  factorized: {
    about: 'a diagonal covariance: no coupling of the latents given x',
    numbers: {},
    diagonal: true,
    options: none,
  },
  full: {
    about: 'any covariance for every x, by its Cholesky factor',
    numbers: {
      offDiagonal: { default: 1, about: '0 holds the entries below the diagonal at 0', least: 0, most: 1, whole: true },
    },
    diagonal: false,
    options: ({ offDiagonal }) => ({ offDiagonal: offDiagonal.map((on) => on > 0) }),
  },
  correlated: {
    about: 'a diagonal covariance whose noise is correlated by rho',
    numbers: { rho: { default: 0.5, about: 'noise correlation of all pairs of latents', least: -0.99, most: 0.99 } },
    diagonal: false,
    options: ({ rho }) => ({ correlation: rho }),
  },
  rotated: {
    about: 'a diagonal covariance behind one fixed rotation',
    numbers: { rotation: { default: 0, about: 'seed of the fixed rotation', least: 0, whole: true } },
    diagonal: false,
    options: ({ rotation }) => ({ rotation }),
  },
  block: {
    about: 'a full covariance inside blocks of latents, none between them',
    numbers: { blockSize: { default: 2, about: 'latents of a block', least: 1, single: true, whole: true } },
    diagonal: false,
    options: ({ blockSize: [size] }, latents) => ({
      blocks: Array.from({ length: Math.ceil(latents / size) }, (_, b) =>
        Array.from({ length: Math.min(size, latents - b * size) }, (__, i) => b * size + i),
      ),
    }),
  },
  lowRank: {
    about: 'a diagonal covariance and a few columns more',
    numbers: { rank: { default: 1, about: 'columns beside the diagonal', least: 1, single: true, whole: true } },
    diagonal: false,
    options: ({ rank: [rank] }) => ({ rank }),
  },
  constantCholesky: {
    about: 'one covariance for all x, trained: the mean alone depends on x',
    numbers: {},
    diagonal: false,
    options: none,
  },
  reversedCholesky: {
    about: 'full, with the Cholesky factor from the last latent on',
    numbers: {},
    diagonal: false,
    options: none,
  },
};

const positive = (value: number, about: string): NumberRecipe => ({ default: value, about, least: 0 });
const lambda = positive(0, 'dose: the weight of a penalty on TC(z given x)');

export const objectives: Readonly<Record<string, ObjectiveRecipe>> = {
  betaVae: {
    about: 'reconstruction and beta times the KL',
    numbers: { beta: positive(4, 'weight of the KL'), lambda },
    options: ({ beta, lambda: conditionalTc }) => ({ beta, conditionalTc }),
  },
  annealedVae: {
    about: 'a KL that is held at a growing capacity',
    numbers: {
      capacity: positive(25, 'nats the KL may grow to'),
      // The published study reaches the capacity after a third of its steps.
      capacitySteps: {
        default: ({ steps }) => Math.ceil(steps / 3),
        about: 'steps it grows for; a third of all by default',
        least: 1,
        single: true,
      },
      gamma: positive(1000, 'weight of the distance from the capacity'),
      lambda,
    },
    options: ({ capacity, capacitySteps: [capacitySteps], gamma, lambda: conditionalTc }) => ({
      capacity,
      capacitySteps,
      gamma,
      conditionalTc,
    }),
  },
  factorVae: {
    about: 'TC(z) penalised, by a discriminator',
    numbers: {
      gamma: positive(10, 'weight of TC(z)'),
      layers: { default: 6, about: 'of the discriminator', least: 1, single: true, whole: true },
      width: { default: 1000, about: 'of its layers', least: 1, single: true, whole: true },
      // The published study trains both players at one rate.
      discriminatorRate: {
        default: ({ learningRate }) => learningRate,
        about: "its learning rate; the model's by default",
        least: 0,
      },
      lambda,
    },
    options: ({ gamma, layers: [layers], width: [width], discriminatorRate, lambda: conditionalTc }) => ({
      gamma,
      layers,
      width,
      discriminatorRate,
      conditionalTc,
    }),
  },
  betaTcVae: {
    about: 'TC(z) penalised, by minibatch sampling',
    numbers: {
      beta: positive(4, 'weight of TC(z)'),
      stratified: { default: 0, about: '1 for stratified sampling', least: 0, most: 1, single: true, whole: true },
      lambda,
    },
    options: ({ beta, stratified: [stratified], lambda: conditionalTc }) => ({
      beta,
      sampling: stratified > 0 ? 'stratified' : 'weighted',
      conditionalTc,
    }),
  },
  ...Object.fromEntries(
    (['dipVaeI', 'dipVaeII'] as const).map((name): [string, ObjectiveRecipe] => [
      name,
      {
        about: `covariances of the ${name === 'dipVaeI' ? 'means' : 'aggregate posterior'} held to the identity`,
        numbers: {
          lambdaOd: positive(10, 'weight of covariances'),
          lambdaD: positive(name === 'dipVaeI' ? 100 : 10, 'weight of variances that are not 1'),
          lambda,
        },
        options: ({ lambdaOd, lambdaD, lambda: conditionalTc }) => ({
          offDiagonal: lambdaOd,
          diagonal: lambdaD,
          conditionalTc,
        }),
      },
    ]),
  ),
  infoVae: {
    about: 'the aggregate posterior held to the prior by MMD',
    numbers: { mmd: positive(1000, 'weight of the MMD'), klWeight: positive(0, 'weight of the KL'), lambda },
    options: ({ mmd, klWeight, lambda: conditionalTc }) => ({ mmd, kl: klWeight, conditionalTc }),
  },
  autoencoder: {
    about: 'reconstruction alone',
    numbers: {},
    options: none,
  },
  infoGan: {
    about: 'a generator and a discriminator; the encoder reads codes back',
    numbers: {
      information: positive(1, 'weight of the information bound'),
      noise: { default: 16, about: 'numbers of noise beside the codes', least: 1, single: true, whole: true },
      uniform: {
        default: 0,
        about: '1 for codes uniform on (-1, 1), 0 for normal ones',
        least: 0,
        most: 1,
        single: true,
        whole: true,
      },
      discriminatorRate: positive(2e-4, "the discriminator's learning rate"),
    },
    options: none,
  },
};
