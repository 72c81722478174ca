// What a population takes of the GPU's memory, and what was foreseen.

import { Device, footprint } from '../../../src/engine';
import type { Saved } from '../../../src/models';
import { readCheckpoint } from '../../../src/studies/run/checkpoint';
import { replicasOf, type TrainingConfig } from '../../../src/studies/run/config';
import { stepOf } from '../../../src/studies/run/populations';
import { trainPopulation } from '../../../src/studies/run/training';

/** Bytes in use while a population trains, and those that the plan of its step said, [foreseen, used]. */
export async function memoryOf(config: TrainingConfig): Promise<[number, number]> {
  using device = await Device.open();
  const replicas = replicasOf(config);
  let used = 0;
  await trainPopulation(device, config, replicas, undefined, {
    onRows: async () => undefined,
    onSave: async () => undefined,
    onProgress() {
      used = device.ledger.liveBytes;
    },
  });
  return [footprint(stepOf(config, replicas).graph).bytes, used];
}

/** Trains a population, and gives its rows of metrics.csv and the bytes of its checkpoints. */
async function trained(config: TrainingConfig, from: Saved | undefined) {
  using device = await Device.open();
  const saves: Uint8Array[] = [];
  let rows = '';
  await trainPopulation(device, config, replicasOf(config), from, {
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

/** The rows of a short run. */
export const trainOnce = async (config: TrainingConfig): Promise<string> => (await trained(config, undefined)).rows;

/** Trains to the end, saving on the way; then once more from the first save: do the last states agree bit for bit? */
export async function trainTwice(config: TrainingConfig): Promise<{ rows: string; same: boolean }> {
  const numbers = replicasOf(config).map(({ replica }) => replica);
  const whole = await trained(config, undefined);
  const resumed = await trained(config, await readCheckpoint(whole.saves[0], 'the first save', numbers, config));
  const [a, b] = [whole, resumed].map(({ saves }) => saves[saves.length - 1]);
  return { rows: whole.rows, same: a.length === b.length && a.every((byte, i) => byte === b[i]) };
}
