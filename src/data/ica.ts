// `ica`: independent sources mixed without noise, x = A s with columns of A at any angle, or x = W2 tanh(W1 s). The sources
// can be had back: linearly up to order and scale when they are not normal (Comon 1994), not at all in general from the
// non-linear mixture (Hyvarinen & Pajunen 1999), which is what the second form is for.

import { InputError, tanh } from '../engine';
import { oneOf, refuseUnknown } from '../engine/options';
import { inverse, type Matrix, transpose } from '../math/matrix';
import type { DataSet } from './dataSet';
import { linspace } from './factors';
import { mix, sourceSpace, sourcesOf, standardLevels } from './linear';
import { orthonormal, randomMatrix } from './mixing';
import { type Restriction, restrict } from './restriction';

/** Of `ica`: how many sources there are, of what distribution, and how they are mixed. */
export interface IcaOptions {
  /** Number of sources, and of numbers observed. */
  readonly sources?: number;
  readonly levels?: number;
  /** `uniform` levels, or the `laplace` distribution's quantiles; variance about 1. */
  readonly distribution?: string;
  /** `linear`: A has random columns of length 1; `tanh`: W2 tanh(W1 s) with random orthogonal W. */
  readonly mixing?: string;
  readonly factors?: Restriction;
  readonly seed?: number;
}

export interface IcaSet extends DataSet {
  /** [observed][sources]; of the non-linear set W1 and W2. */
  readonly layers: readonly Matrix[];
  /** For the linear mixture the matrix that gives the sources back. */
  readonly unmixing?: Matrix;
}

/** Quantiles of the Laplace distribution of variance 1, in the middle of `levels` equal shares. */
const laplaceLevels = (levels: number): number[] =>
  linspace(-1 + 1 / levels, 1 - 1 / levels, levels).map((p) => (-Math.sign(p) * Math.log1p(-Math.abs(p))) / Math.SQRT2);

/** Examples [sources]. */
export function ica(options: IcaOptions = {}): IcaSet {
  refuseUnknown<IcaOptions>('ica', options, {
    sources: true,
    levels: true,
    distribution: true,
    mixing: true,
    factors: true,
    seed: true,
  });
  const { sources = 3, levels = 32, seed = 0 } = options;
  if (!(Number.isInteger(sources) && sources > 0)) throw new InputError(`sources is ${sources}; it must be at least 1`);
  const distribution = oneOf('distribution', options.distribution ?? 'uniform', ['uniform', 'laplace']);
  const kind = oneOf('mixing', options.mixing ?? 'linear', ['linear', 'tanh']);
  const values = standardLevels(levels);
  const factors = restrict(
    sourceSpace(sources, distribution === 'uniform' ? values : laplaceLevels(levels)),
    options.factors,
  );
  const columns = transpose(randomMatrix(sources, sources, seed)).map((column) => {
    const length = Math.hypot(...column);
    return column.map((x) => x / length);
  });
  const linear = transpose(columns);
  const layers = kind === 'linear' ? [linear] : [0, 1].map((layer) => orthonormal(sources, sources, seed, layer));
  return {
    name: kind === 'linear' ? 'ica' : 'ica-tanh',
    factors,
    shape: [sources],
    real: true,
    count: factors.count,
    layers,
    ...(kind === 'linear' ? { unmixing: inverse(linear) } : {}),
    batch(indices) {
      const mixed = mix(sourcesOf(indices, factors), layers[0]);
      return kind === 'linear' ? mixed : mix(tanh(mixed), layers[1]);
    },
  };
}
