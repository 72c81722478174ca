// A checkpoint: everything a population needs to go on, as a safetensors file. Parameters and the moments of every
// optimiser, the step and the seeds that key the random streams; so what follows is what would have followed.

import { readSafetensors, writeSafetensors } from '../../data';
import { InputError } from '../../engine';
import type { Saved } from '../../models';

const FORMAT = 'unweave checkpoint 1';

export interface Checkpoint {
  readonly saved: Saved;
  /** Which replicas of the run it holds, in order. */
  readonly replicas: readonly number[];
}

export const checkpointName = (population: number): string => `checkpoint-${population}.safetensors`;

/** The same state gives the same bytes. */
export function writeCheckpoint({ saved, replicas }: Checkpoint): Uint8Array {
  const tensors = Object.entries(saved.values).map(([name, data]) => [name, { shape: [data.length], data }]);
  return writeSafetensors({
    tensors: Object.fromEntries(tensors),
    metadata: { format: FORMAT, step: String(saved.step), replicas: replicas.join(',') },
  });
}

/** Throws InputError where the file is damaged, no checkpoint, or of other replicas than `replicas`. */
export function readCheckpoint(bytes: Uint8Array, name: string, replicas: readonly number[]): Saved {
  const { tensors, metadata } = readSafetensors(bytes, name);
  if (metadata.format !== FORMAT) throw new InputError(`${name} is no checkpoint of a training run.`);
  if (metadata.replicas !== replicas.join(',')) {
    throw new InputError(
      `${name} holds replicas ${metadata.replicas}, not ${replicas.join(',')}: it is of another run.`,
    );
  }
  const step = Number(metadata.step);
  if (!Number.isSafeInteger(step) || step < 0) throw new InputError(`${name} is of step "${metadata.step}".`);
  return { step, values: Object.fromEntries(Object.entries(tensors).map(([key, { data }]) => [key, data])) };
}
