// Scores of a whole run: its data set, or a fixed sample of it, is encoded once by all replicas, and every score of every
// replica is looked up in those codes by factor values.

import type { DataSet } from '../data/dataSet';
import { type Executor, InputError } from '../engine';
import { scorePopulation } from '../metrics/disentanglement/population';
import { someOf } from '../metrics/disentanglement/protocol';
import type { ScoreReport } from '../metrics/disentanglement/report';
import type { ScoreName } from '../metrics/disentanglement/table';
import { Draw } from '../metrics/information/draw';
import type { Saved } from '../models';
import { dataReader } from '../models';
import { type Encoded, encodePopulation, restored } from './encoding';
import type { Job } from './job';
import { dataOf } from './recipe';

export interface ScoringOptions {
  /** Rows to encode at most; all combinations of the factors' values where there are no more. */
  readonly rows: number;
  /** Default: all scores but those that take minutes. */
  readonly only?: readonly ScoreName[];
  /** Of the sample of rows, and of everything the scores draw. */
  readonly seed: number;
}

/** What a run tells of one replica. */
export interface ScoredReplica {
  readonly report: ScoreReport;
  /** For UDR, which compares replicas: the codes [latent][row] of some of the rows, the same for all replicas of a run. */
  readonly codes: number[][];
  /** Mean KL of every latent's marginal posterior to N(0, 1), nats. */
  readonly divergence: number[];
}

const PURPOSE = 3300;
/** Rows whose codes are handed on: UDR looks at 1,000 of them, and at others for its interval. */
const HANDED_ON = 4000;
/** Of the time, what encoding takes about. */
const ENCODING_SHARE = 0.2;

/** Numbers of the examples to encode: all in order, or a sample without replacement. */
const examplesToScore = ({ count }: DataSet, { rows, seed }: ScoringOptions): Uint32Array =>
  count <= rows
    ? Uint32Array.from({ length: count }, (_, i) => i)
    : Uint32Array.from(someOf(count, rows, new Draw(seed, PURPOSE)));

/** What is found of each of `jobs`, of one shape, at their states. Throws InputError for a data set without factors. */
export async function scoreRun(
  executor: Executor,
  jobs: readonly Job[],
  states: readonly Saved[],
  options: ScoringOptions,
  onProgress: (stage: string, share: number) => void,
): Promise<ScoredReplica[]> {
  const [{ setting }] = jobs;
  const data = dataOf(setting);
  const { sizes } = data.factors;
  if (sizes.length === 0) throw new InputError(`data set ${data.name} has no factors to score codes against`);
  const chosen = examplesToScore(data, options);
  await data.open?.(executor);
  const columns = (count: number) => Array.from({ length: count }, () => new Float64Array(chosen.length));
  const codes = jobs.map(() => columns(setting.latents));
  const deviations = jobs.map(() => columns(setting.latents));
  const reader = dataReader(executor, data, chosen);
  const model = restored(executor, jobs, states);
  await encodePopulation(executor, jobs, model, reader, (p, part, done) => {
    const first = done - part.means.length / setting.latents;
    for (const [at, mean] of part.means.entries()) {
      const [row, latent] = [first + Math.floor(at / setting.latents), at % setting.latents];
      codes[p][latent][row] = mean;
      deviations[p][latent][row] = deviationOf(part, at, setting.latents);
    }
    onProgress('encoding', (ENCODING_SHARE * done) / chosen.length);
  });
  const factors = columns(sizes.length);
  for (const [n, example] of chosen.entries()) {
    const values = data.factors.indicesOf(data.combinationOf?.(example) ?? example);
    for (const [f, value] of values.entries()) factors[f][n] = value;
  }
  const reports = await scorePopulation(executor, {
    codes,
    deviations,
    factors,
    only: options.only,
    seed: options.seed,
    onProgress: (stage, share) => onProgress(stage, ENCODING_SHARE + (1 - ENCODING_SHARE) * share),
  });
  const kept = someOf(chosen.length, Math.min(HANDED_ON, chosen.length), new Draw(options.seed, PURPOSE + 1));
  return reports.map((report, p) => ({
    report,
    codes: codes[p].map((values) => Array.from(kept, (row) => values[row])),
    divergence: codes[p].map((means, i) => meanDivergence(means, deviations[p][i])),
  }));
}

/** The mean over rows of KL(N(mean, deviation^2) || N(0, 1)), nats. */
function meanDivergence(means: Float64Array, deviations: Float64Array): number {
  let total = 0;
  for (let n = 0; n < means.length; n++)
    total += (means[n] ** 2 + deviations[n] ** 2 - 1) / 2 - Math.log(deviations[n]);
  return total / means.length;
}

/** The standard deviation of mean number `at`: of a Cholesky factor the length of its row. */
function deviationOf({ logvars, cholesky }: Encoded, at: number, latents: number): number {
  if (logvars !== undefined) return Math.exp(logvars[at] / 2);
  return Math.hypot(...(cholesky ?? []).slice(at * latents, (at + 1) * latents));
}
