// Scores of a whole population on the GPU: the counting is done for all replicas in one program. Joint histograms of every
// latent's bins with every factor's values are one matrix product of zeros and ones, so the counts are exact; FactorVAE's
// votes are variances of gathered rows.

import {
  constant,
  type Executor,
  gatherRows,
  InputError,
  matmul,
  mean,
  mul,
  reshape,
  scalar,
  square,
  sub,
  sum,
  type Tensor,
} from '../../engine';
import { type Columns, checkColumns, type Least, labelsOf, takeRows, varies } from './columns';
import { equalWidthBins, informationOfCounts, type JointCounts } from './discrete';
import { entropiesOf, type InformationTable } from './informationTable';
import { type ScoreReport, type ScoreRequest, scoreCodes } from './report';
import { dciMigOf } from './scores/dciMig';
import { countVotes, planVotes } from './scores/factorVae';
import { jemmigOf } from './scores/jemmig';
import { migDefaults, migOf } from './scores/mig';
import { migSupOf } from './scores/migSup';
import { modularityOf } from './scores/modularity';
import { one, type ScoreName, scoredRows, withRows } from './table';

/** Entries of what one program holds at a time. */
const MOST_ENTRIES = 2 ** 24;

/** Zeros and ones [rows, n, values]: where entry (row, i) of whole numbers [rows][n] is which value, from sample `first` on. */
function oneHot(rows: readonly ArrayLike<number>[], values: number, first: number, n: number): Tensor {
  const unit = constant(
    Float32Array.from({ length: values * values }, (_, at) => Number(at % (values + 1) === 0)),
    [values, values],
  );
  const indices = new Uint32Array(rows.length * n);
  for (const [r, row] of rows.entries()) for (let i = 0; i < n; i++) indices[r * n + i] = row[first + i];
  return gatherRows(unit, constant(indices, [rows.length, n]));
}

/** The same of all factors side by side: [1, n, sum of sizes]. */
function factorValues(factors: Columns, sizes: readonly number[], first: number, n: number): Tensor {
  const width = sizes.reduce((total, size) => total + size, 0);
  const values = new Float32Array(n * width);
  let column = 0;
  for (const [f, factor] of factors.entries()) {
    for (let i = 0; i < n; i++) values[i * width + column + factor[first + i]] = 1;
    column += sizes[f];
  }
  return constant(values, [1, n, width]);
}

/**
 * Joint counts of binned codes [replica][latent][sample], bins 0 ... bins - 1, and factors [factor][sample] as
 * labels: by replica, latent and factor. Exact. Throws InputError where replicas differ in latents or samples.
 */
export async function jointCounts(
  executor: Executor,
  binned: readonly (readonly ArrayLike<number>[])[],
  factors: Columns,
  bins: number,
): Promise<JointCounts[][][]> {
  const latents = binned[0].length;
  const n = factors[0].length;
  for (const [p, replica] of binned.entries())
    if (replica.length !== latents || replica.some(({ length }) => length !== n))
      throw new InputError(`replica ${p} has not ${latents} latents of ${n} samples, as replica 0 has`);
  const sizes = factors.map((factor) => labelsOf(factor).values.length);
  const width = sizes.reduce((total, size) => total + size, 0);
  const codes = binned.flat();
  const all = new Float64Array(codes.length * bins * width);
  const each = Math.max(1, Math.floor(MOST_ENTRIES / (codes.length * bins)));
  for (let first = 0; first < n; first += each) {
    const here = Math.min(each, n - first);
    const values = factorValues(factors, sizes, first, here);
    const counts = matmul(oneHot(codes, bins, first, here), values, { transposeA: true });
    const found = await executor.evaluate({ counts });
    for (const [at, count] of found.counts.entries()) all[at] += count;
  }
  return binned.map((_, p) =>
    Array.from({ length: latents }, (__, k) => {
      const table = all.subarray((p * latents + k) * bins * width, (p * latents + k + 1) * bins * width);
      return sizes.map((size, f) =>
        columnsOf(
          table,
          width,
          sizes.slice(0, f).reduce((a, b) => a + b, 0),
          size,
        ),
      );
    }),
  );
}

/** `size` columns from column `first` on of counts [bins, width]. */
function columnsOf(table: Float64Array, width: number, first: number, size: number): JointCounts {
  const counts = new Float64Array((table.length / width) * size);
  for (let at = 0; at < counts.length; at++) counts[at] = table[Math.floor(at / size) * width + first + (at % size)];
  return { counts, columns: size };
}

/**
 * The information table of every replica, as `informationTable` gives it for one: codes [replica][latent][sample]. Throws
 * InputError where replicas differ in latents. The columns are checked before.
 */
export async function informationTables(
  executor: Executor,
  codes: readonly Columns[],
  factors: Columns,
  bins: number,
): Promise<InformationTable[]> {
  const labels = factors.map((factor) => labelsOf(factor).labels);
  const binned = codes.map((replica) => replica.map((values) => equalWidthBins(values, bins)));
  const counts = await jointCounts(executor, binned, labels, bins);
  return counts.map((ofReplica, p) => ({
    bins,
    information: ofReplica.map((ofLatent) => ofLatent.map(informationOfCounts)),
    ...entropiesOf(binned[p], labels),
  }));
}

