// One step of training as a graph: batches, losses, gradients, updates and bookkeeping in one program that replays. The step
// counter, the data and the random streams live on the GPU, so nothing is uploaded while it runs; what each step measured
// waits in a ring.

import {
  adam,
  adamDefaults,
  append,
  arenaLayout,
  type Executor,
  type Graph,
  gradient,
  increment,
  named,
  pack,
  randomIndices,
  type Tensor,
  variable,
  withProgram,
} from '../engine';
import { checkSeeds, type Objective, type PerReplica, type Player, type StepInputs, valuesOf } from './objective';
import { purposes } from './parameters';

/** Where examples come from: a procedural set draws them, a stored one gathers them. */
export interface ExampleSource {
  /** Number of examples. */
  readonly count: number;
  /** Examples [R, batch, numbers] of the given indices, u32 [R, batch]. */
  batch(indices: Tensor): Tensor;
  /** What `batch` reads, if anything: restored when a GPU is lost. */
  readonly stored?: readonly Tensor[];
  /** Values are any real numbers: a Bernoulli likelihood of them has no bound, and is refused. */
  readonly real?: true;
  /** Uploads what `batch` reads: called before the first step. */
  open?(executor: Executor): Promise<void>;
}

/** What a step is made of. */
export interface StepOptions<Model> {
  readonly data: ExampleSource;
  readonly objective: Objective<Model>;
  readonly batch: number;
  readonly learningRate: PerReplica;
  /** One seed for each replica: the same seed gives the same initial values, batches and noise. */
  readonly seeds: readonly number[];
}

/** One step of training as a graph over variables. */
export interface TrainingStep {
  readonly graph: Graph<never>;
  /** u32 [1]: steps made. */
  readonly step: Tensor;
  /** u32 [1]: the first step whose gradient was not finite, or 0xffffffff. */
  readonly nonFinite: Tensor;
  /** What the last `RING` steps measured. */
  readonly ring: Tensor;
  /** Names of what is measured. */
  readonly terms: readonly string[];
  /**
   * What the next step rests on, by name: all variables but the data and the ring. Those of `kept` are the trained parameters, the others
   * can go after training.
   */
  readonly state: Readonly<Record<string, Tensor>>;
  /** Of the arenas in `state`: how many numbers each of its tensors has for one replica. */
  readonly sizes: Readonly<Record<string, readonly number[]>>;
  readonly replicas: number;
  readonly kept: readonly Tensor[];
  /** Sets every variable to its value before the first step. */
  start(executor: Executor): Promise<void>;
  /** The terms of one step out of the ring's values: [replicas] each. */
  termsOf(ring: Float32Array, step: number): Record<string, Float32Array>;
}

/** Steps the ring holds. */
export const RING = 100;
const NEVER = 0xffffffff;

/**
 * The step of a population. Throws InputError where seeds, rates or weights are not one for each replica, or no numbers.
 */
export function trainingStep<Model extends { readonly replicas: number }>(
  model: Model,
  options: StepOptions<Model>,
): TrainingStep {
  const { replicas } = model;
  checkSeeds(options.seeds, replicas);
  const step = variable('step', [1], 'u32');
  const seeds = variable('seeds', [replicas], 'u32');
  const nonFinite = variable('nonFinite', [1], 'u32');
  const stream = { seeds, step };

  const { players, terms } = options.objective.step(model, { ...batches(options, stream), stream });
  const optimised = players.map((player, p) => optimise(player, p, options.learningRate, replicas, step, nonFinite));
  const names = Object.keys(terms);
  const measured = pack(names.map((name) => terms[name]));
  const ring = variable('ring', [RING, ...measured.shape]);
  const { offsets } = arenaLayout(names.map((name) => terms[name].shape));

  return {
    graph: {
      outputs: {},
      updates: [append(ring, measured, step), ...optimised.map(({ update }) => update), increment(step)],
    },
    step,
    nonFinite,
    ring,
    terms: names,
    state: Object.assign({ step, seeds, nonFinite }, ...optimised.map(({ state }) => state)),
    sizes: Object.assign({}, ...optimised.map(({ sizes }) => sizes)),
    replicas,
    kept: players.map(({ parameters }) => parameters.arena),
    async start(executor) {
      executor.write(step, Uint32Array.of(0));
      executor.write(seeds, Uint32Array.from(options.seeds));
      executor.write(nonFinite, Uint32Array.of(NEVER));
      for (const { moments } of optimised)
        for (const moment of moments) executor.write(moment, new Float32Array(moment.shape[0]));
      const updates = players.map(({ parameters }) => parameters.initialise(stream));
      await withProgram(executor, { outputs: {}, updates }, (program) => program.run());
    },
    termsOf(values, at) {
      const row = (at % RING) * measured.shape[0];
      const part = (i: number) => values.slice(row + offsets[i], row + offsets[i] + replicas);
      return Object.fromEntries(names.map((name, i) => [name, part(i)]));
    },
  };
}

/** Batches of an objective: each call another stream of indices. */
function batches(
  { data, batch }: Pick<StepOptions<never>, 'data' | 'batch'>,
  stream: StepInputs['stream'],
): Pick<StepInputs, 'batch' | 'examples'> {
  let drawn = 0;
  return {
    examples: data.count,
    batch: () =>
      data.batch(
        randomIndices(stream, drawn++ === 0 ? purposes.batch : purposes.otherBatches + drawn, [batch], data.count),
      ),
  };
}

/** A player's update, and the state it keeps; the first player's names carry no number. */
function optimise(
  { parameters, loss, learningRate, adam: settings }: Player,
  p: number,
  rate: PerReplica,
  replicas: number,
  step: Tensor,
  nonFinite: Tensor,
) {
  const { arena, tensors, sizes, spread } = parameters;
  const name = (of: string) => (p === 0 ? of : `${of}.${p}`);
  const first = variable(name('adam.first'), arena.shape);
  const second = variable(name('adam.second'), arena.shape);
  const rates = spread(valuesOf('the learning rate', learningRate ?? rate, replicas));
  const gradients = named(pack(gradient(loss, tensors)), name('gradients'));
  return {
    update: adam(
      { parameters: arena, gradients, first, second, rates, step, nonFinite },
      { ...adamDefaults, ...settings },
    ),
    moments: [first, second],
    state: { [name('parameters')]: arena, [name('adam.first')]: first, [name('adam.second')]: second },
    sizes: { [name('parameters')]: sizes, [name('adam.first')]: sizes, [name('adam.second')]: sizes },
  };
}
