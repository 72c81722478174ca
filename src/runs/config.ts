// What a training run is, as JSON: everything that decides its result. Where a number is a list, the run is a grid: every
// combination of numbers is an arm, and every arm is trained once for each seed. A replica is one arm with one seed.

import { brief, type DataSetOptions } from '../data';
import { InputError } from '../engine';

export const RUN_SCHEMA_VERSION = 1;

/** A posterior or an objective by name, with its numbers: a list holds one value for each arm. */
export interface Choice {
  readonly name: string;
  readonly numbers: Readonly<Record<string, readonly number[]>>;
}

export interface TrainingConfig {
  readonly data: { readonly name: string; readonly options?: DataSetOptions };
  /** `split` is the width of the hidden layer that every latent has of its own in a Split Encoder. */
  readonly architecture: { readonly name: string; readonly hidden: readonly number[]; readonly split?: number };
  /** Of a Gaussian likelihood; Bernoulli without. */
  readonly deviation?: number;
  readonly latents: number;
  readonly posterior: Choice;
  readonly objective: Choice;
  readonly learningRate: readonly number[];
  readonly batch: number;
  readonly steps: number;
  readonly seeds: readonly number[];
  /** Steps that one row of metrics.csv is the mean of: a divisor of 100. */
  readonly every: number;
  /** Steps between checkpoints: a multiple of 100. */
  readonly saveEvery: number;
}

/** What sets one replica apart from the others. */
export interface Replica {
  readonly replica: number;
  readonly arm: number;
  readonly seed: number;
  readonly posterior: Readonly<Record<string, number>>;
  readonly objective: Readonly<Record<string, number>>;
  readonly learningRate: number;
}

/** config.json of a run folder. */
export interface Run {
  readonly schemaVersion: number;
  readonly config: TrainingConfig;
  /** Numbers of the replicas that are trained together; one checkpoint each. */
  readonly populations: readonly (readonly number[])[];
  /** Which replica is what: follows from `config`, written for readers. */
  readonly replicas: readonly Replica[];
}

/** Replicas of one run, at most: counted before any is made. */
const MOST_REPLICAS = 100_000;

/** The replicas of a run, arm by arm; in an arm, seed by seed. Throws InputError for more than 100,000. */
export function replicasOf({ posterior, objective, learningRate, seeds }: TrainingConfig): Replica[] {
  const lists = [...Object.values(posterior.numbers), ...Object.values(objective.numbers), learningRate, seeds];
  const count = lists.reduce((product, { length }) => product * length, 1);
  if (count > MOST_REPLICAS)
    throw new InputError(`the grid has ${count} replicas (arms x seeds); a run has at most ${MOST_REPLICAS}.`);
  const arms = combinations(posterior.numbers).flatMap((ofPosterior) =>
    combinations(objective.numbers).flatMap((ofObjective) =>
      learningRate.map((rate) => ({ posterior: ofPosterior, objective: ofObjective, learningRate: rate })),
    ),
  );
  return arms.flatMap((each, arm) => seeds.map((seed, s) => ({ replica: arm * seeds.length + s, arm, seed, ...each })));
}

