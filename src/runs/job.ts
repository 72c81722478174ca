// A job: a setting and a seed, which together decide every bit of a model. Its name is the first 12 hexadecimal digits of the SHA-256
// of its canonical JSON: the same job has the same name on every machine, and a record under another name is foreign.

import { InputError } from '../engine';
import { objectives, posteriors } from './families';
import { canonical, flatOf, type Setting } from './setting';
import { sha256 } from './sha256';

/** A change of what the same setting computes is another format. */
export const JOB_FORMAT = 1;

export interface Job {
  readonly name: string;
  readonly setting: Setting;
  readonly seed: number;
}

/** Throws InputError for a seed that is no whole number of 32 bits. */
export async function jobOf(setting: Setting, seed: number): Promise<Job> {
  checkSeed(seed);
  return { name: await nameOf(canonical(flatOf(setting)), seed), setting, seed };
}

async function nameOf(setting: string, seed: number): Promise<string> {
  const digest = await digestOf(
    new TextEncoder().encode(`{"format":${JOB_FORMAT},"seed":${seed},"setting":${setting}}`),
  );
  return digest.slice(0, 12);
}

export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new InputError(`a seed is ${seed}; it must be a whole number, 0 or more.`);
  if (seed > 0xffffffff) throw new InputError(`a seed is ${seed}; seeds are 32 bits, at most 4294967295.`);
}

/** The SHA-256 of bytes, in hexadecimal digits. */
export async function digestOf(bytes: Uint8Array): Promise<string> {
  // Browsers have `subtle` for pages from https or this computer only.
  const digest =
    globalThis.crypto?.subtle === undefined
      ? sha256(bytes)
      : new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * What jobs of one population share: the setting without the numbers that each replica has of its own. Equal texts mean that the
 * jobs train in one program.
 */
export function shapeOf(setting: Setting): string {
  const { posterior, objective } = setting;
  const shared = (table: typeof posteriors | typeof objectives, { name, numbers }: Setting['posterior']) => ({
    name,
    numbers: Object.fromEntries(Object.entries(numbers).filter(([number]) => table[name].numbers[number].single)),
  });
  return canonical(
    flatOf({
      ...setting,
      learningRate: 0,
      posterior: shared(posteriors, posterior),
      objective: shared(objectives, objective),
    }),
  );
}
