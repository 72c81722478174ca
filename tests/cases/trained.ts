// Trains a population, and keeps what goes out of it.

import type { Executor } from '../../src/engine';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../src/runs/checkpoint';
import { jobsOf, replicasOf, type TrainingConfig } from '../../src/runs/config';
import { metricsRows } from '../../src/runs/metrics';
import { type Outcome, trainPopulation } from '../../src/runs/training';

/** Rows of metrics.csv, the bytes of the checkpoints of every save by replica, and how each replica ended. */
export async function trained(executor: Executor, config: TrainingConfig, from?: readonly Checkpoint[]) {
  const jobs = await jobsOf(replicasOf(config));
  const saves: Uint8Array[][] = [];
  let rows = '';
  const outcomes: Outcome[] = await trainPopulation(
    executor,
    jobs,
    from,
    { saveEvery: config.saveEvery },
    {
      onMeasured(group, block, firstStep) {
        const numbers = group.map((job) => jobs.indexOf(job));
        rows += metricsRows(block, firstStep, config.every, numbers, Object.keys(block));
      },
      async onSave(group, states) {
        saves.push(await Promise.all(group.map((job, r) => writeCheckpoint(job, states[r]))));
      },
    },
  );
  return { saves, rows, outcomes };
}

/** What checkpoints of all replicas of the run hold. */
export async function statesIn(bytes: readonly Uint8Array[], config: TrainingConfig): Promise<Checkpoint[]> {
  const jobs = await jobsOf(replicasOf(config));
  return await Promise.all(jobs.map((job, r) => readCheckpoint(bytes[r], 'a save', job)));
}
