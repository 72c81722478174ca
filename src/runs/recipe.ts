// From settings to models, objectives and data: what their names and numbers mean, and which of them cannot be trained.

import { type DataSetOptions, dataSet } from '../data/catalogue';
import { type DataSet, drawAll, widthOf } from '../data/dataSet';
import { brief } from '../data/files/brief';
import { parseFactors } from '../data/restriction';
import { stored } from '../data/source';
import { type Executor, InputError, type Tensor } from '../engine';
import {
  type Encodes,
  type ExampleSource,
  type GaussianPosterior,
  gaussian,
  infoGan,
  infoGanObjective,
  type Objective,
  objectiveNamed,
  posteriorNamed,
  type StepOptions,
  vae,
} from '../models';
import { type NumberRecipe, objectives, posteriors, type Recipe, type Schedule, type Values } from './families';
import type { Job } from './job';
import { type Chosen, checkNumbers, type Flat, optionOf, type Setting } from './setting';

export const architectures = { mlp: 'dense layers', burgess: 'convolutions', locatello: 'convolutions' } as const;

/** A population of models, whatever trains it, and the variables that hold its parameters, by their names in a state. */
export interface Encoder extends Encodes<GaussianPosterior> {
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
  given: Readonly<Record<string, number>>,
  schedule: Schedule,
): Chosen {
  const { numbers } = lookUp(table, what, name);
  for (const [number, value] of Object.entries(given)) {
    if (!Object.hasOwn(numbers, number)) {
      const known = Object.keys(numbers).join(', ') || 'none';
      throw new InputError(`The ${what} ${name} has no number "${number}". Its numbers: ${known}.`);
    }
    checkNumber(`${what} ${name}`, number, numbers[number], value);
  }
  const defaultOf = ({ default: value }: NumberRecipe) => (typeof value === 'number' ? value : value(schedule));
  const filled = Object.entries(numbers).map(([number, recipe]) => [number, given[number] ?? defaultOf(recipe)]);
  return { name, numbers: Object.fromEntries(filled) };
}

function checkNumber(whose: string, number: string, recipe: NumberRecipe, value: number): void {
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, whole } = recipe;
  if (Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isInteger(value))) return;
  const range = Number.isFinite(most)
    ? `${least} to ${most}`
    : Number.isFinite(least)
      ? `${least} or more`
      : 'a finite number';
  throw new InputError(
    `${number} is ${brief(value)}; the ${whose} takes ${range}${whole ? ', in whole numbers' : ''}.`,
  );
}

/** Reads flat JSON, filling in defaults: `flatOf` gives it back. Throws InputError, naming the key, for what no setting has. */
export function settingOf(flat: Flat): Setting {
  const under = (name: string) =>
    Object.entries(flat).flatMap(([key, value]) =>
      key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), value] as const] : [],
    );
  const numbersOf = (name: string) =>
    under(name).map(([key, value]) => [key, numberOf(`${name}.${key}`, value)] as const);
  const known =
    /^(data|architecture|deviation|latents|posterior|objective|learningRate|batch|steps|(data|architecture|posterior|objective)\..+)$/;
  const stray = Object.keys(flat).find((key) => !known.test(key));
  if (stray !== undefined) throw new InputError(`a setting has no "${stray}"`);
  const [learningRate, steps] = [numberOf('learningRate', flat.learningRate), numberOf('steps', flat.steps)];
  const { hidden, split, ...others } = Object.fromEntries(under('architecture'));
  const [other] = Object.keys(others);
  if (other !== undefined) throw new InputError(`a setting has no "architecture.${other}"`);
  const options = Object.fromEntries(
    under('data').map(([key, value]) => [
      key,
      key === 'factors' ? parseFactors(String(value)) : typeof value === 'string' ? optionOf(value) : value,
    ]),
  ) as DataSetOptions;
  const setting: Setting = {
    data: { name: String(flat.data), ...(Object.keys(options).length === 0 ? {} : { options }) },
    architecture: {
      name: String(flat.architecture),
      hidden: hidden === undefined ? [] : String(hidden).split(',').map(Number),
      ...(split === undefined ? {} : { split: numberOf('architecture.split', split) }),
    },
    ...(flat.deviation === undefined ? {} : { deviation: numberOf('deviation', flat.deviation) }),
    latents: numberOf('latents', flat.latents),
    posterior: choose(posteriors, 'posterior', String(flat.posterior), Object.fromEntries(numbersOf('posterior')), {
      steps,
      learningRate,
    }),
    objective: choose(objectives, 'objective', String(flat.objective), Object.fromEntries(numbersOf('objective')), {
      steps,
      learningRate,
    }),
    learningRate,
    batch: numberOf('batch', flat.batch),
    steps,
  };
  checkSetting(setting);
  return setting;
}

