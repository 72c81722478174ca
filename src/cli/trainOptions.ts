// The options of `unweave train`, as a training config. The numbers of posteriors and objectives are options too: they
// come from the recipes, so a new objective brings its own.

import { type DataSetOptions, dataSet, dataSets, parseFactors } from '../data';
import { type Choice, checkConfig, type TrainingConfig } from '../runs/config';
import { objectives, posteriors, type Schedule } from '../runs/families';
import { architectures, choose, lookUp } from '../runs/recipe';
import { optionOf } from '../runs/setting';
import { nearest, usageError } from './errors';

/** What was given, by option; undefined where it was not. */
export type Given = Readonly<Record<string, string | boolean | undefined>>;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

/** `offDiagonal` is `--off-diagonal`. */
export const flagOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const recipes = [...Object.values(posteriors), ...Object.values(objectives)];
const numberNames = [...new Set(recipes.flatMap(({ numbers }) => Object.keys(numbers)))];

/** What decides the result of a run. */
const settings = {
  data: text,
  'data-options': text,
  factors: text,
  posterior: text,
  objective: text,
  architecture: text,
  hidden: text,
  split: text,
  deviation: text,
  latents: text,
  steps: text,
  batch: text,
  lr: text,
  seeds: text,
  every: text,
  'save-every': text,
  replicas: text,
  memory: text,
  ...Object.fromEntries(numberNames.map((name) => [flagOf(name), text])),
};

export const trainOptions = { ...settings, out: text, resume: text, force: flag };

/** The settings that were given: with --resume there may be none. */
export const givenSettings = (given: Given): string[] => Object.keys(settings).filter((name) => name in given);

/** Throws a usage error, or InputError, for what makes no run. */
export function configOf(given: Given): TrainingConfig {
  const value = (name: string, otherwise: string): string => String(given[name] ?? otherwise);
  const learningRate = numbers('--lr', value('lr', '0.002'));
  const steps = number('--steps', value('steps', '3000'));
  const schedule = { steps, learningRate: learningRate[0] };
  const chosen = (table: typeof posteriors | typeof objectives, what: string, names: string): Choice[] =>
    names.split(',').map((name) => choice(table, what, name.trim(), given, schedule));
  const config: TrainingConfig = {
    data: dataChoice(value('data', 'squares'), given),
    architecture: {
      name: named(architectures, 'architecture', value('architecture', 'mlp')),
      hidden: numbers('--hidden', value('hidden', '64,64')),
      ...(given.split === undefined ? {} : { split: number('--split', String(given.split)) }),
    },
    ...(given.deviation === undefined ? {} : { deviation: number('--deviation', String(given.deviation)) }),
    latents: number('--latents', value('latents', '6')),
    posteriors: chosen(posteriors, 'posterior', value('posterior', 'full')),
    objectives: chosen(objectives, 'objective', value('objective', 'betaVae')),
    learningRate,
    batch: number('--batch', value('batch', '64')),
    steps,
    seeds: seeds(value('seeds', '0')),
    every: number('--every', value('every', '100')),
    saveEvery: number('--save-every', value('save-every', '500')),
  };
  refuseStray(config, given);
  checkConfig(config);
  return config;
}

/** How many replicas train at once: `--replicas`. */
export function replicasAtOnce(given: string | boolean | undefined): number | 'auto' {
  if (given === undefined || given === 'auto') return 'auto';
  const most = number('--replicas', String(given));
  if (!Number.isSafeInteger(most) || most < 1) {
    throw usageError(`--replicas is "${given}".`, 'It takes a whole number of replicas to train at once, or auto.');
  }
  return most;
}

/** Throws a usage error that suggests the nearest name. */
function named(table: Readonly<Record<string, unknown>>, what: string, name: string): string {
  const suggestion = Object.hasOwn(table, name) ? undefined : nearest(name, Object.keys(table));
  if (suggestion !== undefined) {
    const known = Object.keys(table).join(', ');
    throw usageError(`There is no ${what} "${name}".`, `Did you mean "${suggestion}"? Known: ${known}.`);
  }
  lookUp(table, what, name);
  return name;
}

