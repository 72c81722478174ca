// MIG, the mutual information gap (Chen et al. 2018) as disentanglement_lib computes it: codes in 20 equal-width bins,
// plug-in information in nats, and for every factor the gap between its two best codes, divided by its entropy.

import { InputError } from '../../engine';
import { discreteInformation, equalWidthBins } from './discrete';

export interface MigOptions {
  readonly bins: number;
}

/** The published protocol; it also takes 10,000 samples with replacement, and the means as codes. */
export const migDefaults: MigOptions = { bins: 20 };

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
export function mig(
  codes: readonly ArrayLike<number>[],
  factors: readonly ArrayLike<number>[],
  options: MigOptions = migDefaults,
): Mig {
  if (codes.length < 2) throw new InputError(`mig: the gap needs at least two latents, not ${codes.length}`);
  const samples = codes[0].length;
  for (const values of [...codes, ...factors]) {
    if (values.length !== samples)
      throw new InputError(`mig: ${values.length} samples where there should be ${samples}`);
  }
  const binned = codes.map((values) => equalWidthBins(values, options.bins));
  const information = binned.map((code) => factors.map((factor) => discreteInformation(code, factor)));
  const gaps = factors.map((factor, j) => {
    const entropy = discreteInformation(factor, factor);
    if (!(entropy > 0)) throw new InputError(`mig: factor ${j} does not vary`);
    const [best, second] = information.map((row) => row[j]).sort((a, b) => b - a);
    return (best - second) / entropy;
  });
  return { score: gaps.reduce((a, b) => a + b, 0) / gaps.length, gaps, information, constants: options };
}
