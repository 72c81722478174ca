// What a command is: one table from which the command line is parsed, helped, completed and documented. A command is a file of this folder
// that gives one; `index.ts` lists them.

import { usageError, wholeNumber } from '../errors';
import { type DeviceChoice, devices, type HostOptions } from '../hosts';

export interface Option {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  readonly default?: string;
  /** What stands for the value: NAME, N, DIR. */
  readonly value?: string;
  /** What it means, and its range where it is not said by `choices`. */
  readonly about: string;
  /** The names it takes; several with commas between where `many`. */
  readonly choices?: readonly string[];
  readonly many?: boolean;
}

export type Options = Readonly<Record<string, Option>>;

/** What parsing gives: booleans, and strings where there is a default. */
export type Values<O extends Options> = {
  readonly [K in keyof O]: O[K] extends { type: 'boolean' }
    ? boolean
    : O[K] extends { default: string }
      ? string
      : string | undefined;
};

export interface Definition<O extends Options> {
  readonly name: string;
  /** One line for `unweave --help`. */
  readonly summary: string;
  /** What follows `unweave NAME`: a line for each way to call it. */
  readonly usage: readonly string[];
  /** Arguments that are no options: at most so many, what one is called, and the names it may be. */
  readonly takes?: { readonly most: number; readonly what: string; readonly names?: readonly string[] };
  readonly options: O;
  /** What the columns or lines that it prints mean. */
  readonly prints?: Readonly<Record<string, string>>;
  /** Command lines, each with what it does. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  run(values: Values<O>, positionals: readonly string[]): Promise<void>;
}

export type Command = Definition<Options>;

/** Keeps the types of the options for `run`. */
export const defineCommand = <const O extends Options>(command: Definition<O>): Command =>
  command as unknown as Command;

// --- options that several commands have ------------------------------------------------------------------------------------------

export const json = { json: { type: 'boolean', about: 'one JSON document on stdout' } } as const;

export const force = { force: { type: 'boolean', about: 'replace what this program made there before' } } as const;

export const seed = {
  seed: { type: 'string', value: 'N', default: '0', about: 'of everything random, 0 to 4294967295' },
} as const;

/** Where a command computes. */
export const where = {
  device: {
    type: 'string',
    value: 'NAME',
    default: 'auto',
    choices: devices,
    about:
      'where it computes; auto is a GPU where there is one and a Chrome that can use it, else the CPU; software is WebGPU computed on the CPU',
  },
  threads: { type: 'string', value: 'N', about: 'on the CPU, spread over N threads; by default over all cores' },
  browser: { type: 'string', value: 'PATH', about: 'the Chrome or Chromium to use' },
} as const;

/** Where it shall run. Throws a usage error. */
export function whereOf(given: Values<typeof where>): HostOptions {
  const device: DeviceChoice | undefined = devices.find((each) => each === given.device);
  if (device === undefined) throw usageError(`--device is "${given.device}".`, `It takes ${devices.join(', ')}.`);
  if (given.threads === undefined) return { device, browser: given.browser };
  if (device === 'gpu' || device === 'software')
    throw usageError(`--threads is for the CPU, and --device is ${device}.`, 'Leave one of them out.');
  return { device, threads: wholeNumber('--threads', given.threads, 1), browser: given.browser };
}
