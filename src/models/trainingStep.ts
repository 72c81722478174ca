// One step of training as a graph: batch, loss, gradient, update and bookkeeping in one program that replays. The step
// counter, the data and the random streams live on the GPU, so nothing is uploaded while it runs; what each step measured
// waits in a ring.

import {
  adam,
  append,
  arenaLayout,
  type Executor,
  type Graph,
  gatherRows,
  gradient,
  increment,
  pack,
  randomIndices,
  type Tensor,
  variable,
} from '../engine';
import { type Objective, type PerReplica, type TermName, termNames, valuesOf } from './objective';
import { purposes } from './parameters';
import type { Vae } from './vae';

export interface StepOptions {
  /** f32 [examples, input], a variable that holds the data set. */
  readonly examples: Tensor;
  readonly objective: Objective;
  readonly batch: number;
  readonly learningRate: PerReplica;
  /** One seed for each replica: the same seed gives the same initial values, batches and noise. */
  readonly seeds: readonly number[];
}

export interface TrainingStep {
  readonly graph: Graph<never>;
  /** u32 [1]: steps made. */
  readonly step: Tensor;
  /** u32 [1]: the first step whose gradient was not finite, or 0xffffffff. */
  readonly nonFinite: Tensor;
  /** What the last `RING` steps measured. */
  readonly ring: Tensor;
  /** All variables but the data, the parameters first: with them a run can go on. */
  readonly state: readonly Tensor[];
  /** Sets every variable to its value before the first step. */
  start(executor: Executor): Promise<void>;
  /** The terms of one step out of the ring's values: [replicas] each. */
  termsOf(ring: Float32Array, step: number): Record<TermName, Float32Array>;
}

/** Steps the ring holds. */
export const RING = 100;
const NEVER = 0xffffffff;

export function trainingStep(model: Vae, options: StepOptions): TrainingStep {
  const { replicas } = model;
  const { arena, tensors, initialise, spread } = model.parameters;
  const step = variable('step', [1], 'u32');
  const seeds = variable('seeds', [replicas], 'u32');
  const nonFinite = variable('nonFinite', [1], 'u32');
  const first = variable('adam.first', arena.shape);
  const second = variable('adam.second', arena.shape);
  const stream = { seeds, step };

  const indices = randomIndices(stream, purposes.batch, [options.batch], options.examples.shape[0]);
  const { total, terms } = options.objective(model, gatherRows(options.examples, indices), stream);
  const gradients = pack(gradient(total, tensors));
  const measured = pack(termNames.map((name) => terms[name]));
  const ring = variable('ring', [RING, ...measured.shape]);
  const rates = spread(valuesOf(options.learningRate, replicas));
  const { offsets } = arenaLayout(termNames.map((name) => terms[name].shape));

  return {
    graph: {
      outputs: {},
      updates: [
        append(ring, measured, step),
        adam({ parameters: arena, gradients, first, second, rates, step, nonFinite }),
        increment(step),
      ],
    },
    step,
    nonFinite,
    ring,
    state: [arena, first, second, ring, step, seeds, nonFinite],
    async start(executor) {
      executor.write(step, Uint32Array.of(0));
      executor.write(seeds, Uint32Array.from(options.seeds));
      executor.write(nonFinite, Uint32Array.of(NEVER));
      for (const moment of [first, second]) executor.write(moment, new Float32Array(moment.shape[0]));
      using program = await executor.compile({ outputs: {}, updates: [initialise(stream)] });
      await program.run();
    },
    termsOf(values, at) {
      const row = (at % RING) * measured.shape[0];
      const part = (i: number) => values.slice(row + offsets[i], row + offsets[i] + replicas);
      return Object.fromEntries(termNames.map((name, i) => [name, part(i)])) as Record<TermName, Float32Array>;
    },
  };
}
