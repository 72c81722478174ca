// A checkpoint: everything a population needs to go on, as a safetensors file. Parameters and the moments of every
// optimiser, the step and the seeds that key the random streams; so what follows is what would have followed.

import { readSafetensors, writeSafetensors } from '../data';
import { InputError } from '../engine';
import type { Saved } from '../models';
import type { TrainingConfig } from './config';

const FORMAT = 'unweave checkpoint 2';
/** Written before checkpoints had a digest: read without one. */
const WITHOUT_DIGEST = 'unweave checkpoint 1';

export interface Checkpoint {
  readonly saved: Saved;
  /** Which replicas of the run it holds, in order. */
  readonly replicas: readonly number[];
  /** The settings it was made with: another run's state would fit, and go on as something else. */
  readonly config: TrainingConfig;
}

export const checkpointName = (population: number): string => `checkpoint-${population}.safetensors`;

/** The same state gives the same bytes. */
export async function writeCheckpoint({ saved, replicas, config }: Checkpoint): Promise<Uint8Array> {
  const tensors = Object.entries(saved.values).map(([name, data]) => [name, { shape: [data.length], data }]);
  const bytes = writeSafetensors({
    tensors: Object.fromEntries(tensors),
    metadata: {
      format: FORMAT,
      digest: NO_DIGEST,
      step: String(saved.step),
      replicas: replicas.join(','),
      config: JSON.stringify(config),
    },
  });
  bytes.set(new TextEncoder().encode(await digestOf(bytes)), placeOf(NO_DIGEST, bytes));
  return bytes;
}

/**
 * Reads a checkpoint. Throws InputError where the file is damaged, even by one bit, is no checkpoint, or is of other replicas
 * or other settings than these.
 */
export async function readCheckpoint(
  bytes: Uint8Array,
  name: string,
  replicas: readonly number[],
  config: TrainingConfig,
): Promise<Saved> {
  const { tensors, metadata } = readSafetensors(bytes, name);
  if (metadata.format !== FORMAT && metadata.format !== WITHOUT_DIGEST)
    throw new InputError(`${name} is no checkpoint of a training run.`);
  if (metadata.format === FORMAT || metadata.digest !== undefined)
    await checkDigest(bytes, metadata.digest ?? '', name);
  if (metadata.replicas !== replicas.join(',')) {
    throw new InputError(
      `${name} holds replicas ${metadata.replicas}, not ${replicas.join(',')}: it is of another run.`,
    );
  }
  const changed = changedSettings(metadata.config, config, name);
  if (changed.length > 0) {
    throw new InputError(
      `${name} was made with other settings than config.json has now: ${changed.join(', ')}. Put them back, or start a new run.`,
    );
  }
  const step = Number(metadata.step);
  if (!/^\d+$/.test(metadata.step ?? '') || !Number.isSafeInteger(step))
    throw new InputError(`${name} is of step "${metadata.step}".`);
  return { step, values: Object.fromEntries(Object.entries(tensors).map(([key, { data }]) => [key, data])) };
}

/** The digest is of the file with zeros in its place. */
const NO_DIGEST = '0'.repeat(64);

/** The SHA-256 of bytes, in hexadecimal digits. */
export async function digestOf(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

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

/** The settings whose values in the checkpoint are not those of `config`. Throws InputError where they cannot be read. */
function changedSettings(text: string | undefined, config: TrainingConfig, name: string): string[] {
  let then: unknown;
  try {
    then = JSON.parse(text ?? '');
  } catch (cause) {
    throw new InputError(`${name} is damaged: its settings are not JSON.`, { cause });
  }
  if (typeof then !== 'object' || then === null)
    throw new InputError(`${name} is damaged: its settings are no object.`);
  const before = new Map(Object.entries(then));
  const now = new Map(Object.entries(JSON.parse(JSON.stringify(config)) as object));
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names].filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(now.get(key)));
}