/** A data set by name, its options as `side=32;spacing=8`, restrictions of its factors as `posY=10..21,shape=0`. */
function dataChoice(given: string, { factors, 'data-options': options }: Given): TrainingConfig['data'] {
  const name = named(dataSets, 'data set', given);
  const pairs = options === undefined ? [] : String(options).split(';');
  const read = pairs.map((pair, at) => {
    const [key, value] = pair.split('=').map((part) => part.trim());
    if (value === undefined)
      throw usageError(`--data-options: "${pair}" is not KEY=VALUE.`, 'For example: side=32;spacing=8.');
    if (pairs.slice(0, at).some((other) => other.split('=')[0].trim() === key))
      throw usageError(`--data-options: ${key} is given twice.`);
    return [key, optionOf(value)];
  });
  const chosen: DataSetOptions = {
    ...Object.fromEntries(read),
    ...(factors === undefined ? {} : { factors: parseFactors(String(factors)) }),
  };
  // Wrong options are refused now, before a browser starts.
  dataSet(name, chosen);
  return { name, ...(Object.keys(chosen).length === 0 ? {} : { options: chosen }) };
}

/** A posterior or an objective with lists of the numbers it takes: those given, checked one by one, and defaults. */
function choice(
  table: typeof posteriors | typeof objectives,
  what: string,
  name: string,
  given: Given,
  schedule: Schedule,
): Choice {
  const { numbers: known } = table[named(table, what, name)];
  const defaults = choose(table, what, name, {}, schedule).numbers;
  const lists = Object.keys(known).map((each) => {
    const option = given[flagOf(each)];
    const values = option === undefined ? [defaults[each]] : numbers(`--${flagOf(each)}`, String(option));
    for (const value of values) choose(table, what, name, { [each]: value }, schedule);
    return [each, values] as const;
  });
  return { name, numbers: Object.fromEntries(lists) };
}

/** Throws a usage error for what would change nothing: a number that neither the posterior nor the objective takes. */
function refuseStray({ posteriors: ofRun, objectives: alsoOfRun, architecture }: TrainingConfig, given: Given): void {
  const taken = [...ofRun, ...alsoOfRun].flatMap(({ numbers: own }) => Object.keys(own));
  if (architecture.name !== 'mlp' && given.hidden !== undefined)
    throw usageError(`--hidden is for --architecture mlp; the layers of ${architecture.name} are as published.`);
  const stray = numberNames.find((name) => given[flagOf(name)] !== undefined && !taken.includes(name));
  if (stray === undefined) return;
  throw usageError(
    `--${flagOf(stray)} is no number of the posterior ${nameList(ofRun)} or the objective ${nameList(alsoOfRun)}.`,
    `They take ${taken.map((name) => `--${flagOf(name)}`).join(', ') || 'none'}.`,
  );
}

const nameList = (choices: readonly Choice[]): string => choices.map(({ name }) => name).join(', ');

export function number(option: string, given: string): number {
  const value = given.trim() === '' ? Number.NaN : Number(given);
  if (!Number.isFinite(value)) throw usageError(`${option} is "${given}".`, 'It takes a number.');
  return value;
}

/** Numbers with commas between. */
const numbers = (option: string, given: string): number[] => given.split(',').map((part) => number(option, part));

const MOST_SEEDS = 100_000;

/** Seeds by number or range, such as `0-9` or `0,3,8-11`. */
function seeds(given: string): number[] {
  return given.split(',').flatMap((part) => {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    const [first, last] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])];
    if (range === null || first > last || last - first >= MOST_SEEDS) {
      throw usageError(`--seeds: "${part}" is no seed.`, 'It takes whole numbers and ranges, such as 0-9 or 0,3,8-11.');
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