/** Scores that are looked up in one table, by name. */
const ofTable = {
  mig: { least: { latents: 2 }, from: migOf },
  migSup: { least: { factors: 2 }, from: migSupOf },
  jemmig: { least: { latents: 2 }, from: jemmigOf },
  dciMig: { least: { factors: 2 }, from: dciMigOf },
  modularity: { least: { factors: 2 }, from: modularityOf },
} as const;

/** What is scored: codes and deviations [replica][latent][sample] of the same rows, and their factors [factor][sample]. */
export interface PopulationRequest extends Omit<ScoreRequest, 'codes' | 'deviations' | 'measured'> {
  readonly codes: readonly Columns[];
  readonly deviations?: readonly Columns[];
}

/**
 * The report of every replica, as `scoreCodes` gives it for one; what can be counted is counted for all replicas at once.
 * Scores of the MIG family have the same bits as alone, since counts are whole; the variances behind FactorVAE's votes are
 * f32 and may move a vote that is nearly even. Throws InputError where nothing can be scored.
 */
export async function scorePopulation(executor: Executor, request: PopulationRequest): Promise<ScoreReport[]> {
  const { codes, deviations, onProgress = () => undefined, ...rest } = request;
  const factors = request.factors.filter(varies);
  for (const [p, replica] of codes.entries()) checkColumns(`replica ${p}: a score`, replica, factors);
  const asked = (name: ScoreName): boolean => request.only?.includes(name) ?? true;
  const counted = await countPopulation(executor, codes, factors, request.seed ?? 0, asked);
  return codes.map((replica, p) =>
    scoreCodes({
      ...rest,
      codes: replica,
      deviations: deviations?.[p],
      measured: counted[p],
      onProgress: (stage, share) => onProgress(`replica ${p}: ${stage}`, (p + share) / codes.length),
    }),
  );
}

/** Measurements by counting of every replica; a score that these codes or factors are too few for is left out. */
async function countPopulation(
  executor: Executor,
  codes: readonly Columns[],
  factors: Columns,
  seed: number,
  asked: (name: ScoreName) => boolean,
): Promise<ScoreRequest['measured'][]> {
  const fromTable = Object.entries(ofTable).filter(([name]) => asked(name as ScoreName));
  const rows = scoredRows(factors, seed);
  const scored = () => codes.map((replica) => takeRows(replica, rows));
  const tables =
    fromTable.length === 0
      ? []
      : await informationTables(executor, scored(), takeRows(factors, rows), migDefaults.bins);
  const votes = await attempt(async () => {
    if (!asked('factorVae')) return undefined;
    const plan = planVotes(factors, { seed });
    const within = await batchVariances(executor, codes, plan.rows, plan.constants.batch);
    return codes.map((replica, p) => one('factorVae', countVotes(plan, replica, within[p])));
  });
  const enough = ({ latents = 1, factors: least = 1 }: Least): boolean =>
    codes[0].length >= latents && factors.length >= least;
  return codes.map((_, p) => ({
    ...Object.fromEntries(
      fromTable.flatMap(([name, { least, from }]) =>
        enough(least) ? [[name, withRows(one(name, from(tables[p])), rows.length)]] : [],
      ),
    ),
    ...(votes !== undefined && enough({ factors: 2 }) ? { factorVae: votes[p] } : {}),
  }));
}

/** Undefined where the rows are too few for it: the report then says why. */
async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/**
 * Variances (by batch - 1) of every latent within batches of rows: codes [replica][latent][sample] and row numbers
 * [votes x batch] give [replica][votes x latents].
 */
export async function batchVariances(
  executor: Executor,
  codes: readonly Columns[],
  rows: Int32Array,
  batch: number,
): Promise<Float64Array[]> {
  const [replicas, latents, n] = [codes.length, codes[0].length, codes[0][0].length];
  const table = new Float32Array(replicas * n * latents);
  for (const [p, columns] of codes.entries())
    for (const [k, column] of columns.entries())
      for (let i = 0; i < n; i++) table[(p * n + i) * latents + k] = column[i];
  const held = constant(table, [replicas * n, latents]);
  const votes = rows.length / batch;
  const each = Math.max(1, Math.floor(MOST_ENTRIES / (replicas * batch * latents)));
  const result = codes.map(() => new Float64Array(votes * latents));
  for (let from = 0; from < votes; from += each) {
    const here = Math.min(each, votes - from);
    const part = rows.subarray(from * batch, (from + here) * batch);
    const indices = Uint32Array.from(
      { length: replicas * part.length },
      (_, at) => Math.floor(at / part.length) * n + part[at % part.length],
    );
    const gathered = reshape(gatherRows(held, constant(indices, [replicas, part.length])), [
      replicas,
      here,
      batch,
      latents,
    ]);
    const away = sub(gathered, mean(gathered, [2], true));
    const variances = mul(sum(square(away), [2]), scalar(1 / (batch - 1)));
    const { variances: values } = await executor.evaluate({ variances });
    for (let p = 0; p < replicas; p++)
      result[p].set(values.subarray(p * here * latents, (p + 1) * here * latents), from * latents);
  }
  return result;
}
