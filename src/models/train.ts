// The training loop: runs the program of one step in blocks, reads what it measured, stops at a number that is not finite,
// survives the loss of the GPU, and can go on from a state that was saved.

import {
  type Data,
  DeviceLostError,
  type Executor,
  InputError,
  NonFiniteError,
  type Program,
  withProgram,
} from '../engine';
import { readAs } from '../engine/graph/executor';
import { type OptionNames, refuseUnknown } from '../engine/options';
import { bernoulli } from './likelihoods';
import { type ExampleSource, RING, type StepOptions, type TrainingStep, trainingStep } from './trainingStep';
import type { Vae } from './vae';

/** What a run goes on from, by name, as it was after `step` steps. */
export interface Saved {
  readonly step: number;
  readonly values: Readonly<Record<string, Data>>;
}

/** What is trained how long, and who is told. */
export interface TrainOptions<Model> extends StepOptions<Model> {
  /** Steps in all, those before `from` included. */
  readonly steps: number;
  /** Goes on from here: the result is that of a run that never stopped. */
  readonly from?: Saved;
  /** Called when the steps begin, after compiling, and after every block of them. */
  readonly onProgress?: (stepsDone: number) => void;
  /**
   * Called before every block of steps, which waits for it, and after the last: how many steps the block may have, 1 or more; what a block is cut
   * into changes no bit. Whoever waits here pauses the run, and may run other programs on the executor meanwhile.
   */
  readonly pace?: (stepsDone: number, step: TrainingStep) => Promise<number>;
  /** Called when training has ended, well or not, before anything is freed: programs over its variables must end here. */
  readonly onEnd?: () => void;
  /** Steps between two calls of `onMeasured` and of `onProgress`: a divisor of 100, which is the default. It changes no bit. */
  readonly every?: number;
  /** Called with what the steps since the last call measured, [steps][replicas] by term, and their first step. */
  readonly onMeasured?: (terms: History, firstStep: number) => void;
  /** Called with the state every `saveEvery` steps and at the end. */
  readonly onSave?: (saved: Saved) => void | Promise<void>;
  /** Steps between two saves: a multiple of 100; 500 by default. A lost GPU goes back to the last one. */
  readonly saveEvery?: number;
  /** The trained parameters go, too, at the end: what was saved is all that is wanted. */
  readonly freeParameters?: boolean;
  /** Stops training at the end of a step; `train` then throws the signal's reason. What `onSave` was given is what to go on from. */
  readonly signal?: AbortSignal;
}

const NAMES: OptionNames<TrainOptions<never>> = {
  data: true,
  objective: true,
  batch: true,
  learningRate: true,
  seeds: true,
  steps: true,
  from: true,
  every: true,
  onProgress: true,
  pace: true,
  onEnd: true,
  onMeasured: true,
  onSave: true,
  saveEvery: true,
  freeParameters: true,
  signal: true,
};

/** What was measured since the start or `from`: for every term, [steps][replicas], nats. */
export type History = Record<string, Float32Array[]>;

/** What training leaves. */
export interface Trained {
  readonly history: History;
  /** Everything to go on from: give it to another `train` as `from`, to `restore`, or to `saveState` of unweave/data. */
  readonly state: Saved;
}

/**
 * Trains all replicas of `model`, whose parameters stay in `executor`. Throws NonFiniteError, naming the step and the terms,
 * when a gradient is not a finite number. When the GPU is lost and the executor can recover, training goes on from the last
 * saved state and gives the same result; when it is lost again before the next save, the DeviceLostError is thrown. InputError for an
 * option that there is not, or numbers that make no run.
 */
