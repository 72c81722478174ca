// MIG-sup (Li et al. 2020, "Progressive learning and disentanglement of hierarchical representations"): MIG the other way
// round. For every latent the gap between the two factors it knows most about, each as a share of the factor's entropy:
//
//   score = mean over latents i of  I(z_i; v_(1)) / H(v_(1)) - I(z_i; v_(2)) / H(v_(2))
//
// It sees two factors in one latent, which MIG does not. Latents that know nothing pull the mean down. The reference bins
// codes in 10; here as for MIG in 20.

import { meanOf } from '../../../math/statistics';
import type { Columns } from '../columns';
import { bestTwo, type InformationTable, informationTable } from '../informationTable';
import { type MigOptions, migDefaults } from './mig';

/** The gap by latent (Li et al. 2020). */
export interface MigSup {
  /** The mean gap over latents. */
  readonly score: number;
  readonly perLatent: number[];
  readonly constants: MigOptions;
}

/**
 * MIG-sup of codes [latent][sample] for factors [factor][sample], whole numbers. Throws InputError for fewer than two
 * factors, or columns that do not fit.
 */
export const migSup = (codes: Columns, factors: Columns, { bins }: MigOptions = migDefaults): MigSup =>
  migSupOf(informationTable('migSup', codes, factors, bins, { factors: 2 }));

/** MIG-sup from a table of at least two factors. */
export function migSupOf({ bins, information, factorEntropies }: InformationTable): MigSup {
  const perLatent = information.map((row) => {
    const { best, second } = bestTwo(row.map((value, j) => value / factorEntropies[j]));
    return best - second;
  });
  return { score: meanOf(perLatent), perLatent, constants: { bins } };
}
