// DCIMIG (Sepliarskaia et al. 2019, "Evaluating disentangled representations"): a gap that is large only where latent and
// factor choose each other. Every latent i points at the factor it knows most about, with the gap to the next factor,
//
//   g_i = I(z_i; v_(1)) - I(z_i; v_(2)),      score = sum over factors j of max { g_i : i points at j } / sum of H(v_j)
//
// and a factor nobody points at adds 0. The reference bins codes in 10; here as for MIG in 20.

import type { Columns } from '../columns';
import { bestTwo, type InformationTable, informationTable } from '../informationTable';
import { type MigOptions, migDefaults } from './mig';

/** The gap between the two factors a latent knows most about, by latent. */
export interface DciMig {
  readonly score: number;
  /** The gap that counts for every factor, nats. */
  readonly gaps: number[];
  /** The factor every latent points at. */
  readonly pointsAt: number[];
  readonly constants: MigOptions;
}

/**
 * DCIMIG of codes [latent][sample] for factors [factor][sample], whole numbers. Throws InputError for fewer than two
 * factors, or columns that do not fit.
 */
export const dciMig = (codes: Columns, factors: Columns, { bins }: MigOptions = migDefaults): DciMig =>
  dciMigOf(informationTable('dciMig', codes, factors, bins, { factors: 2 }));

/** DCIMIG from a table of at least two factors. */
export function dciMigOf({ bins, information, factorEntropies }: InformationTable): DciMig {
  const choices = information.map(bestTwo);
  const gaps = factorEntropies.map((_, j) =>
    choices.reduce((most, { best, second, at }) => (at === j ? Math.max(most, best - second) : most), 0),
  );
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return { score: sum(gaps) / sum(factorEntropies), gaps, pointsAt: choices.map(({ at }) => at), constants: { bins } };
}
