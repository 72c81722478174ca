// A checkpoint: everything one job needs to go on, as a safetensors file: parameters, the moments of every optimiser, the step and the
// seed that key the random streams, and the curves so far; so what follows is what would have followed. It is of one replica,
// whatever trained beside it: populations may be cut otherwise when a run goes on.

import { readSafetensors, writeSafetensors } from '../data/files/safetensors';
import { InputError } from '../engine';
import type { Saved } from '../models';
import { digestOf, type Job } from './job';
import { canonical, flatOf } from './setting';

const FORMAT = 'unweave checkpoint 3';

/** What was measured while training, by term: a value for each block of 100 steps, its mean. */
export type Curves = Readonly<Record<string, readonly number[]>>;

export interface Checkpoint {
  readonly saved: Saved;
  readonly curves: Curves;
}

const CURVE = 'curve.';

/** The same state gives the same bytes. */
export async function writeCheckpoint(job: Job, { saved, curves }: Checkpoint): Promise<Uint8Array> {
  const values = Object.entries(saved.values);
  const measured = Object.entries(curves).map(([name, curve]) => [CURVE + name, Float32Array.from(curve)] as const);
  const tensors = [...values, ...measured].map(([name, data]) => [name, { shape: [data.length], data }]);
  const bytes = writeSafetensors({
    tensors: Object.fromEntries(tensors),
    metadata: {
      format: FORMAT,
      digest: NO_DIGEST,
      step: String(saved.step),
      seed: String(job.seed),
      setting: canonical(flatOf(job.setting)),
    },
  });
  bytes.set(new TextEncoder().encode(await digestOf(bytes)), placeOf(NO_DIGEST, bytes));
  return bytes;
}

/**
 * Reads a checkpoint. Throws InputError where the file is damaged, even by one bit, is no checkpoint, or is of another job: another
 * job's state would fit, and go on as something else.
 */
export async function readCheckpoint(bytes: Uint8Array, name: string, job: Job): Promise<Checkpoint> {
  const { tensors, metadata } = readSafetensors(bytes, name);
  if (metadata.format !== FORMAT) {
    const old = /^unweave checkpoint \d+$/.test(metadata.format ?? '');
    throw new InputError(
      old
        ? `${name} is of another version (${metadata.format}; this program reads 3): go on with the version that made it, or train again.`
        : `${name} is no checkpoint of a training run.`,
    );
  }
  await checkDigest(bytes, metadata.digest ?? '', name);
  const changed = changedSettings(metadata, job, name);
  if (changed.length > 0) {
    throw new InputError(
      `${name} was made with other settings than those asked for: ${changed.join(', ')}. Put them back, or start a new run.`,
    );
  }
  const step = Number(metadata.step);
  if (!/^\d+$/.test(metadata.step ?? '') || !Number.isSafeInteger(step) || step > job.setting.steps)
    throw new InputError(`${name} is of step "${metadata.step}"; the job has ${job.setting.steps}.`);
  const all = Object.entries(tensors).map(([key, { data }]) => [key, data] as const);
  const isCurve = ([key]: readonly [string, unknown]) => key.startsWith(CURVE);
  return {
    saved: { step, values: Object.fromEntries(all.filter((each) => !isCurve(each))) },
    curves: Object.fromEntries(all.filter(isCurve).map(([key, data]) => [key.slice(CURVE.length), Array.from(data)])),
  };
}

/** The digest is of the file with zeros in its place. */
const NO_DIGEST = '0'.repeat(64);

/** Where a text of the header begins, or -1. */
function placeOf(text: string, bytes: Uint8Array): number {
  const wanted = new TextEncoder().encode(text);
  const most = Math.min(bytes.length, HEADER_SEARCHED) - wanted.length;
  for (let at = 0; at <= most; at++) if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  return -1;
}

/** The metadata come first in the header. */
const HEADER_SEARCHED = 2 ** 16;

async function checkDigest(bytes: Uint8Array, digest: string, name: string): Promise<void> {
  const at = /^[0-9a-f]{64}$/.test(digest) ? placeOf(digest, bytes) : -1;
  const blank = Uint8Array.from(bytes);
  if (at >= 0) blank.set(new TextEncoder().encode(NO_DIGEST), at);
  if (at >= 0 && (await digestOf(blank)) === digest) return;
  throw new InputError(
    `${name} is damaged: its digest is not that of its bytes. Train the run again, or put back a copy of the file.`,
  );
}

/** The settings whose values in the file are not those of the job. Throws InputError where they cannot be read. */
function changedSettings(metadata: Readonly<Record<string, string>>, { setting, seed }: Job, name: string): string[] {
  let then: unknown;
  try {
    then = JSON.parse(metadata.setting ?? '');
  } catch (cause) {
    throw new InputError(`${name} is damaged: its settings are not JSON.`, { cause });
  }
  if (typeof then !== 'object' || then === null)
    throw new InputError(`${name} is damaged: its settings are no object.`);
  const before: Record<string, unknown> = { ...then, seed: Number(metadata.seed) };
  const now: Record<string, unknown> = { ...flatOf(setting), seed };
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((key) => before[key] !== now[key]);
}
