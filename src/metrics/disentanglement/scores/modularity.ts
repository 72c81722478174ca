// Modularity (Ridgeway & Mozer 2018) as disentanglement_lib computes it: how near a latent comes to being informative about
// one factor only. Every latent counts alike, also those that know nothing: pure noise scores 0.66.

import { meanOf } from '../../../math/statistics';
import type { Columns } from '../columns';
import { type InformationTable, informationTable } from '../informationTable';
import type { MigOptions } from './mig';

const published = {
  bins: 20,
  /** Dead latents are neither left out nor weighed less. */
  latents: 'all',
} as const;

/** How far each latent follows one factor (Ridgeway & Mozer 2018). */
export interface Modularity {
  /** The mean over latents. */
  readonly score: number;
  readonly perLatent: number[];
  /** Information of every latent (row) about every factor (column), nats. */
  readonly information: number[][];
  readonly constants: Omit<typeof published, 'bins'> & MigOptions;
}

/**
 * Modularity of codes [latent][sample] for factors [factor][sample], whole numbers. Throws InputError for fewer than two
 * factors, or columns that do not fit.
 */
export const modularity = (codes: Columns, factors: Columns): Modularity =>
  modularityOf(informationTable('modularity', codes, factors, published.bins, { factors: 2 }));

/** Modularity from a table of at least two factors. */
export function modularityOf({ bins, information }: InformationTable): Modularity {
  const perLatent = information.map(modularityOfRow);
  return { score: meanOf(perLatent), perLatent, information, constants: { ...published, bins } };
}

/** 1 - (sum of squares but the largest) / ((factors - 1) * largest); 0 for a latent that knows nothing. */
export function modularityOfRow(information: readonly number[]): number {
  const squares = information.map((value) => value ** 2);
  const largest = Math.max(...squares);
  if (largest === 0) return 0;
  const others = squares.reduce((a, b) => a + b, 0) - largest;
  return 1 - others / (largest * (squares.length - 1));
}
