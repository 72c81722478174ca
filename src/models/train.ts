// The training loop: one program holds the whole step (batch, loss, gradient, update, bookkeeping) and replays. The step
// counter, the data and the random streams live on the GPU, so nothing is uploaded while it runs; what each step measured
// waits in a ring and is read every so often.

import {
  adam,
  adamDefaults,
  append,
  arenaLayout,
  type Executor,
  gatherRows,
  gradient,
  increment,
  NonFiniteError,
  pack,
  randomIndices,
  type Tensor,
  variable,
} from '../engine';
import { type Objective, type PerReplica, type TermName, termNames, valuesOf } from './objective';
import { purposes } from './parameters';
import type { Vae } from './vae';

export interface TrainOptions {
  /** f32 [examples, input], a variable that holds the data set. */
  readonly examples: Tensor;
  readonly objective: Objective;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: PerReplica;
  /** One seed for each replica: the same seed gives the same initial values, batches and noise. */
  readonly seeds: readonly number[];
  /** Called after every block of steps. */
  readonly onProgress?: (stepsDone: number) => void;
}

/** What was measured: for every term, [steps][replicas]. */
export type History = Record<TermName, Float32Array[]>;

/** Steps between two looks at the ring. */
const BLOCK = 100;
const NEVER = 0xffffffff;

/**
 * Trains all replicas of `model`, whose parameters stay in `executor`. Throws NonFiniteError, naming the step, when a
 * gradient is not a finite number.
 */
export async function train(executor: Executor, model: Vae, options: TrainOptions): Promise<History> {
  const { replicas } = model;
  const { arena, tensors, initialise, spread } = model.parameters;
  const step = variable('step', [1], 'u32');
  const seeds = variable('seeds', [replicas], 'u32');
  const nonFinite = variable('nonFinite', [1], 'u32');
  const first = variable('adam.first', arena.shape);
  const second = variable('adam.second', arena.shape);
  const stream = { seeds, step };
  executor.write(step, Uint32Array.of(0));
  executor.write(seeds, Uint32Array.from(options.seeds));
  executor.write(nonFinite, Uint32Array.of(NEVER));
  {
    using start = await executor.compile({ outputs: {}, updates: [initialise(stream)] });
    await start.run();
  }

  const indices = randomIndices(stream, purposes.batch, [options.batch], options.examples.shape[0]);
  const { total, terms } = options.objective(model, gatherRows(options.examples, indices), stream);
  const gradients = pack(gradient(total, tensors));
  const measured = pack(termNames.map((name) => terms[name]));
  const ring = variable('ring', [BLOCK, ...measured.shape]);
  const rates = spread(valuesOf(options.learningRate, replicas));
  using program = await executor.compile({
    outputs: {},
    updates: [
      append(ring, measured, step),
      adam({ parameters: arena, gradients, first, second, rates, step, nonFinite }, adamDefaults),
      increment(step),
    ],
  });

  const history: History = { reconstruction: [], kl: [], conditionalTc: [] };
  const { offsets } = arenaLayout(termNames.map((name) => terms[name].shape));
  for (let done = 0; done < options.steps; ) {
    const steps = Math.min(BLOCK, options.steps - done);
    await program.run(steps);
    const values = await executor.read(ring);
    for (let s = 0; s < steps; s++) {
      for (const [part, name] of termNames.entries()) {
        const at = s * measured.shape[0] + offsets[part];
        history[name].push(values.slice(at, at + replicas));
      }
    }
    const [seen] = await executor.read(nonFinite);
    if (seen < 2 ** 31) {
      throw new NonFiniteError(
        `training stopped at step ${seen}: a gradient is not a finite number; try a lower learning rate`,
      );
    }
    done += steps;
    options.onProgress?.(done);
  }
  return history;
}
