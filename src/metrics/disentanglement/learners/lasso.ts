// Lasso by coordinate descent (Friedman, Hastie & Tibshirani 2010), the optimum that scikit-learn's `Lasso(alpha)` looks for:
// 1 / (2 n) |y - X w|^2 + alpha |w|_1 with a free intercept. With few features the products X'X are all it needs.

import { InputError } from '../../../engine';
import { dot } from '../../../math/matrix';

/** A lasso, fitted. */
export interface Lasso {
  /** One weight a feature; exactly 0 where the penalty wins. */
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/** A sweep that moves no prediction by more than this share of the target's standard deviation is the last. */
const TOLERANCE = 1e-10;

/**
 * The lasso of `target` [n] on features [d][n]. A feature that does not vary gets the weight 0. Throws InputError for a
 * negative `alpha` or numbers of samples that differ.
 */
export function lasso(features: readonly ArrayLike<number>[], target: ArrayLike<number>, alpha: number): Lasso {
  if (!(alpha >= 0)) throw new InputError(`lasso: the penalty must be 0 or more, not ${alpha}`);
  const n = target.length;
  features.forEach((x, f) => {
    if (x.length !== n) throw new InputError(`lasso: feature ${f} has ${x.length} samples where the target has ${n}`);
  });
  const { mean: targetMean, centred: y } = centre(target);
  const columns = features.map(centre);
  const products = columns.map(({ centred: a }) => columns.map(({ centred: b }) => dot(a, b) / n));
  const withTarget = columns.map(({ centred }) => dot(centred, y) / n);
  const spread = Math.sqrt(dot(y, y) / n);
  const coefficients = new Float64Array(features.length);
  let moved = Number.POSITIVE_INFINITY;
  for (let sweep = 0; sweep < 100_000 && moved > TOLERANCE * spread; sweep++) {
    moved = 0;
    for (let f = 0; f < coefficients.length; f++) {
      const variance = products[f][f];
      if (!(variance > 0)) continue;
      let pull = withTarget[f];
      for (let g = 0; g < coefficients.length; g++) if (g !== f) pull -= products[f][g] * coefficients[g];
      const next = (Math.sign(pull) * Math.max(0, Math.abs(pull) - alpha)) / variance;
      moved = Math.max(moved, Math.abs(next - coefficients[f]) * Math.sqrt(variance));
      coefficients[f] = next;
    }
  }
  const intercept = columns.reduce((rest, { mean }, f) => rest - mean * coefficients[f], targetMean);
  return { coefficients, intercept };
}

function centre(values: ArrayLike<number>): { mean: number; centred: Float64Array } {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  return { mean, centred: Float64Array.from(values, (value) => value - mean) };
}
