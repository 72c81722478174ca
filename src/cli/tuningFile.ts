// Where tunings are kept: one file for the user, with an entry for every adapter.

import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AdapterDescription, Winners } from '../engine';
import { cannotWrite, writeWhole } from './folders';

type Tunings = Record<string, Winners>;

const path = (): string => join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'unweave', 'tuning.json');

/** What tells adapters apart. */
const keyOf = ({ vendor, architecture, description }: AdapterDescription): string =>
  [vendor, architecture, description].join('|');

async function readAll(): Promise<Tunings> {
  try {
    return parseTunings(await readFile(path(), 'utf8'));
  } catch {
    // No file, or one that was cut off: there is nothing to lose by measuring again.
    return {};
  }
}

/** What is a tuning in a text; the rest is as good as not there. Throws SyntaxError where it is no JSON. */
export function parseTunings(text: string): Tunings {
  const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  const parsed: unknown = JSON.parse(text);
  if (!isRecord(parsed)) return {};
  const entries = Object.entries(parsed).flatMap(([adapter, winners]) => {
    if (!isRecord(winners)) return [];
    const named = Object.entries(winners).filter((each): each is [string, string] => typeof each[1] === 'string');
    return [[adapter, Object.fromEntries(named)] as const];
  });
  return Object.fromEntries(entries);
}

/** What was found on this adapter; empty where nothing was measured. */
export async function loadTuning(adapter: AdapterDescription): Promise<Winners> {
  const all = await readAll();
  return Object.hasOwn(all, keyOf(adapter)) ? all[keyOf(adapter)] : {};
}

/** Keeps a tuning and says where. Other adapters' entries stay. */
export async function saveTuning(adapter: AdapterDescription, winners: Winners): Promise<string> {
  const all = { ...(await readAll()), [keyOf(adapter)]: winners };
  await mkdir(dirname(path()), { recursive: true }).catch((error: unknown) => {
    throw cannotWrite(path(), error);
  });
  await writeWhole(path(), `${JSON.stringify(all, null, 1)}\n`);
  return path();
}
