// The options of `unweave train`, as a training config. The numbers of posteriors and objectives are options too: they
// come from the recipes, so a new objective brings its own.

import { readFile } from 'node:fs/promises';
import { type DataSetOptions, dataSet, dataSets, parseFactors } from '../data';
import { type Choice, checkConfig, type DataChoice, readRun, type TrainingConfig } from '../runs/config';
import { type NumberRecipe, objectives, posteriors, type Schedule } from '../runs/families';
import { architectures, choose, lookUp } from '../runs/recipe';
import { optionOf } from '../runs/setting';
import type { Option } from './commands/command';
import { nearest, usageError } from './errors';

/** What was given, by option; undefined where it was not. */
export type Given = Readonly<Record<string, string | boolean | undefined>>;

/** `offDiagonal` is `--off-diagonal`. */
export const flagOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Every number of a posterior or an objective, and all that take it. */
const owners = new Map<string, [owner: string, recipe: NumberRecipe][]>();
for (const [owner, { numbers }] of [...Object.entries(posteriors), ...Object.entries(objectives)])
  for (const [name, recipe] of Object.entries(numbers))
    owners.set(name, [...(owners.get(name) ?? []), [owner, recipe]]);
const numberNames = [...owners.keys()];

const rangeOf = ({ least, most, whole }: NumberRecipe): string =>
  `${whole ? 'whole, ' : ''}${most !== undefined ? `${least} to ${most}` : least !== undefined ? `${least} or more` : 'any number'}`;

/** A number as an option: what it means, for whom, its range, and its default where the meaning does not say it. */
function numberOption(name: string): TextOption {
  const all = owners.get(name) ?? [];
  const meanings = [...new Set(all.map(([, { about }]) => about))].join(' or ');
  const fixed = all.filter(([, { default: value }]) => typeof value === 'number');
  const same = new Set(fixed.map(([, recipe]) => recipe.default)).size === 1 && fixed.length === all.length;
  const defaults = fixed.map(([owner, { default: value }]) => (same ? `${value}` : `${value} of ${owner}`));
  const told = defaults.length === 0 ? '' : `, by default ${same ? defaults[0] : defaults.join(', ')}`;
  const owned = all.map(([owner]) => owner).join(', ');
  return {
    type: 'string',
    value: all[0][1].single ? 'N' : 'LIST',
    about: `of ${owned}: ${meanings}; ${rangeOf(all[0][1])}${told}`,
  };
}

type TextOption = Option & { readonly type: 'string'; readonly default?: undefined };

const string = (value: string, about: string, more: Pick<Option, 'choices' | 'many'> = {}): TextOption => ({
  type: 'string',
  value,
  about,
  ...more,
});

/** What decides the result of a run. Numbers in lists make a grid: every combination is an arm. */
const settings = {
  data: string('NAMES', 'what is trained on, squares by default', { choices: Object.keys(dataSets), many: true }),
  'data-options': string('LIST', "options of the data set, as 'side=32;spacing=8'; unweave list data names them"),
  factors: string('LIST', 'only these values of its factors, as posY=10..21,shape=0'),
  posterior: string('NAMES', 'full by default', { choices: Object.keys(posteriors), many: true }),
  objective: string('NAMES', 'betaVae by default', { choices: Object.keys(objectives), many: true }),
  architecture: string('NAME', 'mlp by default', { choices: Object.keys(architectures) }),
  hidden: string('LIST', 'units of the layers of an mlp, 64,64 by default'),
  split: string('N', 'a Split Encoder: N units a branch'),
  deviation: string('S', 'a Gaussian likelihood of this deviation instead of Bernoulli'),
  latents: string('N', '6 by default'),
  steps: string('N', '3000 by default'),
  batch: string('N', '64 by default'),
  lr: string('LIST', 'learning rates, 0.002 by default'),
  seeds: string('LIST', 'every arm once for each, as 0-9 or 0,3,8-11; 0 by default'),
  every: string('N', 'a row of metrics.csv is the mean of so many steps: a divisor of 100, which is the default'),
  'save-every': string('N', 'steps between checkpoints: a multiple of 100, 500 by default'),
  replicas: string('N|auto', 'train so many at once; auto, the default: what --memory holds'),
  memory: string('MIB', 'of all replicas that train at once, 1024 by default'),
  ...(Object.fromEntries(numberNames.map((name) => [flagOf(name), numberOption(name)])) as Record<string, TextOption>),
} as const;

export const trainOptions = {
  config: string('FILE', 'settings from here, such as the config.json of a run; options that are given go before them'),
  out: string('DIR', 'a new run, runs/train-<time> by default'),
  resume: string('DIR', 'go on with a run that was stopped, as if it never had been'),
  'dry-run': {
    type: 'boolean',
    about: 'arms, seeds, parameters, memory, and the time it would take from a timed step; nothing is written',
  },
  ...settings,
} as const;

/** The settings that were given: with --resume there may be none. */
export const givenSettings = (given: Given): string[] => Object.keys(settings).filter((name) => name in given);