export async function train<Model extends { readonly replicas: number }>(
  executor: Executor,
  model: Model,
  options: TrainOptions<Model>,
): Promise<Trained> {
  refuseUnknown<TrainOptions<Model>>('train', options, NAMES);
  const { saveEvery = 5 * RING, every = RING, from } = options;
  if (!Number.isSafeInteger(options.steps) || options.steps < 0)
    throw new InputError(`steps is ${options.steps}; it must be a whole number`);
  if (!Number.isSafeInteger(every) || every < 1 || RING % every !== 0)
    throw new InputError(`every is ${every}; it must divide ${RING}, such as 1, 10, 25 or 50`);
  if (!(saveEvery > 0) || saveEvery % RING !== 0)
    throw new InputError(`saveEvery is ${saveEvery}; it must be a multiple of ${RING}`);
  refuseUnbounded(model, options.data);
  const step = trainingStep(model, options);
  const history: History = Object.fromEntries(step.terms.map((name) => [name, []]));
  const start = from?.step ?? 0;
  const measured = history[step.terms[0]];
  const done = () => start + measured.length;
  await options.data.open?.(executor);
  await step.start(executor);
  if (from !== undefined) restore(executor, step, from);
  const stored = await Promise.all(
    (options.data.stored ?? []).map(async (each) => [each, await readAs(executor, each, each.dtype)] as const),
  );
  let saved = from ?? (await save(executor, step, 0));
  let lostAt = -1;
  /** A save that nobody has been told of: whoever is told may compute, and lose the GPU in the middle of it. */
  let untold = false;
  const tell = async (): Promise<void> => {
    await options.onSave?.(saved);
    untold = false;
  };

  const toTheEnd = async (program: Program<never>): Promise<void> => {
    if (untold) await tell();
    options.onProgress?.(done());
    while (done() < options.steps) {
      const allowed = (await options.pace?.(done(), step)) ?? RING;
      if (!(allowed >= 1)) throw new InputError(`pace allows ${allowed} steps; it must be 1 or more`);
      options.signal?.throwIfAborted();
      const block = Math.min(allowed, every - (done() % every), RING - (done() % RING), options.steps - done());
      await program.run(block, { signal: options.signal });
      const first = done();
      const terms = await record(executor, step, first);
      options.onMeasured?.(terms, first);
      for (const name of step.terms) history[name].push(...terms[name]);
      if (done() % saveEvery === 0 || done() === options.steps) {
        saved = await save(executor, step, done());
        untold = true;
        await tell();
      }
      options.onProgress?.(done());
    }
    await options.pace?.(done(), step);
  };

  try {
    while (done() < options.steps || untold) {
      try {
        await withProgram(executor, step.graph, toTheEnd);
      } catch (error) {
        if (!(error instanceof DeviceLostError) || executor.recover === undefined || lostAt === saved.step) throw error;
        lostAt = saved.step;
        await executor.recover();
        for (const [each, data] of stored) executor.write(each, data);
        restore(executor, step, saved);
        for (const name of step.terms) history[name].length = saved.step - start;
      }
    }
  } finally {
    options.onEnd?.();
    const kept = options.freeParameters ? [] : step.kept;
    executor.free([step.ring, ...Object.values(step.state).filter((each) => !kept.includes(each))]);
  }
  return { history, state: saved };
}

/** Throws InputError for numbers outside 0 ... 1 under a likelihood of pixels: the loss would fall without end. */
function refuseUnbounded(model: object, { real }: ExampleSource): void {
  const { likelihood } = model as Partial<Pick<Vae, 'likelihood'>>;
  if (real === true && likelihood === bernoulli)
    throw new InputError(
      'the examples are not within 0 ... 1, as a Bernoulli likelihood needs them: divide bytes by 255, or give vae({ likelihood: gaussian(deviation) })',
    );
}

/** What the steps from `first` on measured. Throws NonFiniteError at a gradient that is not finite. */
async function record(executor: Executor, training: TrainingStep, first: number): Promise<History> {
  const [made] = await executor.readIntegers(training.step);
  const values = await executor.read(training.ring);
  const terms: History = Object.fromEntries(training.terms.map((name) => [name, []]));
  for (let s = first; s < made; s++) {
    const here = training.termsOf(values, s);
    for (const name of training.terms) terms[name].push(here[name]);
  }
  const [seen] = await executor.readIntegers(training.nonFinite);
  if (seen < made) {
    const at = Math.max(0, seen - first);
    const isBroken = (x: number) => !Number.isFinite(x);
    const broken = training.terms.filter((name) => terms[name][at]?.some(isBroken));
    const where = broken.length > 0 ? ` (not finite: ${broken.join(', ')})` : '';
    // A gradient can overflow before any term does; its replica's terms follow in the next step.
    const rows = training.terms.flatMap((name) => terms[name].slice(at, broken.length > 0 ? at + 1 : undefined));
    const replicas = [...rows[0].keys()].filter((r) => rows.some((row) => isBroken(row[r])));
    throw new NonFiniteError(
      `training stopped at step ${seen}: a gradient is not a finite number${where}; try a lower learning rate`,
      replicas,
      { step: seen, terms: broken },
    );
  }
  return terms;
}

async function save(executor: Executor, { state }: TrainingStep, step: number): Promise<Saved> {
  const entries = Object.entries(state).map(
    async ([name, variable]) => [name, await readAs(executor, variable, variable.dtype)] as const,
  );
  return { step, values: Object.fromEntries(await Promise.all(entries)) };
}

/** Throws InputError where the saved state is of another model or objective. */
function restore(executor: Executor, { state }: TrainingStep, { values }: Saved): void {
  for (const [name, variable] of Object.entries(state)) {
    const data = values[name];
    if (data === undefined) throw new InputError(`the saved state has no ${name}: it belongs to another objective`);
    const size = variable.shape.reduce((product, n) => product * n, 1);
    if (data.length !== size)
      throw new InputError(`the saved ${name} has ${data.length} numbers, not ${size}: it belongs to another model`);
    executor.write(variable, data);
  }
}
