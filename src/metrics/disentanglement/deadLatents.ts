// Latents that say nothing because they hardly move: those FactorVAE's score prunes, named beside every score.

import { varianceOf } from '../../math/statistics';
import type { Columns } from './columns';

/** `prune_dims.threshold` in the configuration files of disentanglement_lib; the default in its code is 0. */
export const DEAD_DEVIATION = 0.05;

/** Numbers of the latents of codes [latent][sample] whose standard deviation is below `deviation`, in the code's units. */
export const deadLatents = (codes: Columns, deviation = DEAD_DEVIATION): number[] =>
  codes.flatMap((values, i) => (Math.sqrt(varianceOf(values, 1)) < deviation ? [i] : []));
