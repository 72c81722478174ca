// The information of every binned latent about every factor, which the scores of the MIG family share; nats.

import { type Columns, checkColumns } from './columns';
import { discreteInformation, equalWidthBins, informationOf } from './discrete';

export interface InformationTable {
  /** Information of every latent (row) about every factor (column). */
  readonly information: number[][];
  /** Entropy of every binned latent, and of every factor. */
  readonly latentEntropies: number[];
  readonly factorEntropies: number[];
}

/**
 * The table of codes [latent][sample], in bins of equal width, and factors [factor][sample]. Throws InputError, in the name
 * of `score`, where it cannot be scored: see `checkColumns`.
 */
export function informationTable(
  score: string,
  codes: Columns,
  factors: Columns,
  bins: number,
  least: { latents?: number; factors?: number },
): InformationTable {
  checkColumns(score, codes, factors, least);
  const binned = codes.map((values) => equalWidthBins(values, bins));
  return {
    information: informationOf(binned, factors),
    latentEntropies: binned.map((code) => discreteInformation(code, code)),
    factorEntropies: factors.map((factor) => discreteInformation(factor, factor)),
  };
}

/** The largest and the second largest of at least two values, and where the largest is. */
export function bestTwo(values: readonly number[]): { best: number; second: number; at: number } {
  const best = Math.max(...values);
  const at = values.indexOf(best);
  return { best, second: Math.max(...values.filter((_, i) => i !== at)), at };
}
