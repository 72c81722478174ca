// A checkpoint: everything a population needs to go on, as a safetensors file. Parameters and the moments of every
// optimiser, the step and the seeds that key the random streams; so what follows is what would have followed.

import { readSafetensors, writeSafetensors } from '../../data';
import { InputError } from '../../engine';
import type { Saved } from '../../models';
import type { TrainingConfig } from './config';

const FORMAT = 'unweave checkpoint 1';

export interface Checkpoint {
  readonly saved: Saved;
  /** Which replicas of the run it holds, in order. */
  readonly replicas: readonly number[];
  /** The settings it was made with: another run's state would fit, and go on as something else. */
  readonly config: TrainingConfig;
}

export const checkpointName = (population: number): string => `checkpoint-${population}.safetensors`;

/** The same state gives the same bytes. */
export function writeCheckpoint({ saved, replicas, config }: Checkpoint): Uint8Array {
  const tensors = Object.entries(saved.values).map(([name, data]) => [name, { shape: [data.length], data }]);
  return writeSafetensors({
    tensors: Object.fromEntries(tensors),
    metadata: {
      format: FORMAT,
      step: String(saved.step),
      replicas: replicas.join(','),
      config: JSON.stringify(config),
    },
  });
}

/** Throws InputError where the file is damaged, no checkpoint, or of other replicas or other settings than these. */
export function readCheckpoint(
  bytes: Uint8Array,
  name: string,
  replicas: readonly number[],
  config: TrainingConfig,
): Saved {
  const { tensors, metadata } = readSafetensors(bytes, name);
  if (metadata.format !== FORMAT) throw new InputError(`${name} is no checkpoint of a training run.`);
  if (metadata.replicas !== replicas.join(',')) {
    throw new InputError(
      `${name} holds replicas ${metadata.replicas}, not ${replicas.join(',')}: it is of another run.`,
    );
  }
  const changed = changedSettings(metadata.config, config);
  if (changed.length > 0) {
    throw new InputError(
      `${name} was made with other settings than config.json has now: ${changed.join(', ')}. Put them back, or start a new run.`,
    );
  }
  const step = Number(metadata.step);
  if (!Number.isSafeInteger(step) || step < 0) throw new InputError(`${name} is of step "${metadata.step}".`);
  return { step, values: Object.fromEntries(Object.entries(tensors).map(([key, { data }]) => [key, data])) };
}

/** The settings whose values in the checkpoint are not those of `config`. */
function changedSettings(text: string | undefined, config: TrainingConfig): string[] {
  const then = JSON.parse(text ?? '{}') as Record<string, unknown>;
  const now = JSON.parse(JSON.stringify(config)) as Record<string, unknown>;
  const names = new Set([...Object.keys(then), ...Object.keys(now)]);
  return [...names].filter((name) => JSON.stringify(then[name]) !== JSON.stringify(now[name]));
}