function numberOf(key: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new InputError(`${key} is ${value === undefined ? 'not there' : JSON.stringify(value)}; it must be a number`);
}

/** Data sets that settings may name beside those of the catalogue. */
const brought = new Map<string, DataSet>();

/** Makes a data set of one's own known by its name, which should say what is in it: a job's name rests on it. */
export function bringData(data: DataSet): void {
  brought.set(data.name, data);
}

export const dataOf = ({ data }: Pick<Setting, 'data'>): DataSet =>
  brought.get(data.name) ?? dataSet(data.name, data.options);

/** Examples that fit are drawn once; others batch by batch as training goes on. */
const MOST_STORED = 2 ** 24;

/** Examples that are ready, by executor and data set: they are drawn once. */
const opened = new WeakMap<Executor, Map<string, Promise<ExampleSource>>>();

/** Makes the examples ready where the executor computes. */
export function openData(executor: Executor, setting: Pick<Setting, 'data'>): Promise<ExampleSource> {
  const known = opened.get(executor) ?? new Map<string, Promise<ExampleSource>>();
  opened.set(executor, known);
  const key = JSON.stringify(setting.data);
  const source = known.get(key) ?? open(executor, dataOf(setting));
  known.set(key, source);
  // What failed is tried again.
  source.catch(() => known.delete(key));
  return source;
}

/** What a lost GPU has forgotten is made ready again when it is asked for. */
export const forgetData = (executor: Executor): boolean => opened.delete(executor);

async function open(executor: Executor, data: DataSet): Promise<ExampleSource> {
  if (data.stored === undefined && data.count * widthOf(data) <= MOST_STORED)
    return stored(await drawAll(executor, data));
  await data.open?.(executor);
  // Without its `open`: training would upload it again.
  return { count: data.count, batch: (indices) => data.batch(indices), stored: data.stored };
}

/** Objectives whose value a rotation of the latents does not change; the others see axes. */
const ROTATION_INVARIANT = ['betaVae', 'annealedVae', 'infoVae', 'autoencoder'];

