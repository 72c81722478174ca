// MIG, the mutual information gap (Chen et al. 2018) as disentanglement_lib computes it: codes in 20 equal-width bins,
// plug-in information in nats, and for every factor the gap between its two best codes, divided by its entropy. Only the
// codes are binned, so a factor of more than 20 values cannot reach 1. `migRank` is the same on ranks: it sees the order of
// a code's values and not their spacing.

import { meanOf } from '../../../math/statistics';
import type { Columns } from '../columns';
import { rankBins } from '../discrete';
import { bestTwo, type InformationTable, informationTable } from '../informationTable';

/** Bins of the protocol. */
export interface MigOptions {
  readonly bins: number;
}

/** The published protocol; it also takes 10,000 samples with replacement, and the means as codes. */
export const migDefaults: MigOptions = { bins: 20 };

/** The mutual information gap (Chen et al. 2018), its gaps and the matrix behind them. */
export interface Mig {
  /** The mean gap over factors. */
  readonly score: number;
  /** The gap of every factor. */
  readonly gaps: number[];
  /** Information of every code (row) about every factor (column), nats. */
  readonly information: number[][];
  readonly constants: MigOptions;
}

/**
 * MIG of codes [latent][sample] for factors [factor][sample], whole numbers. Throws InputError for fewer than two latents,
 * different numbers of samples, or a factor that does not vary.
 */
export const mig = (codes: Columns, factors: Columns, { bins }: MigOptions = migDefaults): Mig =>
  migOf(informationTable('mig', codes, factors, bins, { latents: 2 }));

/** MIG of the codes' ranks, in bins of equal counts: no monotone warp of a latent changes it. Arguments as `mig`. */
export const migRank = (codes: Columns, factors: Columns, { bins }: MigOptions = migDefaults): Mig =>
  migOf(informationTable('migRank', codes, factors, bins, { latents: 2 }, rankBins));

/** MIG from a table of at least two latents. */
export function migOf({ bins, information, factorEntropies }: InformationTable): Mig {
  const gaps = gapsOf(information, factorEntropies);
  return { score: meanOf(gaps), gaps, information, constants: { bins } };
}

/** For every factor the two largest of information [latent][factor], their difference divided by the factor's entropy. */
export const gapsOf = (information: readonly (readonly number[])[], entropies: readonly number[]): number[] =>
  entropies.map((entropy, j) => {
    const { best, second } = bestTwo(information.map((row) => row[j]));
    return (best - second) / entropy;
  });
