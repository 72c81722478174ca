// Trains one population of a run, where the GPU is; what it measures and saves goes out through hooks, in order.

import { type Executor, NonFiniteError } from '../engine';
import { type Saved, train } from '../models';
import { writeCheckpoint } from './checkpoint';
import type { Replica, TrainingConfig } from './config';
import { metricsRows } from './metrics';
import { openData, population } from './recipe';

export interface TrainingHooks {
  /** Rows of metrics.csv. All rows up to a checkpoint's step have been taken before the checkpoint is offered. */
  readonly onRows: (rows: string) => Promise<void>;
  /** The bytes of a checkpoint. */
  readonly onSave: (bytes: Uint8Array, step: number) => Promise<void>;
  readonly onProgress: (stepsDone: number) => void;
}

/** Trains to the end, from a saved state or from the beginning. Throws what `train` throws, replicas named by the run. */
export async function trainPopulation(
  executor: Executor,
  config: TrainingConfig,
  replicas: readonly Replica[],
  from: Saved | undefined,
  hooks: TrainingHooks,
): Promise<void> {
  const numbers = replicas.map(({ replica }) => replica);
  const { model, options } = population(config, replicas);
  const data = await openData(executor, config);
  let sent: Promise<void> = Promise.resolve();
  try {
    await train(executor, model, {
      ...options,
      data,
      steps: config.steps,
      saveEvery: config.saveEvery,
      ...(from === undefined ? {} : { from }),
      onMeasured(block, firstStep) {
        const rows = metricsRows(block, firstStep, config.every, numbers);
        sent = sent.then(() => hooks.onRows(rows));
        // Whoever waits for `sent` hears of a failure.
        sent.catch(() => undefined);
      },
      async onSave(saved) {
        await sent;
        await hooks.onSave(await writeCheckpoint({ saved, replicas: numbers, config }), saved.step);
      },
      onProgress: hooks.onProgress,
    });
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    const broken = error.replicas.map((r) => numbers[r]);
    const who = broken.length > 0 ? broken.join(', ') : `one of ${numbers.join(', ')}`;
    throw new NonFiniteError(`Replica ${who}: ${error.message}.`, broken);
  }
}
