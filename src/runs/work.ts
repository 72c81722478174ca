// The one runner: jobs without a record, or whose record lacks a measure, are grouped into populations, trained from the store's
// checkpoints where there are any, measured, and recorded. It may be stopped anywhere; to go on is to run it again, and what is
// left is the same bytes.

import { DeviceLostError, type Executor, InputError } from '../engine';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint';
import { encodable } from './encoding';
import type { Job } from './job';
import { type MeasureName, type Measures, measures } from './measures';
import { migOfMeans } from './measures/scores';
import { groupedBy, type Limits, populationsOf } from './populations';
import { forgetData } from './recipe';
import { type ModelRecord, readRecord, recordOf, writeRecord } from './record';
import type { Store } from './store';
import { trainedReplicas } from './trained';
import { type TrainingHooks, trainPopulation } from './training';

export interface WorkOptions {
  /** What is measured of every model. */
  readonly measures: readonly MeasureName[];
  /** Trained models stay in the store, so that more can be measured later without training again. */
  readonly keep: boolean;
  /** Steps between checkpoints: a multiple of 100; 500 by default. */
  readonly saveEvery?: number;
  /** Said in every record: what computes. */
  readonly adapter: string;
  /** Stops training at the end of a step: the last checkpoint is what is left. `work` then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface WorkHooks {
  readonly onProgress?: (stage: string, share: number) => void;
  readonly onMeasured?: TrainingHooks['onMeasured'];
  readonly pace?: TrainingHooks['pace'];
  readonly onEnd?: TrainingHooks['onEnd'];
}

/** Does what is to be done for `jobs`. Throws what training throws, and InputError for files of the store that are damaged or foreign. */
export async function work(
  store: Store,
  executor: Executor,
  jobs: readonly Job[],
  options: WorkOptions,
  limits: Limits = {},
  hooks: WorkHooks = {},
): Promise<void> {
  const populations = await unfinished(store, jobs, options, limits);
  const total = populations.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  for (const population of populations) {
    const before = done;
    const onProgress = (stage: string, share: number) =>
      hooks.onProgress?.(stage, (before + share * population.length) / total);
    await workOn(store, executor, population, options, { ...hooks, onProgress });
    done += population.length;
  }
}

/**
 * The populations of those jobs that are not done, each of one shape and, where they were begun, of one step. A checkpoint that is not to be kept,
 * of a job that is done, goes: whoever recorded the job was stopped before it could.
 */
export async function unfinished(
  store: Store,
  jobs: readonly Job[],
  { measures: wanted, keep }: Pick<WorkOptions, 'measures' | 'keep'>,
  limits: Limits,
): Promise<Job[][]> {
  const open: { job: Job; step: number }[] = [];
  for (const job of jobs) {
    const record = await recordIn(store, job);
    if (record !== undefined && lacking(record, wanted).length === 0) {
      if (!keep && (await store.read('checkpoint', job.name)) !== undefined) await store.remove('checkpoint', job.name);
      continue;
    }
    open.push({ job, step: (await checkpointIn(store, job))?.saved.step ?? 0 });
  }
  return groupedBy(open, ({ step }) => String(step)).flatMap((group) =>
    populationsOf(
      group.map(({ job }) => job),
      limits,
    ),
  );
}

/** Measures that a record has not, of those wanted. */
const lacking = ({ status, measures: has, refused }: ModelRecord, wanted: readonly MeasureName[]): MeasureName[] =>
  status === 'diverged' ? [] : wanted.filter((name) => has[name] === undefined && refused?.[name] === undefined);

export async function recordIn(store: Store, job: Job): Promise<ModelRecord | undefined> {
  const bytes = await store.read('record', job.name);
  return bytes === undefined ? undefined : readRecord(bytes, `the record of ${job.name}`, job);
}

export async function checkpointIn(store: Store, job: Job): Promise<Checkpoint | undefined> {
  const bytes = await store.read('checkpoint', job.name);
  return bytes === undefined ? undefined : readCheckpoint(bytes, `the checkpoint of ${job.name}`, job);
}

/** In the order of the table, whatever order they were asked for in. */
const inOrder = <T extends object>(named: T): T =>
  Object.fromEntries(
    Object.keys(measures).flatMap((name) => (name in named ? [[name, named[name as keyof T]]] : [])),
  ) as T;

/** Of the time, what training takes about. */
const TRAINING_SHARE = 0.7;

/** Trains, measures and records one population, whose jobs are of one shape and one step. */
export async function workOn(
  store: Store,
  executor: Executor,
  jobs: readonly Job[],
  options: WorkOptions,
  { onProgress = () => undefined, onMeasured, pace, onEnd }: WorkHooks = {},
): Promise<void> {
  const { measures: wanted, keep, saveEvery, adapter, signal } = options;
  const found = await Promise.all(jobs.map((job) => checkpointIn(store, job)));
  const from = found.every((each) => each !== undefined) ? (found as Checkpoint[]) : undefined;
  const { steps } = jobs[0].setting;
  const trainingShare = wanted.length === 0 ? 1 : TRAINING_SHARE;
  const outcomes = await trainPopulation(
    executor,
    jobs,
    from,
    { saveEvery, signal },
    {
      onMeasured,
      pace,
      onEnd,
      onProgress: (done) => onProgress('training', (trainingShare * done) / steps),
      ...(wanted.includes('scores')
        ? {
            watch: async (group, states) =>
              (await migOfMeans(executor, group, states)).map(
                (mig): Record<string, number> => (mig === null ? {} : { mig }),
              ),
          }
        : {}),
      async onSave(group, states) {
        for (const [r, job] of group.entries())
          await store.write('checkpoint', job.name, await writeCheckpoint(job, states[r]));
      },
    },
  );
  const records = await Promise.all(jobs.map((job) => recordIn(store, job)));
  const trained = jobs.flatMap((job, r) => {
    const outcome = outcomes[r];
    return outcome.status === 'done' ? [{ job, state: outcome.state, record: records[r] }] : [];
  });
  for (const [r, job] of jobs.entries()) {
    const outcome = outcomes[r];
    if (outcome.status === 'done') continue;
    const { status, step, terms, curves } = outcome;
    const record = recordOf(job, adapter, { status, diverged: { step, terms }, curves, measures: {} });
    await store.write('record', job.name, await writeRecord(record));
    if (!keep) await store.remove('checkpoint', job.name);
  }
  let before = 0;
  for (const group of encodable(trained)) {
    const onMeasure = (share: number) => {
      const all = (before + share * group.length) / trained.length;
      onProgress('measuring', trainingShare + (1 - trainingShare) * all);
    };
    await survivingLoss(executor, () => measureAndRecord(store, executor, group, options, onMeasure));
    before += group.length;
  }
}

/** Once more, on another GPU, where one is lost in the middle of it: what is measured is a function of the model alone. */
async function survivingLoss(executor: Executor, measure: () => Promise<void>): Promise<void> {
  try {
    await measure();
  } catch (error) {
    if (!(error instanceof DeviceLostError) || executor.recover === undefined) throw error;
    await executor.recover();
    forgetData(executor);
    await measure();
  }
}

interface Trained {
  readonly job: Job;
  readonly state: Checkpoint;
  /** What was recorded before, of a job that lacks a measure. */
  readonly record: ModelRecord | undefined;
}

/** Models that can be encoded together: what each lacks is measured, and its record is written before the next one's turn. */
async function measureAndRecord(
  store: Store,
  executor: Executor,
  group: readonly Trained[],
  { measures: wanted, keep, adapter, signal }: WorkOptions,
  onMeasure: (share: number) => void,
): Promise<void> {
  using encoded = await trainedReplicas(
    executor,
    wanted.length === 0 ? [] : group.map(({ job }) => job),
    group.map(({ state }) => state.saved),
  );
  for (const [r, { job, state, record }] of group.entries()) {
    const has: Partial<Measures> = { ...record?.measures };
    const refused: Partial<Record<MeasureName, string>> = { ...record?.refused };
    const missing = record === undefined ? wanted : lacking(record, wanted);
    for (const [m, name] of missing.entries()) {
      signal?.throwIfAborted();
      onMeasure((r + m / missing.length) / group.length);
      try {
        Object.assign(has, { [name]: await measures[name](executor, encoded.replicas[r]) });
      } catch (error) {
        // A model may be beyond one measure, and what the others say of it still holds.
        if (!(error instanceof InputError)) throw error;
        refused[name] = error.message;
      }
    }
    const done = recordOf(job, adapter, {
      status: 'done',
      curves: state.curves,
      measures: inOrder(has),
      ...(Object.keys(refused).length === 0 ? {} : { refused: inOrder(refused) }),
    });
    await store.write('record', job.name, await writeRecord(done));
    if (!keep) await store.remove('checkpoint', job.name);
  }
}
