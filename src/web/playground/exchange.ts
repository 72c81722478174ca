// What leaves the playground and comes back: a run as one JSON file with its records, its history as CSV; and what is dropped on the page, told
// apart by what is in it: such a file, a record folder of the command line, or a data set of the visitor's.

import { InputError } from '../../engine';
import { BLOCK } from '../../figures/figureData';
import { csvOf } from '../../figures/takeAway';
import type { ModelRecord } from '../../runs/record';
import { parseRecord } from '../../runs/record';
import type { OwnFiles } from '../lab/protocol';
import { armNames, hashOf, type Side, type State, sides } from './state';

export const RUN_FORMAT = 'unweave run 1';

export interface RunFile {
  readonly format: string;
  /** The state as the address has it. */
  readonly hash: string;
  readonly made: string;
  readonly browser: string;
  readonly records: readonly ModelRecord[];
}

type Records = Readonly<Record<Side, ReadonlyMap<number, ModelRecord>>>;

export const runFileOf = (state: State, records: Records, made: string, browser: string): RunFile => ({
  format: RUN_FORMAT,
  hash: hashOf(state),
  made,
  browser,
  records: sides.flatMap((side) => [...records[side].values()]),
});

/** Every curve of every model: arm, seed, term, step, value. */
export function historyCsv(state: State, records: Records): string {
  const names = armNames(state);
  return csvOf(
    sides.flatMap((side) =>
      [...records[side]].flatMap(([seed, { curves }]) =>
        Object.entries(curves)
          .filter(([term]) => !term.endsWith('.step'))
          .flatMap(([term, values]) => {
            const steps = curves[`${term}.step`] ?? values.map((_, i) => (i + 1) * BLOCK);
            return values.map((value, i) => ({ arm: names[side], seed, term, step: steps[i], value }));
          }),
      ),
    ),
  );
}

export type Dropped =
  | { readonly kind: 'run'; readonly hash: string; readonly records: readonly ModelRecord[] }
  | { readonly kind: 'records'; readonly records: readonly ModelRecord[] }
  | { readonly kind: 'data'; readonly files: OwnFiles };

/** Throws InputError, naming the file, for what is none of these. */
export async function readDropped(files: readonly File[]): Promise<Dropped> {
  if (files.length === 0) throw new InputError('Nothing was dropped that a page may read.');
  const json = files.filter(({ name }) => name.endsWith('.json') || name.endsWith('.record'));
  const own = files.filter(({ name }) => /\.(npy|npz|png|jpe?g|webp|gif|bmp)$/i.test(name));
  if (own.length > 0) {
    // Loaded by those who bring data only.
    const { ownFilesOf } = await import('./own');
    return { kind: 'data', files: await ownFilesOf(own) };
  }
  if (files.length === 1 && json.length === 1) {
    const file = await runFile(json[0]);
    if (file !== undefined) return { kind: 'run', hash: file.hash, records: file.records };
  }
  const records: ModelRecord[] = [];
  let refused: unknown;
  for (const file of json) {
    try {
      records.push(await parseRecord(new Uint8Array(await file.arrayBuffer()), file.name));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // A study's folder holds more than records; one that is damaged is told of, if nothing else is there.
      refused ??= error;
      if (/damaged|format/.test(error.message)) throw error;
    }
  }
  if (records.length > 0) return { kind: 'records', records };
  if (refused !== undefined && json.length === 1) throw refused;
  throw new InputError(
    `${files[0].name} is nothing this page reads: drop a run that was saved here (.json), the records folder of a study, an .npy or .npz of images, or a folder of pictures.`,
  );
}

/** A run that was saved here, or undefined. Throws InputError where it says it is one and is not whole. */
async function runFile(file: File): Promise<RunFile | undefined> {
  let found: unknown;
  try {
    found = JSON.parse(await file.text());
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null || !('format' in found)) return undefined;
  const { format, hash, records } = found as Partial<RunFile>;
  if (format !== RUN_FORMAT) return undefined;
  const whole =
    typeof hash === 'string' &&
    Array.isArray(records) &&
    records.every(
      (each) => typeof each?.name === 'string' && typeof each.seed === 'number' && typeof each.curves === 'object',
    );
  if (!whole) throw new InputError(`${file.name} says it is a run, and its state or its records are not there.`);
  return found as RunFile;
}
