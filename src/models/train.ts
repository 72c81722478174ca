// The training loop: runs the program of one step in blocks, reads what it measured, stops at a number that is not finite,
// and survives the loss of the GPU.

import { type Data, DeviceLostError, type Executor, NonFiniteError, type Tensor } from '../engine';
import { type TermName, termNames } from './objective';
import { RING, type StepOptions, type TrainingStep, trainingStep } from './trainingStep';
import type { Vae } from './vae';

export interface TrainOptions extends StepOptions {
  readonly steps: number;
  /** Called after every block of steps. */
  readonly onProgress?: (stepsDone: number) => void;
  /** Stops training within about 0.1 s; `train` then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What was measured: for every term, [steps][replicas]. */
export type History = Record<TermName, Float32Array[]>;

/** Steps between two copies of the state, from which training goes on when the GPU is lost. */
const SAVE_EVERY = 5 * RING;

type Saved = ReadonlyMap<Tensor, Data>;

/**
 * Trains all replicas of `model`, whose parameters stay in `executor`. Throws NonFiniteError, naming the step, when a
 * gradient is not a finite number. When the GPU is lost and the executor can recover, training goes on from the last saved
 * state and gives the same result; when it is lost again before the next save, the DeviceLostError is thrown.
 */
export async function train(executor: Executor, model: Vae, options: TrainOptions): Promise<History> {
  const step = trainingStep(model, options);
  const [, ...temporary] = step.state;
  const history: History = { reconstruction: [], kl: [], conditionalTc: [] };
  const done = () => history.kl.length;
  await step.start(executor);
  const examples = await save(executor, [options.examples]);
  let saved = await save(executor, step.state);
  let savedAt = 0;
  let lostAt = -1;

  const toTheEnd = async (): Promise<void> => {
    using program = await executor.compile(step.graph);
    while (done() < options.steps) {
      await program.run(Math.min(RING, options.steps - done()), { signal: options.signal });
      await record(executor, step, history);
      if (done() % SAVE_EVERY === 0) {
        saved = await save(executor, step.state);
        savedAt = done();
      }
      options.onProgress?.(done());
    }
  };

  try {
    while (done() < options.steps) {
      try {
        await toTheEnd();
      } catch (error) {
        if (!(error instanceof DeviceLostError) || executor.recover === undefined || lostAt === savedAt) throw error;
        lostAt = savedAt;
        await executor.recover();
        restore(executor, examples);
        restore(executor, saved);
        for (const name of termNames) history[name].length = savedAt;
      }
    }
  } finally {
    executor.free(temporary);
  }
  return history;
}

/** Appends what the steps since the last call measured. Throws NonFiniteError at a gradient that is not finite. */
async function record(executor: Executor, { step, ring, nonFinite, termsOf }: TrainingStep, history: History) {
  const [made] = await executor.readIntegers(step);
  const values = await executor.read(ring);
  for (let s = history.kl.length; s < made; s++) {
    const terms = termsOf(values, s);
    for (const name of termNames) history[name].push(terms[name]);
  }
  const [seen] = await executor.readIntegers(nonFinite);
  if (seen < made) {
    throw new NonFiniteError(
      `training stopped at step ${seen}: a gradient is not a finite number; try a lower learning rate`,
    );
  }
}

async function save(executor: Executor, variables: readonly Tensor[]): Promise<Saved> {
  const copies = variables.map((each) => (each.dtype === 'u32' ? executor.readIntegers(each) : executor.read(each)));
  const data = await Promise.all(copies);
  return new Map(variables.map((each, i) => [each, data[i]]));
}

function restore(executor: Executor, saved: Saved): void {
  for (const [each, data] of saved) executor.write(each, data);
}
