// Trains a population, where the executor is; what it measures and saves goes out through hooks, in order and by job. A replica whose
// numbers are not finite any more is an outcome of its own: the others go on from their last saved state, as if it had never
// been there.

import { type Executor, NonFiniteError } from '../engine';
import { type History, RING, replicaOf, type Saved, type TrainingStep, together, train } from '../models';
import type { Checkpoint, Curves } from './checkpoint';
import type { Job } from './job';
import { stepOf } from './populations';
import { type Encoder, openData, population } from './recipe';

export interface TrainingHooks {
  /** What every step since the last call measured, of these jobs in order; some steps may come again, with the same values. */
  readonly onMeasured?: (jobs: readonly Job[], block: History, firstStep: number) => void | Promise<void>;
  /** Numbers of each job by name, looked at in every state before it is saved: points of curves that go with it. */
  readonly watch?: (jobs: readonly Job[], states: readonly Saved[]) => Promise<readonly Record<string, number>[]>;
  /** The states of these jobs at one step; all that was measured up to it has been taken before. */
  readonly onSave?: (jobs: readonly Job[], states: readonly Checkpoint[]) => void | Promise<void>;
  readonly onProgress?: (stepsDone: number) => void;
  /** Called before every block: see `TrainOptions.pace`. The model is the one that trains, with its parameters on the executor. */
  readonly pace?: (at: Moment) => Promise<number>;
  /** Called before what trained is freed: see `TrainOptions.onEnd`. */
  readonly onEnd?: () => void;
}

/** A population between two blocks of steps. */
export interface Moment {
  readonly jobs: readonly Job[];
  readonly model: Encoder;
  readonly step: TrainingStep;
  readonly stepsDone: number;
}

/** How training one job ended. */
export type Outcome =
  | { readonly status: 'done'; readonly state: Checkpoint }
  | { readonly status: 'diverged'; readonly step: number; readonly terms: readonly string[]; readonly curves: Curves };

export interface TrainingOptions {
  /** Steps between saves: a multiple of 100; 500 by default. */
  readonly saveEvery?: number;
  readonly signal?: AbortSignal;
}

/**
 * Trains jobs of one shape to the end, from states of one step or from the beginning: outcomes in order. Throws what `train` throws
 * but for numbers that are not finite.
 */
export async function trainPopulation(
  executor: Executor,
  jobs: readonly Job[],
  from: readonly Checkpoint[] | undefined,
  options: TrainingOptions,
  hooks: TrainingHooks = {},
): Promise<Outcome[]> {
  const outcomes = new Map<Job, Outcome>();
  const latest = new Map(jobs.flatMap((job, i) => (from === undefined ? [] : [[job, from[i]] as const])));
  const curves = new Map(jobs.map((job) => [job, copied(latest.get(job)?.curves ?? {})]));
  const data = await openData(executor, jobs[0].setting);
  const attempt = async (group: readonly Job[]): Promise<void> => {
    const layout = stepOf(group);
    const { model, options: own } = population(group);
    const [first] = group;
    const pending = new Map(group.map((job) => [job, new Block()]));
    let sent: Promise<void> = Promise.resolve();
    let broken: NonFiniteError | undefined;
    try {
      await train(executor, model, {
        ...own,
        data,
        steps: first.setting.steps,
        saveEvery: options.saveEvery,
        signal: options.signal,
        freeParameters: true,
        ...(latest.has(first)
          ? {
              from: together(
                layout,
                group.map((job) => (latest.get(job) as Checkpoint).saved),
              ),
            }
          : {}),
        onMeasured(block, firstStep) {
          for (const [r, job] of group.entries()) pending.get(job)?.add(curves.get(job) ?? {}, block, firstStep, r);
          sent = sent.then(() => hooks.onMeasured?.(group, block, firstStep));
          // Whoever waits for `sent` hears of a failure.
          sent.catch(() => undefined);
        },
        async onSave(saved) {
          await sent;
          const own = group.map((_, r) => replicaOf(layout, saved, r));
          const points = (await hooks.watch?.(group, own)) ?? [];
          const states = group.map((job, r) => {
            const growing = curves.get(job) ?? {};
            addPoint(growing, points[r] ?? {}, saved.step);
            return { saved: own[r], curves: copied(growing) };
          });
          for (const [r, job] of group.entries()) latest.set(job, states[r]);
          await hooks.onSave?.(group, states);
        },
        onProgress: hooks.onProgress,
        onEnd: hooks.onEnd,
        ...(hooks.pace === undefined
          ? {}
          : {
              pace: (stepsDone, step) => hooks.pace?.({ jobs: group, model, step, stepsDone }) ?? Promise.resolve(RING),
            }),
      });
    } catch (error) {
      if (!(error instanceof NonFiniteError) || error.at === undefined) throw error;
      broken = error;
    }
    await sent;
    if (broken?.at === undefined) {
      for (const job of group) outcomes.set(job, { status: 'done', state: latest.get(job) as Checkpoint });
      return;
    }
    const [only] = group;
    if (group.length === 1) {
      outcomes.set(only, { status: 'diverged', ...broken.at, curves: curves.get(only) ?? {} });
      return;
    }
    // A population knows that somebody's gradient was not finite, and not for certain whose: each suspect is tried alone, so that what is
    // recorded of it does not depend on who was beside it. Where nobody is suspected all are.
    const suspects = group.filter((_, r) => broken?.replicas.includes(r) || broken?.replicas.length === 0);
    const others = group.filter((job) => !suspects.includes(job));
    if (others.length > 0) await attempt(others);
    for (const job of suspects) await attempt([job]);
  };
  await attempt(jobs);
  return jobs.map((job) => outcomes.get(job) as Outcome);
}

type Growing = Record<string, number[]>;

const copied = (curves: Curves): Growing =>
  Object.fromEntries(Object.entries(curves).map(([name, values]) => [name, [...values]]));

/** Curves of what is looked at now and then have their steps beside them: `mig` and `mig.step`. */
function addPoint(curves: Growing, points: Readonly<Record<string, number>>, step: number): void {
  for (const [name, value] of Object.entries(points)) {
    const steps = curves[`${name}.step`] ?? [];
    if (steps.includes(step)) continue;
    curves[`${name}.step`] = [...steps, step];
    curves[name] = [...(curves[name] ?? []), Math.fround(value)];
  }
}

/** The steps since the last multiple of the ring's length: a point of every curve is their mean, however they were cut. */
class Block {
  private readonly totals = new Map<string, number>();

  add(curves: Growing, block: History, firstStep: number, replica: number): void {
    for (const [term, steps] of Object.entries(block)) {
      const begun = firstStep % RING !== 0;
      // Steps that come again, after a lost GPU, begin at a multiple again.
      let total = begun ? (this.totals.get(term) ?? 0) : 0;
      for (const row of steps) total += row[replica];
      this.totals.set(term, total);
      const values = curves[term] ?? [];
      curves[term] = values;
      values[Math.floor(firstStep / RING)] = Math.fround(total / ((firstStep % RING) + steps.length));
    }
  }
}
