// From a training config to models, objectives and data: what its names and numbers mean.

import { type DataSet, dataSet, drawAll, stored, widthOf } from '../data';
import { type Executor, InputError, type Tensor } from '../engine';
import {
  type ExampleSource,
  gaussian,
  infoGan,
  infoGanObjective,
  type Objective,
  objectiveNamed,
  type Posterior,
  posteriorNamed,
  type StepOptions,
  vae,
} from '../models';
import { type Choice, checkConfig, type Replica, type TrainingConfig } from './config';
import { objectives, posteriors, type Recipe, type Values } from './families';

export const architectures = { mlp: 'dense layers', burgess: 'convolutions', locatello: 'convolutions' } as const;

/** A trained population, whatever it was trained by: what encodes examples. */
export interface Encoder {
  readonly replicas: number;
  readonly posterior: Posterior;
  encode(examples: Tensor): Tensor;
  /** The variables that hold its parameters, by their names in a checkpoint. */
  readonly arenas: Readonly<Record<string, Tensor>>;
}

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
    const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, single, whole } = numbers[number];
    if (!Array.isArray(values) || values.length === 0) throw new InputError(`${number} has no value.`);
    if (single && values.length > 1)
      throw new InputError(`${number} takes one value for the whole run, not ${values.join(', ')}.`);
    for (const value of values) {
      if (Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isInteger(value))) continue;
      throw new InputError(
        `${number} is ${value}; the ${what} ${name} takes ${range(least, most)}${whole ? ', in whole numbers' : ''}.`,
      );
    }
  }
  const filled = Object.entries(numbers).map(([number, recipe]) => [number, given[number] ?? [recipe.default]]);
  return { name, numbers: Object.fromEntries(filled) };
}

const range = (least: number, most: number): string =>
  Number.isFinite(most) ? `${least} to ${most}` : Number.isFinite(least) ? `${least} or more` : 'a finite number';

export const dataOf = ({ data }: TrainingConfig): DataSet => dataSet(data.name, data.options);

/** Examples that fit are drawn once; others batch by batch as training goes on. */
const MOST_STORED = 2 ** 24;

/** Makes the examples ready on the GPU. */
export async function openData(executor: Executor, config: TrainingConfig): Promise<ExampleSource> {
  const data = dataOf(config);
  if (data.stored === undefined && data.count * widthOf(data) <= MOST_STORED)
    return stored(await drawAll(executor, data));
  await data.open?.(executor);
  return data;
}

/** Throws InputError where a config cannot be trained: an unknown name, a number out of its range. */
export function checkRecipe(config: TrainingConfig): void {
  checkConfig(config);
  choose(posteriors, 'posterior', config.posterior.name, config.posterior.numbers);
  choose(objectives, 'objective', config.objective.name, config.objective.numbers);
  const architecture = lookUp(architectures, 'architecture', config.architecture.name);
  const data = dataOf(config);
  const [height, width] = data.shape;
  if (
    architecture === 'convolutions' &&
    (data.shape.length !== 3 || height !== width || (height !== 64 && height !== 32))
  )
    throw new InputError(
      `The ${config.architecture.name} network takes images of 32 or 64 pixels; ${data.name} has examples of ${data.shape.join(' x ')}.`,
    );
  const gan = config.objective.name === 'infoGan';
  if (gan && (architecture === 'convolutions' || config.architecture.split !== undefined))
    throw new InputError('infoGan is made of dense layers: it takes --architecture mlp, and no split.');
  if (gan && config.deviation !== undefined) throw new InputError('infoGan has no likelihood: it takes no deviation.');
  if (data.real && gan)
    throw new InputError(`infoGan generates values in 0 ... 1; those of ${data.name} are any numbers.`);
  if (data.real && config.deviation === undefined)
    throw new InputError(
      `The values of ${data.name} are any numbers, of which a Bernoulli likelihood has no upper bound: give --deviation S.`,
    );
  if (config.objective.name === 'betaTcVae') {
    // The stratified weights need another example than the batch's.
    const stratified = config.objective.numbers.stratified?.[0] === 1;
    if (config.batch < 2) throw new InputError('betaTcVae compares the examples of a batch: batch must be 2 or more.');
    if (stratified && data.count < config.batch)
      throw new InputError(`stratified sampling takes batches of at most the ${data.count} examples there are.`);
  }
}

/** Models of some replicas of a run, and how they are trained; the data is the caller's. */
export function population(
  config: TrainingConfig,
  replicas: readonly Replica[],
): { model: Encoder; options: Omit<StepOptions<Encoder>, 'data'> } {
  const valuesOf = (choice: Choice, part: 'posterior' | 'objective'): Values =>
    Object.fromEntries(Object.keys(choice.numbers).map((name) => [name, replicas.map((each) => each[part][name])]));
  const ofPosterior = lookUp(posteriors, 'posterior', config.posterior.name);
  const options = ofPosterior.options(valuesOf(config.posterior, 'posterior'), config.latents);
  const posterior = posteriorNamed(config.posterior.name, config.latents, replicas.length, options);
  const values = valuesOf(config.objective, 'objective');
  const made =
    config.objective.name === 'infoGan'
      ? gan(config, posterior, replicas.length, values)
      : auto(config, posterior, replicas.length, values);
  return {
    model: made.model,
    options: {
      objective: made.objective,
      batch: config.batch,
      learningRate: replicas.map(({ learningRate }) => learningRate),
      seeds: replicas.map(({ seed }) => seed),
    },
  };
}

interface Made {
  readonly model: Encoder;
  readonly objective: Objective<Encoder>;
}

function auto(config: TrainingConfig, posterior: Posterior, replicas: number, values: Values): Made {
  const data = dataOf(config);
  const { name, hidden, split } = config.architecture;
  const [side, , channels] = data.shape;
  const model = vae({
    replicas,
    input: widthOf(data),
    posterior,
    ...(name === 'burgess' || name === 'locatello' ? { convolutional: { network: name, side, channels } } : { hidden }),
    ...(split === undefined ? {} : { split }),
    ...(config.deviation === undefined ? {} : { likelihood: gaussian(config.deviation) }),
  });
  const recipe = lookUp(objectives, 'objective', config.objective.name);
  const objective = objectiveNamed(config.objective.name, recipe.options(values));
  return {
    model: { replicas, posterior, encode: model.encode, arenas: { parameters: model.parameters.arena } },
    objective: { name: objective.name, step: (_, inputs) => objective.step(model, inputs) },
  };
}

function gan(config: TrainingConfig, posterior: Posterior, replicas: number, values: Values): Made {
  const { hidden } = config.architecture;
  const model = infoGan({
    replicas,
    input: widthOf(dataOf(config)),
    noise: values.noise[0],
    q: posterior,
    prior: values.uniform[0] > 0 ? 'uniform' : 'normal',
    hidden,
  });
  const objective = infoGanObjective({ information: values.information, discriminatorRate: values.discriminatorRate });
  return {
    model: {
      replicas,
      posterior,
      encode: (examples) => model.judge(examples).packed,
      arenas: { 'parameters.1': model.discriminator.arena },
    },
    objective: { name: objective.name, step: (_, inputs) => objective.step(model, inputs) },
  };
}
