// Closed forms. A Gaussian posterior N(mean(x), Sigma(x)) gives synergy and conditional total correlation from the encoder
// alone, with no estimator; a linear-Gaussian encoder gives everything.

import {
  cholesky,
  inverseOfPositive,
  logDeterminantOfFactor,
  type Matrix,
  plus,
  product,
  transpose,
} from '../../math/matrix';

/** ln |a| of a symmetric positive definite matrix. */
const logDeterminant = (a: Matrix): number => logDeterminantOfFactor(cholesky(a));

/** What a linear-Gaussian encoder knows, exactly; nats. */
export interface GaussianInformation {
  /** I(x; z). */
  readonly jointInformation: number;
  /** I_i = I(z_i; x). */
  readonly information: number[];
  /** C_i = I(z_i; x | z_-i), the same for every value of z_-i. */
  readonly conditionalInformation: number[];
  /** R_i = I(z_i; z_-i). */
  readonly redundancy: number[];
  /** S_i = I(z_i; z_-i | x). */
  readonly synergy: number[];
  /** TC(z). */
  readonly totalCorrelation: number;
  /** TC(z | x). */
  readonly conditionalTotalCorrelation: number;
}

/** I(z_i; z_-i) of a Gaussian with covariance `a`, for each i: log(a_ii (a^-1)_ii) / 2. */
export function dependenceOnRest(a: Matrix): number[] {
  const precision = inverseOfPositive(a);
  return a.map((row, i) => 0.5 * Math.log(row[i] * precision[i][i]));
}

/** Total correlation of a Gaussian with covariance `a`: (sum of log a_ii - log |a|) / 2. */
export const gaussianTotalCorrelation = (a: Matrix): number =>
  0.5 * (a.reduce((total, row, i) => total + Math.log(row[i]), 0) - logDeterminant(a));

/**
 * The encoder z = W x + n with x ~ N(0, dataCovariance) and n ~ N(0, noiseCovariance) independent. Throws InputError when
 * a covariance is not positive definite.
 */
export function linearGaussian(mixing: Matrix, dataCovariance: Matrix, noiseCovariance: Matrix): GaussianInformation {
  const covariance = plus(product(product(mixing, dataCovariance), transpose(mixing)), noiseCovariance);
  const precision = inverseOfPositive(covariance);
  const noisePrecision = inverseOfPositive(noiseCovariance);
  return {
    jointInformation: 0.5 * (logDeterminant(covariance) - logDeterminant(noiseCovariance)),
    information: covariance.map((row, i) => 0.5 * Math.log(row[i] / noiseCovariance[i][i])),
    conditionalInformation: covariance.map((_, i) => 0.5 * Math.log(noisePrecision[i][i] / precision[i][i])),
    redundancy: dependenceOnRest(covariance),
    synergy: dependenceOnRest(noiseCovariance),
    totalCorrelation: gaussianTotalCorrelation(covariance),
    conditionalTotalCorrelation: gaussianTotalCorrelation(noiseCovariance),
  };
}
