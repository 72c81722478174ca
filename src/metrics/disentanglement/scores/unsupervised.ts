// Scores that ask for no factors, as disentanglement_lib computes them: how dependent the latents are on each other, by the
// total correlation and the Wasserstein distance of a Gaussian with their covariance, and by mean pairwise information.
// Lower is more independent. They are those of the codes that are given: low values for means do not bound those of samples.

import { InputError } from '../../../engine';
import { symmetricEigenvalues } from '../../../math/eigen';
import { covarianceOf, meanOf, sumOf } from '../../../math/statistics';
import { type Columns, checkColumns, varies } from '../columns';
import { discreteInformation, equalWidthBins } from '../discrete';

const published = {
  bins: 20,
  /** A latent that does not vary has no correlation; the others are never pruned, and pairwise information is of all. */
  latents: 'all that vary',
} as const;

/** An eigenvalue of the correlation matrix below this is 0: the latents are linearly dependent. */
const SINGULAR = 1e-13;

/** Scores that need no factors. */
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
  return {
    ...gaussianDependence(varying.map((a) => varying.map((b) => covarianceOf(a, b, 1)))),
    meanPairwiseInformation: meanOf(pairs),
    constants: published,
  };
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
  const trace = sumOf(variances);
  // The square root of C diag(C) has the trace of that of the symmetric diag(C)^(1/2) C diag(C)^(1/2).
  const balanced = covariance.map((row, i) => row.map((c, j) => c * Math.sqrt(variances[i] * variances[j])));
  const root = symmetricEigenvalues(balanced).reduce((total, value) => total + Math.sqrt(Math.max(0, value)), 0);
  const gaussianWasserstein = 2 * trace - 2 * root;
  return { gaussianTc, gaussianWasserstein, gaussianWassersteinNormalised: gaussianWasserstein / trace };
}