/** Every choice of one value from each list, the last list running fastest. */
function combinations(lists: Readonly<Record<string, readonly number[]>>): Record<string, number>[] {
  return Object.entries(lists).reduce<Record<string, number>[]>(
    (found, [name, values]) => found.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
}

/** Splits replicas, in order, into as few populations of at most `most` as there can be, all about as large. */
export function populationsOf(replicas: number, most: number): number[][] {
  const count = Math.ceil(replicas / most);
  return Array.from({ length: count }, (_, p) => {
    const [from, to] = [p, p + 1].map((edge) => Math.floor((edge * replicas) / count));
    return Array.from({ length: to - from }, (_unused, i) => from + i);
  });
}

/** Throws InputError, naming the setting, where a config is not one that can be trained; recipes check their own numbers. */
export function checkConfig(config: TrainingConfig): void {
  const { batch, steps, latents, every, saveEvery, seeds, learningRate, architecture } = config;
  const whole = (name: string, value: number, least: number) => {
    if (Number.isSafeInteger(value) && value >= least) return;
    throw new InputError(`${name} is ${value}; it must be a whole number, ${least} or more.`);
  };
  for (const [name, value] of Object.entries({ batch, steps, latents, every, saveEvery })) whole(name, value, 1);
  for (const width of architecture.hidden) whole('a hidden width', width, 1);
  if (architecture.split !== undefined) whole('the split width', architecture.split, 1);
  if (config.deviation !== undefined && !(config.deviation > 0))
    throw new InputError(`the deviation is ${config.deviation}; it must be above 0.`);
  for (const seed of seeds) {
    whole('a seed', seed, 0);
    if (seed > 0xffffffff) throw new InputError(`a seed is ${seed}; seeds are 32 bits, at most 4294967295.`);
  }
  if (seeds.length === 0) throw new InputError('there is no seed to train with.');
  if (new Set(seeds).size < seeds.length) throw new InputError(`a seed occurs twice in ${seeds.join(', ')}.`);
  for (const rate of learningRate)
    if (!(rate > 0 && rate < Number.POSITIVE_INFINITY))
      throw new InputError(`a learning rate is ${rate}; it must be above 0.`);
  if (100 % every !== 0) throw new InputError(`every is ${every}; it must divide 100, such as 1, 10, 50 or 100.`);
  if (saveEvery % 100 !== 0) throw new InputError(`saveEvery is ${saveEvery}; it must be a multiple of 100.`);
}

/** Reads config.json. Throws InputError, naming the file, where it is damaged or of another version. */
export function readRun(text: string, name: string): Run {
  let run: Partial<Run> | null;
  try {
    run = JSON.parse(text) as Partial<Run> | null;
  } catch (cause) {
    throw new InputError(`${name} is not JSON; was it cut off?`, { cause });
  }
  if (run?.schemaVersion !== RUN_SCHEMA_VERSION) {
    throw new InputError(
      `${name} has schemaVersion ${brief(run?.schemaVersion)}; this program reads ${RUN_SCHEMA_VERSION}.`,
    );
  }
  const { config, populations } = run;
  const problem = problemOf(config, populations);
  if (problem !== undefined || config === undefined || populations === undefined)
    throw new InputError(`${name} is not the config of a training run: ${problem}.`);
  checkConfig(config);
  const replicas = replicasOf(config);
  if (String(populations.flat()) !== String(replicas.map(({ replica }) => replica))) {
    throw new InputError(
      `${name}: the populations do not hold each of the ${replicas.length} replicas once, in order.`,
    );
  }
  return { schemaVersion: RUN_SCHEMA_VERSION, config, populations, replicas };
}

/** What is not of the type that a config has there, in a few words. */
function problemOf(config: unknown, populations: unknown): string | undefined {
  if (!isObject(config)) return 'it has no config';
  const { data, architecture, posterior, objective, learningRate, seeds, deviation } = config;
  if (!isObject(data) || typeof data.name !== 'string') return 'data has no name';
  if (data.options !== undefined && !isObject(data.options)) return 'the options of data are no object';
  if (!isObject(architecture) || typeof architecture.name !== 'string') return 'architecture has no name';
  if (!isNumbers(architecture.hidden)) return 'architecture.hidden is no list of numbers';
  for (const [what, choice] of Object.entries({ posterior, objective })) {
    if (!isObject(choice) || typeof choice.name !== 'string') return `${what} has no name`;
    if (!isObject(choice.numbers)) return `${what} has no numbers`;
    const wrong = Object.entries(choice.numbers).find(([, values]) => !isNumbers(values) || values.length === 0);
    if (wrong !== undefined) return `${wrong[0]} of ${what} is no list of numbers`;
  }
  if (!isNumbers(learningRate) || !isNumbers(seeds)) return 'learningRate or seeds are no lists of numbers';
  if (deviation !== undefined && typeof deviation !== 'number') return 'deviation is no number';
  for (const name of ['latents', 'batch', 'steps', 'every', 'saveEvery'])
    if (typeof config[name] !== 'number') return `${name} is no number`;
  if (!Array.isArray(populations) || !populations.every((each) => isNumbers(each) && each.length > 0))
    return 'populations are no lists of numbers';
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'number');
