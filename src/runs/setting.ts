// A setting: everything that decides one model but its seed. In code it is an object in parts; on disk, in sweeps and under a
// job's name it is flat JSON, one key a line of a form: `objective.beta: 4`. The numbers of a posterior or an objective are all
// there, defaults filled in, so a name does not change when a default does.

import type { DataSetOptions } from '../data/catalogue';
import { brief } from '../data/files/brief';
import { InputError } from '../engine';

/** A posterior or an objective by name, with its numbers. */
export interface Chosen {
  readonly name: string;
  readonly numbers: Readonly<Record<string, number>>;
}

export interface Setting {
  readonly data: { readonly name: string; readonly options?: DataSetOptions };
  /** `split` is the width of the hidden layer that every latent has of its own in a Split Encoder. */
  readonly architecture: { readonly name: string; readonly hidden: readonly number[]; readonly split?: number };
  /** Of a Gaussian likelihood; Bernoulli without. */
  readonly deviation?: number;
  readonly latents: number;
  readonly posterior: Chosen;
  readonly objective: Chosen;
  readonly learningRate: number;
  readonly batch: number;
  readonly steps: number;
}

/** A value of flat JSON. */
export type FlatValue = number | string;
/** A setting as flat JSON; lists are text with commas, restrictions of factors `posX=0..7`, as on the command line. */
export type Flat = Readonly<Record<string, FlatValue>>;

/** The keys in which flat settings differ. */
export const differingKeys = (flats: readonly Readonly<Record<string, unknown>>[]): string[] =>
  [...new Set(flats.flatMap((flat) => Object.keys(flat)))].filter(
    (key) => new Set(flats.map((flat) => String(flat[key]))).size > 1,
  );

type Options = Readonly<Record<string, unknown>>;

export function flatOf(setting: Setting): Flat {
  const { data, architecture, deviation, latents, posterior, objective, learningRate, batch, steps } = setting;
  const dotted = (name: string, values: Options) =>
    Object.entries(values).map(([key, value]) => [`${name}.${key}`, textOf(value)] as const);
  return Object.fromEntries([
    ['data', data.name],
    ...dotted('data', (data.options ?? {}) as Options),
    ['architecture', architecture.name],
    ...(architecture.hidden.length === 0 ? [] : [['architecture.hidden', architecture.hidden.join(',')] as const]),
    ...(architecture.split === undefined ? [] : [['architecture.split', architecture.split] as const]),
    ...(deviation === undefined ? [] : [['deviation', deviation] as const]),
    ['latents', latents],
    ['posterior', posterior.name],
    ...dotted('posterior', posterior.numbers),
    ['objective', objective.name],
    ...dotted('objective', objective.numbers),
    ['learningRate', learningRate],
    ['batch', batch],
    ['steps', steps],
  ]);
}

function textOf(value: unknown): FlatValue {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(',');
  return Object.entries(value as Record<string, readonly [number, number]>)
    .map(([name, [first, last]]) => (first === last ? `${name}=${first}` : `${name}=${first}..${last}`))
    .join(',');
}

/** An option's value out of its text: a number, text, or a list of numbers. */
export function optionOf(text: string): number | string | (number | string)[] {
  const values = text
    .split(',')
    .map((part) => (part.trim() !== '' && Number.isFinite(Number(part)) ? Number(part) : part));
  return values.length === 1 ? values[0] : values;
}

/** JSON with its keys in order: the same setting, the same text. */
export const canonical = (flat: Flat): string =>
  JSON.stringify(Object.fromEntries(Object.entries(flat).sort(([a], [b]) => (a < b ? -1 : 1))));

/** Throws InputError, naming the setting, where one is not what can be trained; recipes check their own numbers. */
export function checkNumbers(setting: Setting): void {
  const { batch, steps, latents, architecture, deviation, learningRate } = setting;
  const whole = (name: string, value: number, least: number) => {
    if (Number.isSafeInteger(value) && value >= least) return;
    throw new InputError(`${name} is ${brief(value)}; it must be a whole number, ${least} or more.`);
  };
  for (const [name, value] of Object.entries({ batch, steps, latents })) whole(name, value, 1);
  for (const width of architecture.hidden) whole('a hidden width', width, 1);
  if (architecture.split !== undefined) whole('the split width', architecture.split, 1);
  if (deviation !== undefined && !(deviation > 0))
    throw new InputError(`the deviation is ${brief(deviation)}; it must be above 0.`);
  if (!(learningRate > 0 && learningRate < Number.POSITIVE_INFINITY))
    throw new InputError(`a learning rate is ${brief(learningRate)}; it must be above 0.`);
}
