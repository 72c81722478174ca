// JEMMIG, the joint entropy minus mutual information gap (Do & Tran 2020, "Theory and evaluation metrics for learning
// disentangled representations"), which also asks that the best latent of a factor carries nothing else:
//
//   JEMMIG_j = H(z_(1), v_j) - I(z_(1); v_j) + I(z_(2); v_j)       nats; lower is better, 0 is perfect
//   score    = mean over factors of  1 - JEMMIG_j / (H(v_j) + ln bins)      the normalised form; higher is better
//
// with z_(1), z_(2) the latents that know most about the factor. The reference bins codes in 10; here as for MIG in 20.

import { meanOf } from '../../../math/statistics';
import type { Columns } from '../columns';
import { bestTwo, type InformationTable, informationTable } from '../informationTable';
import { type MigOptions, migDefaults } from './mig';

/** Information gap less what is left of the best latent (Do & Tran 2020). */
export interface Jemmig {
  /** The normalised score, mean over factors. */
  readonly score: number;
  readonly perFactor: number[];
  /** JEMMIG of every factor as published, nats: 0 is perfect. */
  readonly unnormalised: number[];
  readonly constants: MigOptions;
}

/**
 * JEMMIG of codes [latent][sample] for factors [factor][sample], whole numbers. Throws InputError for fewer than two
 * latents, or columns that do not fit.
 */
export const jemmig = (codes: Columns, factors: Columns, { bins }: MigOptions = migDefaults): Jemmig =>
  jemmigOf(informationTable('jemmig', codes, factors, bins, { latents: 2 }));

/** JEMMIG from a table of at least two latents. */
export function jemmigOf(table: InformationTable): Jemmig {
  const unnormalised = table.factorEntropies.map((entropy, j) => {
    const { best, second, at } = bestTwo(table.information.map((row) => row[j]));
    const joint = table.latentEntropies[at] + entropy - best;
    return joint - best + second;
  });
  const perFactor = unnormalised.map((value, j) => 1 - value / (table.factorEntropies[j] + Math.log(table.bins)));
  return { score: meanOf(perFactor), perFactor, unnormalised, constants: { bins: table.bins } };
}
