// What a population takes of the GPU's memory, and what was foreseen.

import { Device, footprint } from '../../../src/engine';
import { jobsOf, replicasOf, type TrainingConfig } from '../../../src/runs/config';
import { stepOf } from '../../../src/runs/populations';
import { trainPopulation } from '../../../src/runs/training';
import { trained } from '../../cases/trained';
import { sharedDevice } from './shared';

/** Bytes in use while a population trains, and those that the plan of its step said, [foreseen, used]. */
export async function memoryOf(config: TrainingConfig): Promise<[number, number]> {
  using device = await Device.open();
  const jobs = await jobsOf(replicasOf(config));
  let used = 0;
  await trainPopulation(
    device,
    jobs,
    undefined,
    {},
    {
      onProgress() {
        used = device.ledger.liveBytes;
      },
    },
  );
  return [footprint(stepOf(jobs).graph).bytes, used];
}

/** The rows of a short run, and the bytes of its last checkpoint. */
export async function trainOnce(config: TrainingConfig): Promise<{ rows: string; saved: number[] }> {
  const { rows, saves } = await trained(await sharedDevice(), config);
  return { rows, saved: saves[saves.length - 1].flatMap((bytes) => Array.from(bytes)) };
}
