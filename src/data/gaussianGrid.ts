// `grid`: latents drawn from a mixture of normal distributions whose means form a grid, one for each combination of two
// factors, as the aggregate posterior of a perfectly disentangled encoder would. With correlated noise it violates conditional
// independence by a known amount.

import { add, constant, InputError, matmul, reshape, sizeOf } from '../engine';
import { refuseUnknown } from '../engine/options';
import type { DataSet } from './dataSet';
import { exampleNoise, noisePurposes } from './exampleNoise';
import { factorNumbers } from './factorNumbers';
import { FactorSpace } from './factors';
import { standardLevels } from './linear';

/** Of `gaussianGrid`: the grid, the noise around it and how many examples are drawn. */
export interface GridOptions {
  /** Values of each factor: 4 by default. */
  readonly levels?: number;
  /** Standard deviation of the noise of each latent. */
  readonly noise?: number;
  /** Between the noises of the two latents. */
  readonly correlation?: number;
  /** Examples of each combination. */
  readonly draws?: number;
  readonly seed?: number;
}

export interface GridSet extends DataSet {
  /** The Cholesky factor of the noise's covariance, the same at all means. */
  readonly cholesky: readonly (readonly number[])[];
  /** Nats. Without correlation, the conditional information is the information, at all values of the other latent. */
  readonly exact: {
    /** I(z_i; x), by quadrature to about 1e-9. */
    readonly information: number;
    /** I(z_i; z_-i | x), which is also the total correlation of z given x. */
    readonly synergy: number;
  };
}

/** Examples [2]. */
export function gaussianGrid(options: GridOptions = {}): GridSet {
  refuseUnknown<GridOptions>('gaussianGrid', options, {
    levels: true,
    noise: true,
    correlation: true,
    draws: true,
    seed: true,
  });
  const { levels = 4, noise = 0.3, correlation = 0, draws = 256, seed = 0 } = options;
  if (!(noise > 0)) throw new InputError(`noise is ${noise}; it must be positive`);
  if (!(Math.abs(correlation) < 1)) throw new InputError(`correlation is ${correlation}; it must lie between -1 and 1`);
  if (!(Number.isInteger(draws) && draws > 0)) throw new InputError(`draws is ${draws}; it must be at least 1`);
  const values = standardLevels(levels);
  const names = ['a', 'b'];
  const factors = new FactorSpace(names.map((name) => ({ name, values })));
  const cholesky = [
    [noise, 0],
    [noise * correlation, noise * Math.sqrt(1 - correlation ** 2)],
  ];
  // Rows of noise times the transpose.
  const spread = [cholesky[0][0], cholesky[1][0], cholesky[0][1], cholesky[1][1]];
  return {
    name: 'grid',
    factors,
    shape: [2],
    real: true,
    count: factors.count * draws,
    combinationOf: (index) => index % factors.count,
    cholesky,
    exact: { information: mixtureInformation(values, noise), synergy: -0.5 * Math.log1p(-(correlation ** 2)) },
    batch(indices) {
      const means = factorNumbers(
        indices,
        factors,
        names.map((factor) => ({ factor, of: (value: number) => value })),
      );
      const normal = exampleNoise(indices, { kind: 'normal', seed, purpose: noisePurposes.observation, width: 2 });
      const rows = reshape(normal, [1, sizeOf(indices.shape), 2]);
      return add(means, reshape(matmul(rows, constant(Float32Array.from(spread), [1, 2, 2])), means.shape));
    },
  };
}

/** I(n; z) of z ~ N(means[n], deviation^2) with all n alike: the mixture's entropy by the trapezoid rule, less the noise's. */
function mixtureInformation(means: readonly number[], deviation: number): number {
  const reach = 10 * deviation;
  const [low, high] = [Math.min(...means) - reach, Math.max(...means) + reach];
  const step = deviation / 50;
  let entropy = 0;
  for (let z = low; z <= high; z += step) {
    const density =
      means.reduce((sum, mean) => sum + Math.exp(-0.5 * ((z - mean) / deviation) ** 2), 0) /
      (means.length * deviation * Math.sqrt(2 * Math.PI));
    if (density > 0) entropy -= density * Math.log(density) * step;
  }
  return entropy - 0.5 * Math.log(2 * Math.PI * Math.E * deviation ** 2);
}
