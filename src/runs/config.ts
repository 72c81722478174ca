// What `unweave train` trains, as JSON: a grid. Every data set with every posterior and every objective, every combination of their numbers and of the
// learning rates is an arm, and every arm is trained once for each seed. A replica is one arm with one seed.

import type { DataSetOptions } from '../data/catalogue';
import { brief } from '../data/files/brief';
import { InputError } from '../engine';
import { checkSeed, type Job, jobOf } from './job';
import { checkSetting } from './recipe';
import { canonical, flatOf, type Setting } from './setting';

export const RUN_SCHEMA_VERSION = 3;

/** A posterior or an objective by name, with its numbers: a list holds one value for each arm. */
export interface Choice {
  readonly name: string;
  readonly numbers: Readonly<Record<string, readonly number[]>>;
}

/** A data set by name, with its options. */
export interface DataChoice {
  readonly name: string;
  readonly options?: DataSetOptions;
}

export interface TrainingConfig {
  readonly data: readonly DataChoice[];
  readonly architecture: Setting['architecture'];
  /** Of a Gaussian likelihood; Bernoulli without. */
  readonly deviation?: number;
  readonly latents: number;
  readonly posteriors: readonly Choice[];
  readonly objectives: readonly Choice[];
  readonly learningRate: readonly number[];
  readonly batch: number;
  readonly steps: number;
  readonly seeds: readonly number[];
  /** Steps that one row of metrics.csv is the mean of: a divisor of 100. */
  readonly every: number;
  /** Steps between checkpoints: a multiple of 100. */
  readonly saveEvery: number;
}

/** One model of a grid. */
export interface Replica {
  readonly replica: number;
  readonly arm: number;
  readonly seed: number;
  readonly setting: Setting;
}

/** config.json of a run folder. */
export interface Run {
  readonly schemaVersion: number;
  readonly config: TrainingConfig;
  /** Which replica is what: follows from `config`, written for readers. */
  readonly replicas: readonly Replica[];
}

/** Replicas of one run, at most: counted before any is made. */
const MOST_REPLICAS = 100_000;

/** The replicas of a run, arm by arm; in an arm, seed by seed. Throws InputError for more than 100,000. */
export function replicasOf(config: TrainingConfig): Replica[] {
  const { data, architecture, deviation, latents, posteriors, objectives, learningRate, seeds, batch, steps } = config;
  const size = (choices: readonly Choice[]) =>
    choices.reduce((sum, { numbers }) => sum + Object.values(numbers).reduce((n, { length }) => n * length, 1), 0);
  const count = data.length * size(posteriors) * size(objectives) * learningRate.length * seeds.length;
  if (count > MOST_REPLICAS)
    throw new InputError(`the grid has ${count} replicas (arms x seeds); a run has at most ${MOST_REPLICAS}.`);
  const settings = data.flatMap((set) =>
    chosenOf(posteriors).flatMap((posterior) =>
      chosenOf(objectives).flatMap((objective) =>
        learningRate.map(
          (rate): Setting => ({
            data: set,
            architecture,
            ...(deviation === undefined ? {} : { deviation }),
            latents,
            posterior,
            objective,
            learningRate: rate,
            batch,
            steps,
          }),
        ),
      ),
    ),
  );
  return settings.flatMap((setting, arm) =>
    seeds.map((seed, s) => ({ replica: arm * seeds.length + s, arm, seed, setting })),
  );
}

export const jobsOf = (replicas: readonly Replica[]): Promise<Job[]> =>
  Promise.all(replicas.map(({ setting, seed }) => jobOf(setting, seed)));

const chosenOf = (choices: readonly Choice[]) =>
  choices.flatMap(({ name, numbers }) => combinations(numbers).map((each) => ({ name, numbers: each })));

