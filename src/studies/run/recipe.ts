// From names to things: the tables of data sets, architectures, posteriors and objectives that a training config can name,
// and the making of a population out of a config. Adding one is an entry in its table; the command line's options, the
// checks and the error messages follow from it.

import { type FactorSpace, squares, stored } from '../../data';
import { type Executor, InputError } from '../../engine';
import {
  betaVae,
  type ExampleSource,
  full,
  type Objective,
  type Posterior,
  type StepOptions,
  type Vae,
  vae,
} from '../../models';
import { type Choice, checkConfig, type Replica, type TrainingConfig } from './config';

/** A number that a posterior or an objective takes. */
export interface NumberRecipe {
  readonly default: number;
  readonly about: string;
  readonly least?: number;
  readonly most?: number;
}

/** For every number, one value for each replica. */
type Values = Readonly<Record<string, readonly number[]>>;

interface Recipe {
  readonly numbers: Readonly<Record<string, NumberRecipe>>;
}

export interface PosteriorRecipe extends Recipe {
  /** The covariance is diagonal: `encode` writes log-variances, and Cholesky factors otherwise. */
  readonly diagonal: boolean;
  make(latents: number, replicas: number, values: Values): Posterior;
}

export interface ObjectiveRecipe extends Recipe {
  make(values: Values): Objective<Vae>;
}

export interface DataRecipe {
  readonly factors: FactorSpace;
  /** Numbers of an example. */
  readonly inputs: number;
  readonly count: number;
  /** Makes the examples ready on the GPU, for training and for `encode`. */
  open(executor: Executor): Promise<ExampleSource>;
}

const none = {};

export const posteriors: Readonly<Record<string, PosteriorRecipe>> = {
  factorized: {
    numbers: none,
    diagonal: true,
    make: (latents, replicas) => full(latents, new Array<boolean>(replicas).fill(false)),
  },
  full: {
    numbers: { offDiagonal: { default: 1, about: '0 holds the entries below the diagonal at 0', least: 0, most: 1 } },
    diagonal: false,
    make: (latents, _replicas, { offDiagonal }) =>
      full(
        latents,
        offDiagonal.map((on) => on > 0),
      ),
  },
};

export const objectives: Readonly<Record<string, ObjectiveRecipe>> = {
  betaVae: {
    numbers: {
      beta: { default: 4, about: 'weight of the KL', least: 0 },
      lambda: { default: 0, about: 'penalty on TC(z given x)', least: 0 },
    },
    make: ({ beta, lambda }) => betaVae({ beta, conditionalTc: lambda }),
  },
};

export const architectures: Readonly<Record<string, typeof vae>> = { mlp: vae };

export const dataSets: Readonly<Record<string, () => DataRecipe>> = {
  squares() {
    const { factors, side, render } = squares();
    return {
      factors,
      inputs: side ** 2,
      count: factors.count,
      open: async (executor) => stored(await render(executor)),
    };
  },
};

/** An entry of one of the tables. Throws InputError that lists what there is. */
export function lookUp<T>(table: Readonly<Record<string, T>>, what: string, name: string): T {
  if (Object.hasOwn(table, name)) return table[name];
  throw new InputError(`There is no ${what} "${name}". Known: ${Object.keys(table).join(', ')}.`);
}

/** The numbers of a posterior or an objective: those given, and defaults. Throws InputError for one it does not take. */
export function choose(
  table: Readonly<Record<string, Recipe>>,
  what: string,
  name: string,
  given: Readonly<Record<string, readonly number[]>>,
): Choice {
  const { numbers } = lookUp(table, what, name);
  for (const [number, values] of Object.entries(given)) {
    if (!Object.hasOwn(numbers, number)) {
      const known = Object.keys(numbers).join(', ') || 'none';
      throw new InputError(`The ${what} ${name} has no number "${number}". Its numbers: ${known}.`);
    }
    const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = numbers[number];
    if (!Array.isArray(values) || values.length === 0) throw new InputError(`${number} has no value.`);
    for (const value of values) {
      if (Number.isFinite(value) && value >= least && value <= most) continue;
      throw new InputError(`${number} is ${value}; the ${what} ${name} takes ${range(least, most)}.`);
    }
  }
  const filled = Object.entries(numbers).map(([number, recipe]) => [number, given[number] ?? [recipe.default]]);
  return { name, numbers: Object.fromEntries(filled) };
}

const range = (least: number, most: number): string =>
  Number.isFinite(most) ? `${least} to ${most}` : Number.isFinite(least) ? `${least} or more` : 'a finite number';

/** Throws InputError where a config cannot be trained: an unknown name, a number out of its range. */
export function checkRecipe(config: TrainingConfig): void {
  checkConfig(config);
  choose(posteriors, 'posterior', config.posterior.name, config.posterior.numbers);
  choose(objectives, 'objective', config.objective.name, config.objective.numbers);
  lookUp(architectures, 'architecture', config.architecture.name);
  lookUp(dataSets, 'data set', config.data.name);
}

/** Models of some replicas of a run, and how they are trained; the data is the caller's. */
export function population(
  config: TrainingConfig,
  replicas: readonly Replica[],
): { model: Vae; options: Omit<StepOptions<Vae>, 'data'> } {
  const { inputs } = lookUp(dataSets, 'data set', config.data.name)();
  const posterior = lookUp(posteriors, 'posterior', config.posterior.name);
  const objective = lookUp(objectives, 'objective', config.objective.name);
  const valuesOf = (choice: Choice, part: 'posterior' | 'objective'): Values =>
    Object.fromEntries(Object.keys(choice.numbers).map((name) => [name, replicas.map((each) => each[part][name])]));
  return {
    model: lookUp(
      architectures,
      'architecture',
      config.architecture.name,
    )({
      replicas: replicas.length,
      input: inputs,
      hidden: config.architecture.hidden,
      posterior: posterior.make(config.latents, replicas.length, valuesOf(config.posterior, 'posterior')),
    }),
    options: {
      objective: objective.make(valuesOf(config.objective, 'objective')),
      batch: config.batch,
      learningRate: replicas.map(({ learningRate }) => learningRate),
      seeds: replicas.map(({ seed }) => seed),
    },
  };
}
