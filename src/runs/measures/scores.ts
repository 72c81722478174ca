// Disentanglement scores of the codes as they are and after the one rotation, each with its value by factor where it has one. MIG of means
// is the reference protocol; samples and Chen's MIG count the posterior's noise, DCI and FactorVAE's score see other faults, and
// `live` leaves out latents that hardly move, whose binned means would count as codes like others.

import { type Executor, InputError } from '../../engine';
import { deadLatents } from '../../metrics/disentanglement/deadLatents';
import { drawRows, published } from '../../metrics/disentanglement/protocol';
import { dci } from '../../metrics/disentanglement/scores/dci';
import { factorVae } from '../../metrics/disentanglement/scores/factorVae';
import { mig } from '../../metrics/disentanglement/scores/mig';
import { migChen } from '../../metrics/disentanglement/scores/migChen';
import { Draw } from '../../metrics/information/draw';
import { marginalsIn, turnedColumns } from '../../metrics/information/rotation';
import type { Saved } from '../../models';
import { dataReader } from '../../models';
import { encodable, encodePopulation, restored } from '../encoding';
import type { Job } from '../job';
import { dataOf, openData } from '../recipe';
import { factorColumns, rowsOf, type TrainedReplica } from '../trained';
import { rotationOf } from './rotation';

export interface ScoresIn {
  /** By name; MIG of means `mig`, of samples `migSamples`, of live latents' means `migLive`. */
  readonly values: Readonly<Record<ScoreOfStudy, number>>;
  /** The gaps of MIG of means, of samples and of Chen's, by factor. */
  readonly gaps: Readonly<Record<'mig' | 'migSamples' | 'migChen', number[]>>;
  /** Information of the means' bins about every factor [latent][factor], nats. */
  readonly table: number[][];
  readonly deadLatents: number[];
}

export const scoresOfStudies = [
  'mig',
  'migLive',
  'migSamples',
  'migChen',
  'dciLassoDisentanglement',
  'dciLassoCompleteness',
  'dciLassoInformativeness',
  'factorVae',
] as const;
export type ScoreOfStudy = (typeof scoresOfStudies)[number];

export interface ScoresMeasure {
  readonly factors: readonly string[];
  readonly own: ScoresIn;
  /** After the rotation. */
  readonly turned: ScoresIn;
}

/** Evaluation draws its own streams: the seed of the reference protocol, and the purpose of its rows. */
const SEED = 0;
const PURPOSE = 3000;

export function scores(_: Executor, replica: TrainedReplica): ScoresMeasure | null {
  const { means, deviations, samples, components, factors, factorNames } = replica;
  if (factors.length === 0 || means.length < 2) return null;
  const { basis } = rotationOf(replica);
  const turned = marginalsIn(components, basis);
  return {
    factors: factorNames,
    own: scoresIn(means, deviations, samples, factors),
    turned: scoresIn(turned.means, turned.deviations, turnedColumns(samples, basis), factors),
  };
}

type Columns = readonly Float64Array[];

/** Scores of codes with these posteriors' means and deviations, and one sample of each, all [latent][row], for factors [factor][row]. */
export function scoresIn(means: Columns, deviations: Columns, samples: Columns, factors: Columns): ScoresIn {
  const rows = migRows(factors);
  const drawn = (columns: Columns) => columns.map((values) => Float64Array.from(rows, (row) => values[row]));
  const known = drawn(factors);
  const ofMeans = mig(drawn(means), known);
  const ofSamples = mig(drawn(samples), known);
  const chen = chenOf(means, deviations, factors);
  const dead = deadLatents(means);
  const live = means.filter((__, i) => !dead.includes(i));
  const lasso = factors.length < 2 ? undefined : dci(means, factors, { mode: 'lasso', seed: SEED });
  return {
    values: {
      mig: ofMeans.score,
      // One live latent has no second to be better than: a column that never moves stands for all that are dead.
      migLive: live.length === 0 ? 0 : mig(drawn([...live, new Float64Array(means[0].length)]), known).score,
      migSamples: ofSamples.score,
      migChen: chen.score,
      dciLassoDisentanglement: lasso?.disentanglement ?? 0,
      dciLassoCompleteness: lasso?.completeness ?? 0,
      dciLassoInformativeness: lasso?.informativeness ?? 0,
      factorVae: factors.length < 2 ? 0 : factorVae(means, factors, { seed: SEED }).score,
    },
    gaps: { mig: ofMeans.gaps, migSamples: ofSamples.gaps, migChen: chen.gaps },
    table: ofMeans.information,
    deadLatents: dead,
  };
}

/** Posteriors may be too narrow for the quadrature of their mixtures: then there is no such score, and the others are as they are. */
function chenOf(
  means: Columns,
  deviations: Columns,
  factors: Columns,
): { readonly score: number; readonly gaps: number[] } {
  try {
    return migChen(means, deviations, factors);
  } catch (error) {
    if (error instanceof InputError) return { score: Number.NaN, gaps: [] };
    throw error;
  }
}

/** The reference protocol: 10,000 rows with replacement from a complete table, else those that there are. */
export const migRows = (factors: Columns): Int32Array =>
  drawRows(factors, published.trainRows, new Draw(SEED, PURPOSE));

/** MIG of means of these jobs at these states: a point of their learning curves. Null where there is nothing to score. */
export async function migOfMeans(
  executor: Executor,
  jobs: readonly Job[],
  states: readonly Saved[],
): Promise<(number | null)[]> {
  const found: (number | null)[] = [];
  for (const group of encodable(jobs.map((job, r) => ({ job, state: states[r] }))))
    found.push(
      ...(await migOfGroup(
        executor,
        group.map(({ job }) => job),
        group.map(({ state }) => state),
      )),
    );
  return found;
}

async function migOfGroup(
  executor: Executor,
  jobs: readonly Job[],
  states: readonly Saved[],
): Promise<(number | null)[]> {
  const [{ setting }] = jobs;
  const data = dataOf(setting);
  const rows = rowsOf(data.count);
  const factors = factorColumns(data, rows).map(({ column }) => column);
  if (factors.length === 0 || setting.latents < 2) return jobs.map(() => null);
  const means = jobs.map(() => Array.from({ length: setting.latents }, () => new Float64Array(rows.length)));
  const source = await openData(executor, setting);
  const model = restored(executor, jobs, states);
  try {
    await encodePopulation(
      executor,
      jobs,
      model,
      dataReader(executor, source, rows),
      (r, part, done) => {
        const first = done - part.means.length / setting.latents;
        for (const [at, value] of part.means.entries())
          means[r][at % setting.latents][first + Math.floor(at / setting.latents)] = value;
      },
      { bound: false },
    );
  } finally {
    executor.free(Object.values(model.arenas));
  }
  const chosen = migRows(factors);
  const drawn = (columns: Columns) => columns.map((values) => Float64Array.from(chosen, (row) => values[row]));
  const known = drawn(factors);
  return means.map((columns) => mig(drawn(columns), known).score);
}