/** Every choice of one value from each list, the last list running fastest. */
function combinations(lists: Readonly<Record<string, readonly number[]>>): Record<string, number>[] {
  return Object.entries(lists).reduce<Record<string, number>[]>(
    (found, [name, values]) => found.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
}

/** Two arms that are the same would be one model under two numbers. */
function refuseRepeated(arms: readonly Replica[]): void {
  const seen = new Map<string, number>();
  for (const { arm, setting } of arms) {
    const key = canonical(flatOf(setting));
    const other = seen.get(key);
    if (other !== undefined)
      throw new InputError(
        `arms ${other} and ${arm} of the grid are the same (${setting.data.name}, ${setting.posterior.name}, ${setting.objective.name}): a name or a number is given twice.`,
      );
    seen.set(key, arm);
  }
}

/** Throws InputError, naming the setting, where a config is not one that can be trained. */
export function checkConfig(config: TrainingConfig): void {
  const { every, saveEvery, seeds } = config;
  for (const [name, value] of Object.entries({ every, saveEvery }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new InputError(`${name} is ${value}; it must be a whole number, 1 or more.`);
  for (const seed of seeds) checkSeed(seed);
  if (seeds.length === 0) throw new InputError('there is no seed to train with.');
  if (new Set(seeds).size < seeds.length) throw new InputError(`a seed occurs twice in ${seeds.join(', ')}.`);
  if (100 % every !== 0) throw new InputError(`every is ${every}; it must divide 100, such as 1, 10, 50 or 100.`);
  if (saveEvery % 100 !== 0) throw new InputError(`saveEvery is ${saveEvery}; it must be a multiple of 100.`);
  const replicas = replicasOf(config);
  if (replicas.length === 0) throw new InputError('the grid has no arm: a list of its numbers is empty.');
  // Arms differ in nothing that a check looks at for hundreds of thousands of seeds.
  const arms = replicas.filter(({ seed }) => seed === seeds[0]);
  for (const { setting } of arms) checkSetting(setting);
  refuseRepeated(arms);
}

/** Reads config.json. Throws InputError, naming the file, where it is damaged or of another version. */
export function readRun(text: string, name: string): Run {
  let run: Partial<Run> | null;
  try {
    run = JSON.parse(text) as Partial<Run> | null;
  } catch (cause) {
    throw new InputError(`${name} is not JSON; was it cut off?`, { cause });
  }
  if (run?.schemaVersion !== RUN_SCHEMA_VERSION && run?.schemaVersion !== ONE_DATA_SET) {
    throw new InputError(
      `${name} has schemaVersion ${brief(run?.schemaVersion)}; this program reads ${RUN_SCHEMA_VERSION}: go on with the version that made it, or train again.`,
    );
  }
  const config = run.schemaVersion === ONE_DATA_SET ? asList(run.config) : run.config;
  const problem = problemOf(config);
  if (problem !== undefined || config === undefined)
    throw new InputError(`${name} is not the config of a training run: ${problem}.`);
  checkConfig(config);
  return { schemaVersion: RUN_SCHEMA_VERSION, config, replicas: replicasOf(config) };
}

/** The version before runs could have several data sets. */
const ONE_DATA_SET = 2;

const asList = (config: TrainingConfig | undefined): TrainingConfig | undefined =>
  isObject(config) ? { ...config, data: [config.data as unknown as DataChoice] } : config;

/** What is not of the type that a config has there, in a few words. */
function problemOf(config: unknown): string | undefined {
  if (!isObject(config)) return 'it has no config';
  const { data, architecture, learningRate, seeds, deviation } = config;
  if (!Array.isArray(data) || data.length === 0) return 'data is no list';
  for (const set of data) {
    if (!isObject(set) || typeof set.name !== 'string') return 'data has no name';
    if (set.options !== undefined && !isObject(set.options)) return 'the options of data are no object';
  }
  if (!isObject(architecture) || typeof architecture.name !== 'string') return 'architecture has no name';
  if (!isNumbers(architecture.hidden)) return 'architecture.hidden is no list of numbers';
  for (const what of ['posteriors', 'objectives']) {
    const choices = config[what];
    if (!Array.isArray(choices) || choices.length === 0) return `${what} is no list`;
    for (const choice of choices) {
      if (!isObject(choice) || typeof choice.name !== 'string') return `one of ${what} has no name`;
      if (!isObject(choice.numbers)) return `one of ${what} has no numbers`;
      const wrong = Object.entries(choice.numbers).find(([, values]) => !isNumbers(values) || values.length === 0);
      if (wrong !== undefined) return `${wrong[0]} in ${what} is no list of numbers`;
    }
  }
  if (!isNumbers(learningRate) || learningRate.length === 0 || !isNumbers(seeds))
    return 'learningRate or seeds are no lists of numbers';
  if (deviation !== undefined && typeof deviation !== 'number') return 'deviation is no number';
  for (const name of ['latents', 'batch', 'steps', 'every', 'saveEvery'])
    if (typeof config[name] !== 'number') return `${name} is no number`;
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'number');
