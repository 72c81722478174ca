// A record: what a finished job left. Written once, as one line of JSON that carries its own digest; a record that is damaged, or lies
// under the name of another job, is refused by name. Nothing in it depends on when or in what company the job ran, so the same
// job leaves the same bytes.

import { InputError } from '../engine';
import type { Curves } from './checkpoint';
import { digestOf, type Job } from './job';
import type { MeasureName, Measures } from './measures';
import { type Flat, flatOf } from './setting';

export const RECORD_FORMAT = 1;

/** What is recorded of one model: its setting, how its training ended, its curves and what was measured. */
export interface ModelRecord {
  readonly format: number;
  readonly name: string;
  readonly seed: number;
  readonly setting: Flat;
  /** What computed it. */
  readonly adapter: string;
  readonly status: 'done' | 'diverged';
  /** Of a model that diverged: the step, and the measured terms that were not finite first, if any was. */
  readonly diverged?: { readonly step: number; readonly terms: readonly string[] };
  readonly curves: Curves;
  /** By name; a diverged model has none. What could not be measured of this model is refused, with the reason. */
  readonly measures: Partial<Measures>;
  readonly refused?: Readonly<Partial<Record<MeasureName, string>>>;
}

export const recordOf = (
  job: Job,
  adapter: string,
  found: Pick<ModelRecord, 'status' | 'diverged' | 'curves' | 'measures' | 'refused'>,
): ModelRecord => ({
  format: RECORD_FORMAT,
  name: job.name,
  seed: job.seed,
  setting: flatOf(job.setting),
  adapter,
  ...found,
});

export async function writeRecord(record: ModelRecord): Promise<Uint8Array> {
  const body = JSON.stringify(record);
  const digest = await digestOf(new TextEncoder().encode(body));
  return new TextEncoder().encode(`{"digest":"${digest}","record":${body}}\n`);
}

/** Throws InputError, naming the file, where the bytes are damaged or no record. */
export async function parseRecord(bytes: Uint8Array, file: string): Promise<ModelRecord> {
  const text = new TextDecoder().decode(bytes);
  const match = /^\{"digest":"([0-9a-f]{64})","record":(\{.*\})\}\n$/s.exec(text);
  if (match === null) throw new InputError(`${file} is no record, or was cut off.`);
  const [, digest, body] = match;
  if ((await digestOf(new TextEncoder().encode(body))) !== digest)
    throw new InputError(
      `${file} is damaged: its digest is not that of its content. Remove it, and the job is done again.`,
    );
  const record = JSON.parse(body) as ModelRecord;
  if (record.format !== RECORD_FORMAT)
    throw new InputError(`${file} is a record of format ${record.format}; this program reads ${RECORD_FORMAT}.`);
  return record;
}

/** Reads the record of a job. Throws InputError, naming the file, where it is damaged or of another job. */
export async function readRecord(bytes: Uint8Array, file: string, job: Job): Promise<ModelRecord> {
  const record = await parseRecord(bytes, file);
  if (record.name !== job.name || record.seed !== job.seed)
    throw new InputError(`${file} is the record of ${record.name}, not of ${job.name}: it is of another job.`);
  return record;
}
