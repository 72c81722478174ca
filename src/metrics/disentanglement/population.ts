// Scores of a whole population on the GPU: the counting is done for all replicas in one program. Joint histograms of every
// latent's bins with every factor's values are one matrix product of zeros and ones, so the counts are exact; FactorVAE's
// votes are variances of gathered rows.

import {
  constant,
  type Executor,
  gatherRows,
  InputError,
  mean,
  mul,
  multiply,
  reshape,
  scalar,
  square,
  sub,
  sum,
  type Tensor,
} from '../../engine';
import { type Columns, levelsOf } from './columns';
import { discreteInformation, equalWidthBins, informationOfCounts, type JointCounts } from './discrete';
import { gapsOf, type Mig, type MigOptions, migDefaults } from './mig';

/** Zeros and ones [rows, n, values]: where entry (row, i) of whole numbers [rows][n] is which value. */
function oneHot(rows: readonly ArrayLike<number>[], values: number): Tensor {
  const n = rows[0].length;
  const unit = constant(
    Float32Array.from({ length: values * values }, (_, at) => Number(at % (values + 1) === 0)),
    [values, values],
  );
  const indices = new Uint32Array(rows.length * n);
  for (const [r, row] of rows.entries()) indices.set(Array.from(row), r * n);
  return gatherRows(unit, constant(indices, [rows.length, n]));
}

/**
 * Joint counts of binned codes [replica][latent][sample], bins 0 ... bins - 1, and factors [factor][sample]: by replica,
 * latent and factor. Exact up to 2^24 samples. Throws InputError where replicas differ in latents or samples.
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
  const sizes = factors.map(levelsOf);
  const width = sizes.reduce((total, size) => total + size, 0);
  const values = new Float32Array(n * width);
  let first = 0;
  for (const [f, factor] of factors.entries()) {
    for (let i = 0; i < n; i++) values[i * width + first + factor[i]] = 1;
    first += sizes[f];
  }
  const counts = multiply(oneHot(binned.flat(), bins), constant(values, [1, n, width]), { transposeA: true });
  using program = await executor.compile({ outputs: { counts } });
  await program.run();
  const all = await program.read('counts');
  return binned.map((_, p) =>
    Array.from({ length: latents }, (__, k) => {
      const table = all.subarray((p * latents + k) * bins * width, (p * latents + k + 1) * bins * width);
      let column = 0;
      return sizes.map((size) => {
        const from = column;
        column += size;
        const part = Float64Array.from(
          { length: bins * size },
          (___, at) => table[Math.floor(at / size) * width + from + (at % size)],
        );
        return { counts: part, columns: size };
      });
    }),
  );
}

/** MIG of every replica, as `mig` gives it; codes [replica][latent][sample]. Throws InputError as `jointCounts`. */
export async function migOfPopulation(
  executor: Executor,
  codes: readonly Columns[],
  factors: Columns,
  options: MigOptions = migDefaults,
): Promise<Mig[]> {
  const binned = codes.map((replica) => replica.map((values) => equalWidthBins(values, options.bins)));
  const counts = await jointCounts(executor, binned, factors, options.bins);
  const entropies = factors.map((factor) => discreteInformation(factor, factor));
  return counts.map((ofReplica) => {
    const information = ofReplica.map((ofLatent) => ofLatent.map(informationOfCounts));
    const gaps = gapsOf(information, entropies);
    return { score: gaps.reduce((a, b) => a + b, 0) / gaps.length, gaps, information, constants: options };
  });
}

/** Rows gathered at a time in one program: what one buffer may hold. */
const MOST_ENTRIES = 2 ** 24;

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
    using program = await executor.compile({ outputs: { variances } });
    await program.run();
    const values = await program.read('variances');
    for (let p = 0; p < replicas; p++)
      result[p].set(values.subarray(p * here * latents, (p + 1) * here * latents), from * latents);
  }
  return result;
}
