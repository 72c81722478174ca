// MIG by Chen's own estimator (Chen et al. 2018, beta-TCVAE): information between the sampled latent z_k ~ q(z_k|x) and a
// factor, from Gaussian mixtures over all examples. A different number from disentanglement_lib's MIG of the means: it
// counts the posterior's noise, and has no bins. Chen averages ln q over 10,000 samples of a mixture; a mixture of one
// dimension is integrated here instead, which is what that average converges to.

import { InputError } from '../../../engine';
import { meanOf } from '../../../math/statistics';
import { densityGrid, entropyOf } from '../../information/mixture1d';
import { type Columns, checkColumns, type Labels, labelsOf, takeRows } from '../columns';
import { discreteInformation } from '../discrete';
import { gapsOf } from './mig';

const published = {
  /** Chen draws 10,000 samples of each mixture. */
  estimator: 'quadrature of the mixture densities',
  /** Chen leaves the shape of dSprites out; here every factor given counts. */
  factors: 'all that are given',
} as const;

/** The gap by the information of sampled latents. */
export interface MigChen {
  /** The mean gap over factors. */
  readonly score: number;
  readonly gaps: number[];
  /** I(z_k; v_j) for every latent (row) and factor (column), nats. */
  readonly information: number[][];
  readonly constants: typeof published;
}

/**
 * Chen's MIG of posteriors N(means, deviations^2), both [latent][sample], for factors [factor][sample], whole numbers.
 * Throws InputError for fewer than two latents, columns that do not fit, or a deviation that is not positive.
 */
export function migChen(means: Columns, deviations: Columns, factors: Columns): MigChen {
  checkColumns('migChen', means, factors, { latents: 2 });
  checkColumns('migChen', deviations, factors, { latents: means.length });
  for (const [k, values] of deviations.entries()) {
    for (let n = 0; n < values.length; n++) {
      if (!(values[n] > 0))
        throw new InputError(`migChen: the standard deviation of latent ${k} is ${values[n]} in row ${n}`);
    }
  }
  const labelled = factors.map(labelsOf);
  const groups = labelled.map(rowsByLabel);
  const information = means.map((_, k) => {
    const whole = mixtureEntropy(Float64Array.from(means[k]), Float64Array.from(deviations[k]));
    return groups.map((values) =>
      values.reduce((left, rows) => {
        const [m, s] = takeRows([means[k], deviations[k]], rows);
        return left - (rows.length / means[k].length) * mixtureEntropy(m, s);
      }, whole),
    );
  });
  const entropies = labelled.map(({ labels }) => discreteInformation(labels, labels));
  const gaps = gapsOf(information, entropies);
  return { score: meanOf(gaps), gaps, information, constants: published };
}

const mixtureEntropy = (means: Float64Array, deviations: Float64Array): number =>
  entropyOf(densityGrid(new Float64Array(means.length).fill(1 / means.length), means, deviations));

/** The rows of every value that occurs. */
function rowsByLabel({ labels, values }: Labels): number[][] {
  const rows: number[][] = values.map(() => []);
  for (const [n, label] of labels.entries()) rows[label].push(n);
  return rows;
}
