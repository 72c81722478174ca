// The information of every binned latent about every factor, from which the scores of the MIG family are looked up; nats.

import { type Columns, checkColumns, type Least, labelsOf } from './columns';
import { discreteInformation, equalWidthBins } from './discrete';

/** Information of every binned latent about every factor, nats. */
export interface InformationTable {
  /** Bins of a code. */
  readonly bins: number;
  /** Information of every latent (row) about every factor (column). */
  readonly information: number[][];
  /** Entropy of every binned latent, and of every factor. */
  readonly latentEntropies: number[];
  readonly factorEntropies: number[];
}

/**
 * The table of codes [latent][sample], in bins of equal width unless `binning` says otherwise, and factors [factor][sample].
 * Throws InputError, in the name of `score`, where it cannot be scored: see `checkColumns`.
 */
export function informationTable(
  score: string,
  codes: Columns,
  factors: Columns,
  bins: number,
  least: Least,
  binning: (values: ArrayLike<number>, bins: number) => Uint32Array = equalWidthBins,
): InformationTable {
  checkColumns(score, codes, factors, least);
  const binned = codes.map((values) => binning(values, bins));
  const labels = factors.map((factor) => labelsOf(factor).labels);
  const information = binned.map((code) => labels.map((factor) => discreteInformation(code, factor)));
  return { bins, information, ...entropiesOf(binned, labels) };
}

/** Entropies of binned codes, and of factors as labels. */
export const entropiesOf = (
  binned: readonly ArrayLike<number>[],
  factors: Columns,
): Pick<InformationTable, 'latentEntropies' | 'factorEntropies'> => ({
  latentEntropies: binned.map((code) => discreteInformation(code, code)),
  factorEntropies: factors.map((factor) => discreteInformation(factor, factor)),
});

/** The largest and the second largest of at least two values, and where the largest is. */
export function bestTwo(values: readonly number[]): { best: number; second: number; at: number } {
  const best = Math.max(...values);
  const at = values.indexOf(best);
  return { best, second: Math.max(...values.filter((_, i) => i !== at)), at };
}