/** Throws InputError where a setting cannot be trained: an unknown name, a number out of its range. */
export function checkSetting(setting: Setting): void {
  checkNumbers(setting);
  const { posterior, objective, steps, learningRate, batch, deviation } = setting;
  choose(posteriors, 'posterior', posterior.name, posterior.numbers, { steps, learningRate });
  choose(objectives, 'objective', objective.name, objective.numbers, { steps, learningRate });
  const architecture = lookUp(architectures, 'architecture', setting.architecture.name);
  const data = dataOf(setting);
  const [height, width] = data.shape;
  if (
    architecture === 'convolutions' &&
    (data.shape.length !== 3 || height !== width || (height !== 64 && height !== 32))
  )
    throw new InputError(
      `The ${setting.architecture.name} network takes images of 32 or 64 pixels; ${data.name} has examples of ${data.shape.join(' x ')}.`,
    );
  const gan = objective.name === 'infoGan';
  if (gan && (architecture === 'convolutions' || setting.architecture.split !== undefined))
    throw new InputError('infoGan is made of dense layers: it takes --architecture mlp, and no split.');
  if (gan && deviation !== undefined) throw new InputError('infoGan has no likelihood: it takes no deviation.');
  if (data.real && gan)
    throw new InputError(`infoGan generates values in 0 ... 1; those of ${data.name} are any numbers.`);
  if (data.real && deviation === undefined)
    throw new InputError(
      `The values of ${data.name} are any numbers, of which a Bernoulli likelihood has no upper bound: give --deviation S.`,
    );
  if (posterior.name === 'rotated' && (!ROTATION_INVARIANT.includes(objective.name) || objective.numbers.lambda > 0))
    throw new InputError(
      `rotated is the control of objectives that no rotation of the latents changes (${ROTATION_INVARIANT.join(', ')}, with lambda 0); ${
        objective.numbers.lambda > 0 ? 'lambda' : objective.name
      } sees axes, so a rotated posterior would be another model, not a control.`,
    );
  if (objective.name === 'betaTcVae') {
    // The stratified weights need another example than the batch's.
    if (batch < 2) throw new InputError('betaTcVae compares the examples of a batch: batch must be 2 or more.');
    if (objective.numbers.stratified === 1 && data.count < batch)
      throw new InputError(`stratified sampling takes batches of at most the ${data.count} examples there are.`);
  }
}

/** Models of jobs of one shape, and how they are trained; the data is the caller's. */
export function population(jobs: readonly Job[]): { model: Encoder; options: Omit<StepOptions<Encoder>, 'data'> } {
  const [{ setting }] = jobs;
  const valuesOf = (part: 'posterior' | 'objective'): Values =>
    Object.fromEntries(
      Object.keys(setting[part].numbers).map((name) => [name, jobs.map((job) => job.setting[part].numbers[name])]),
    );
  const ofPosterior = lookUp(posteriors, 'posterior', setting.posterior.name);
  const options = ofPosterior.options(valuesOf('posterior'), setting.latents);
  const posterior = posteriorNamed(setting.posterior.name, setting.latents, jobs.length, options);
  const make = setting.objective.name === 'infoGan' ? gan : auto;
  const { model, objective } = make(setting, posterior, jobs.length, valuesOf('objective'));
  return {
    model,
    options: {
      objective,
      batch: setting.batch,
      learningRate: jobs.map((job) => job.setting.learningRate),
      seeds: jobs.map(({ seed }) => seed),
    },
  };
}

interface Made {
  readonly model: Encoder;
  readonly objective: Objective<Encoder>;
}

function auto(setting: Setting, posterior: GaussianPosterior, replicas: number, values: Values): Made {
  const data = dataOf(setting);
  const { name, hidden, split } = setting.architecture;
  const [side, , channels] = data.shape;
  const model = vae({
    replicas,
    input: widthOf(data),
    posterior,
    ...(name === 'burgess' || name === 'locatello' ? { convolutional: { network: name, side, channels } } : { hidden }),
    ...(split === undefined ? {} : { split }),
    ...(setting.deviation === undefined ? {} : { likelihood: gaussian(setting.deviation) }),
  });
  const recipe = lookUp(objectives, 'objective', setting.objective.name);
  const objective = objectiveNamed(setting.objective.name, recipe.options(values));
  const { likelihood } = model;
  return {
    model: {
      replicas,
      posterior,
      encode: model.encode,
      arenas: { parameters: model.parameters.arena },
      decoder: {
        nll: (z, examples) => likelihood.nll(model.decode(z), examples),
        mean: (z) => likelihood.mean(model.decode(z)),
      },
    },
    objective: { name: objective.name, step: (_, inputs) => objective.step(model, inputs) },
  };
}

function gan(setting: Setting, posterior: GaussianPosterior, replicas: number, values: Values): Made {
  const model = infoGan({
    replicas,
    input: widthOf(dataOf(setting)),
    noise: values.noise[0],
    q: posterior,
    prior: values.uniform[0] > 0 ? 'uniform' : 'normal',
    hidden: setting.architecture.hidden,
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
