// Scores that ask for no factors, as disentanglement_lib computes them: how dependent the latents are on each other, by the
// total correlation and the Wasserstein distance of a Gaussian with their covariance, and by mean pairwise information.
// Lower is more independent. They are those of the codes that are given: low values for means do not bound those of samples.

import { InputError } from '../../engine';
import { type Columns, checkColumns, meanOf, varies } from './columns';
import { discreteInformation, equalWidthBins } from './discrete';
import { symmetricEigenvalues } from './eigenvalues';

const published = {
  bins: 20,
  /** A latent that does not vary has no correlation; the others are never pruned, and pairwise information is of all. */
  latents: 'all that vary',
} as const;

/** An eigenvalue of the correlation matrix below this is 0: the latents are linearly dependent. */
const SINGULAR = 1e-13;

export interface Unsupervised {
  /** Total correlation of a Gaussian with the codes' covariance, nats; Infinity for linearly dependent latents. */
  readonly gaussianTc: number;
  /** Squared Wasserstein distance of that Gaussian from the product of its marginals, in squared units of the codes. */
  readonly gaussianWasserstein: number;
  /** The same divided by the trace of the covariance, 0 ... 2. */
  readonly gaussianWassersteinNormalised: number;
  /** Mean information between two latents in 20 equal-width bins, nats. */
  readonly meanPairwiseInformation: number;
  readonly constants: typeof published;
}

/** Dependence between the latents of codes [latent][sample]. Throws InputError for fewer than two that vary. */
export function unsupervised(codes: Columns): Unsupervised {
  checkColumns('an unsupervised score', codes, [], { latents: 2, factors: 0 });
  const varying = codes.filter(varies);
  if (varying.length < 2)
    throw new InputError(`an unsupervised score needs at least 2 latents that vary, not ${varying.length}`);
  const binned = codes.map((values) => equalWidthBins(values, published.bins));
  const pairs = binned.flatMap((a, i) => binned.slice(i + 1).map((b) => discreteInformation(a, b)));
  return { ...gaussianDependence(covarianceOf(varying)), meanPairwiseInformation: meanOf(pairs), constants: published };
}

/** The scores of a covariance matrix alone. */
export function gaussianDependence(
  covariance: readonly (readonly number[])[],
): Pick<Unsupervised, 'gaussianTc' | 'gaussianWasserstein' | 'gaussianWassersteinNormalised'> {
  const variances = covariance.map((row, i) => row[i]);
  const correlation = covariance.map((row, i) => row.map((c, j) => c / Math.sqrt(variances[i] * variances[j])));
  const eigenvalues = symmetricEigenvalues(correlation);
  const gaussianTc = eigenvalues.some((value) => value < SINGULAR)
    ? Number.POSITIVE_INFINITY
    : -0.5 * eigenvalues.reduce((total, value) => total + Math.log(value), 0);
  const trace = variances.reduce((a, b) => a + b, 0);
  // The square root of C diag(C) has the trace of that of the symmetric diag(C)^(1/2) C diag(C)^(1/2).
  const balanced = covariance.map((row, i) => row.map((c, j) => c * Math.sqrt(variances[i] * variances[j])));
  const root = symmetricEigenvalues(balanced).reduce((total, value) => total + Math.sqrt(Math.max(0, value)), 0);
  const gaussianWasserstein = 2 * trace - 2 * root;
  return { gaussianTc, gaussianWasserstein, gaussianWassersteinNormalised: gaussianWasserstein / trace };
}

function covarianceOf(columns: Columns): number[][] {
  const means = columns.map(meanOf);
  return columns.map((a, i) =>
    columns.map((b, j) => {
      let total = 0;
      for (let n = 0; n < a.length; n++) total += (a[n] - means[i]) * (b[n] - means[j]);
      return total / (a.length - 1);
    }),
  );
}
