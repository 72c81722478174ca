// `linear`: x = A s + sigma n, the toy whose answers are known. Columns of A are at right angles and of different lengths,
// so the factorized posterior's optimum is the axes of s (probabilistic PCA; Rolinek et al. 2019), and an encoder that is
// trained on it can be compared with exact numbers in seconds. With equal lengths every rotation of s is as good.

import { add, constant, InputError, matmul, mul, reshape, scalar, sizeOf, type Tensor } from '../engine';
import { refuseUnknown } from '../engine/options';
import { dot, inverse, type Matrix, transpose } from '../math/matrix';
import type { DataSet } from './dataSet';
import { exampleNoise, noisePurposes } from './exampleNoise';
import { factorNumbers } from './factorNumbers';
import { FactorSpace, linspace } from './factors';
import { orthonormal } from './mixing';
import { type Restriction, restrict } from './restriction';

/** Of `linearGaussianMixture`: lengths of the columns, noise and numbers observed; the exact answers follow from them. */
export interface LinearOptions {
  /** Length of each column of A, one a source. */
  readonly lengths?: readonly number[];
  /** Standard deviation of the noise. */
  readonly noise?: number;
  /** Numbers observed: the size of x. */
  readonly observed?: number;
  /** Values of each source: equally spaced, mean 0, variance 1. */
  readonly levels?: number;
  readonly factors?: Restriction;
  /** Of A and of the noise. */
  readonly seed?: number;
}

/** What the exact posterior of x = W z + sigma n, z ~ N(0, I), carries; nats, one entry a latent. */
export interface GaussianAnswers {
  /** I(z_i; x). */
  readonly information: readonly number[];
  /** I(z_i; x | z_-i). */
  readonly conditionalInformation: readonly number[];
  /** I(z_i; z_-i | x), which is the gap here, since the latents are independent. */
  readonly synergy: readonly number[];
}

/**
 * Closed forms from the posterior's precision P = I + W'W / sigma^2: I_i = -log(P^-1)_ii / 2, C_i = log P_ii / 2. `mixing` is
 * W [observed][latents]. Synergy is 0 for all i exactly when W'W is diagonal.
 */
export function gaussianAnswers(mixing: Matrix, noise: number): GaussianAnswers {
  const columns = transpose(mixing);
  const precision = columns.map((a, i) => columns.map((b, j) => (i === j ? 1 : 0) + dot(a, b) / noise ** 2));
  const covariance = inverse(precision);
  const information = covariance.map((row, i) => -0.5 * Math.log(row[i]));
  const conditionalInformation = precision.map((row, i) => 0.5 * Math.log(row[i]));
  return { information, conditionalInformation, synergy: conditionalInformation.map((c, i) => c - information[i]) };
}

export interface LinearSet extends DataSet {
  /** A, [observed][sources]. */
  readonly mixing: Matrix;
  readonly noise: number;
  /** For normal sources; those here are uniform, of the same mean and variance. Absent where factors are restricted. */
  readonly exact?: GaussianAnswers & {
    /** Mean over the sources of the correlation between a source and the latent of the factorized optimum. */
    readonly meanCorrelation: number;
  };
}

/** A space of `count` sources with the same values. Throws InputError when there are more combinations than numbers for them. */
export function sourceSpace(count: number, values: readonly number[]): FactorSpace {
  const space = new FactorSpace(Array.from({ length: count }, (_, i) => ({ name: `source${i}`, values })));
  if (!(count >= 1 && space.count < 2 ** 32)) {
    throw new InputError(
      `${count} sources of ${values.length} levels make ${space.count} combinations, not 1 to 2^32 - 1`,
    );
  }
  return space;
}

/** `levels` equally spaced values with mean 0 and variance 1. */
export const standardLevels = (levels: number): number[] => {
  if (!(Number.isInteger(levels) && levels > 1)) throw new InputError(`levels is ${levels}; it must be at least 2`);
  const end = Math.sqrt((3 * (levels - 1)) / (levels + 1));
  return linspace(-end, end, levels);
};

/** Sources [..., sources] mixed: [..., observed]. `mixing` is [observed][sources]. */
export function mix(sources: Tensor, mixing: Matrix): Tensor {
  const [observed, count] = [mixing.length, mixing[0].length];
  const rows = sizeOf(sources.shape) / count;
  const weights = constant(Float32Array.from(transpose(mixing).flat()), [1, count, observed]);
  return reshape(matmul(reshape(sources, [1, rows, count]), weights), [...sources.shape.slice(0, -1), observed]);
}

/** Numbers of all sources, [..., sources], of the combinations `indices`. */
export const sourcesOf = (indices: Tensor, space: FactorSpace): Tensor =>
  factorNumbers(
    indices,
    space,
    space.factors.map(({ name }) => ({ factor: name, of: (value: number) => value })),
  );

/** Examples [observed]. Throws InputError for options that make no such set. */
export function linearGaussianMixture(options: LinearOptions = {}): LinearSet {
  refuseUnknown<LinearOptions>('linearGaussianMixture', options, {
    lengths: true,
    noise: true,
    observed: true,
    levels: true,
    factors: true,
    seed: true,
  });
  const { lengths = [3, 2, 1], noise = 0.5, observed = 20, levels = 32, seed = 0 } = options;
  if (!(noise > 0)) throw new InputError(`noise is ${noise}; it must be positive`);
  if (!Array.isArray(lengths))
    throw new InputError(`lengths is ${lengths}; it takes one for each source, such as 3,2,1`);
  if (lengths.some((length) => !(length > 0))) throw new InputError(`lengths are ${lengths}; they must be positive`);
  const factors = restrict(sourceSpace(lengths.length, standardLevels(levels)), options.factors);
  const directions = orthonormal(observed, lengths.length, seed);
  const mixing = directions.map((row) => row.map((x, i) => lengths[i] * x));
  const correlations = lengths.map((length) => length / Math.hypot(length, noise));
  return {
    name: 'linear',
    factors,
    shape: [observed],
    real: true,
    count: factors.count,
    mixing,
    noise,
    ...(options.factors === undefined
      ? {
          exact: {
            ...gaussianAnswers(mixing, noise),
            meanCorrelation: correlations.reduce((a, b) => a + b, 0) / lengths.length,
          },
        }
      : {}),
    batch(indices) {
      const mixed = mix(sourcesOf(indices, factors), mixing);
      const purpose = noisePurposes.observation;
      return add(mixed, mul(exampleNoise(indices, { kind: 'normal', seed, purpose, width: observed }), scalar(noise)));
    },
  };
}
