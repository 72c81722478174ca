// Trains a population of a run, and keeps what goes out of it.

import type { Executor } from '../../src/engine';
import type { Saved } from '../../src/models';
import { readCheckpoint } from '../../src/runs/checkpoint';
import { replicasOf, type TrainingConfig } from '../../src/runs/config';
import { trainPopulation } from '../../src/runs/training';

/** Rows of metrics.csv, and the bytes of every checkpoint. */
export async function trained(executor: Executor, config: TrainingConfig, from?: Saved) {
  const saves: Uint8Array[] = [];
  let rows = '';
  await trainPopulation(executor, config, replicasOf(config), from, {
    onRows: async (more) => {
      rows += more;
    },
    onSave: async (bytes) => {
      saves.push(bytes);
    },
    onProgress: () => undefined,
  });
  return { saves, rows };
}

/** What a checkpoint of the run holds. */
export const stateIn = (bytes: Uint8Array, config: TrainingConfig): Promise<Saved> =>
  readCheckpoint(
    bytes,
    'a save',
    replicasOf(config).map(({ replica }) => replica),
    config,
  );