/** The config of a file: of a run's config.json, or one written by hand. Throws a usage error where it cannot be read, and InputError. */
export async function configFrom(file: string): Promise<TrainingConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw usageError(
      `--config ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'The config.json of a run is one.',
    );
  }
  return readRun(text, file).config;
}

/** What a run is that nothing is said of. */
const USUAL: Omit<TrainingConfig, 'posteriors' | 'objectives'> = {
  data: [{ name: 'squares' }],
  architecture: { name: 'mlp', hidden: [64, 64] },
  latents: 6,
  learningRate: [0.002],
  batch: 64,
  steps: 3000,
  seeds: [0],
  every: 100,
  saveEvery: 500,
};

/** `base`: settings that hold where nothing is given. Throws a usage error, or InputError, for what makes no run. */
export function configOf(given: Given, base?: TrainingConfig): TrainingConfig {
  const usual = base ?? USUAL;
  const read = <T>(option: string, otherwise: T, parse: (option: string, text: string) => T): T =>
    given[option] === undefined ? otherwise : parse(`--${option}`, String(given[option]));
  const learningRate = read('lr', usual.learningRate, numbers);
  const steps = read('steps', usual.steps, number);
  const schedule = { steps, learningRate: learningRate[0] };
  const chosen = (table: Table, what: 'posterior' | 'objective', usualName: string): Choice[] => {
    const known = base?.[`${what}s`] ?? [];
    // As they are in the base, where one may stand twice with other numbers; those that are named begin from the first of their name.
    const asked: Choice[] =
      given[what] !== undefined || known.length === 0
        ? String(given[what] ?? usualName)
            .split(',')
            .map((name) => known.find((each) => each.name === name.trim()) ?? { name: name.trim(), numbers: {} })
        : [...known];
    return asked.map((each) => choice(table, what, each, given, { now: schedule, before: scheduleOf(usual) }));
  };
  const split = read<number | undefined>('split', usual.architecture.split, number);
  const deviation = read<number | undefined>('deviation', usual.deviation, number);
  const config: TrainingConfig = {
    data: dataChoices(given, usual.data),
    architecture: {
      name: read('architecture', usual.architecture.name, (_, name) => named(architectures, 'architecture', name)),
      hidden: read('hidden', usual.architecture.hidden, numbers),
      ...(split === undefined ? {} : { split }),
    },
    ...(deviation === undefined ? {} : { deviation }),
    latents: read('latents', usual.latents, number),
    posteriors: chosen(posteriors, 'posterior', 'full'),
    objectives: chosen(objectives, 'objective', 'betaVae'),
    learningRate,
    batch: read('batch', usual.batch, number),
    steps,
    seeds: read('seeds', usual.seeds, (_, text) => seeds(text)),
    every: read('every', usual.every, number),
    saveEvery: read('save-every', usual.saveEvery, number),
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

/** Data sets by name, each with the same options and restrictions; those of `usual` where none is named. */
function dataChoices(given: Given, usual: readonly DataChoice[]): readonly DataChoice[] {
  const { data, factors, 'data-options': options } = given;
  if (data === undefined && factors === undefined && options === undefined) return usual;
  const names = data === undefined ? usual.map(({ name }) => name) : String(data).split(',');
  return names.map((name) => dataChoice(usual.find((set) => set.name === name.trim()) ?? { name: name.trim() }, given));
}

/** A data set with what is known of it, its options as `side=32;spacing=8`, restrictions of its factors as `posY=10..21,shape=0`. */
function dataChoice(usual: DataChoice, { factors, 'data-options': options }: Given): DataChoice {
  const name = named(dataSets, 'data set', usual.name);
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
    ...usual.options,
    ...Object.fromEntries(read),
    ...(factors === undefined ? {} : { factors: parseFactors(String(factors)) }),
  };
  // Wrong options are refused now, before a browser starts.
  dataSet(name, chosen);
  return { name, ...(Object.keys(chosen).length === 0 ? {} : { options: chosen }) };
}

type Table = typeof posteriors | typeof objectives;

/** A posterior or an objective with lists of the numbers it takes: those given, checked one by one, those that are known, and defaults. */
function choice(
  table: Table,
  what: string,
  { name, numbers: known }: Choice,
  given: Given,
  { now, before }: { readonly now: Schedule; readonly before: Schedule },
): Choice {
  const recipes = table[named(table, what, name)].numbers;
  const [defaults, defaultsBefore] = [now, before].map((schedule) => choose(table, what, name, {}, schedule).numbers);
  const lists = Object.keys(recipes).map((each) => {
    const option = given[flagOf(each)];
    // A number that followed from the steps or the rate follows the new ones.
    const followed = known[each]?.length === 1 && known[each][0] === defaultsBefore[each];
    const usual = known[each] === undefined || followed ? [defaults[each]] : known[each];
    const values = option === undefined ? usual : numbers(`--${flagOf(each)}`, String(option));
    for (const value of values) choose(table, what, name, { [each]: value }, now);
    return [each, values] as const;
  });
  return { name, numbers: Object.fromEntries(lists) };
}

const scheduleOf = ({
  steps,
  learningRate: [learningRate],
}: Pick<TrainingConfig, 'steps' | 'learningRate'>): Schedule => ({
  steps,
  learningRate,
});

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
