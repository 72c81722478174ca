// Multinomial logistic regression with an L2 penalty, the optimum that scikit-learn's `LogisticRegression()` looks for:
// 1/2 |w|^2 + C sum of -ln p(label), the intercept not penalised; two classes have one score against 0. Minimised by L-BFGS
// (Liu & Nocedal 1989) on features that are centred and scaled so that every direction has a curvature of about 1.

import { largest, type PresentClasses, presentClasses } from './classes';
import { lbfgs } from './lbfgs';

export interface LogisticOptions {
  /** The inverse strength of the penalty. */
  readonly c: number;
  readonly maxIterations: number;
}

/** scikit-learn's C; it stops after 100 iterations, here the optimum is reached. */
export const logisticDefaults: LogisticOptions = { c: 1, maxIterations: 2000 };

/** The largest entry of the gradient at which the optimum counts as reached: scikit-learn's tolerance. */
const TOLERANCE = 1e-4;

export interface LogisticRegression {
  predict(features: readonly ArrayLike<number>[]): Int32Array;
  /** Probabilities [class][n]; 0 for a class that the training labels lack. */
  probabilities(features: readonly ArrayLike<number>[]): Float64Array[];
}

/**
 * Logistic regression of `labels` (whole numbers below `classes`) on features [d][n]. Throws InputError for labels of one
 * class, or what is not finite.
 */
export function logisticRegression(
  features: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  classes: number,
  options: Partial<LogisticOptions> = {},
): LogisticRegression {
  const { c, maxIterations } = { ...logisticDefaults, ...options };
  const present = presentClasses('logisticRegression', features, labels, classes);
  const { values, counts } = present;
  const n = labels.length;
  const d = features.length;
  const rows = values.length === 2 ? 1 : values.length;
  // Column d is the intercept: a feature of value 1. Curvature of a weight: n variance / classes, and the penalty's 1 / c.
  const means = features.map((x) => sum(x) / n);
  const scales = features.map((x, f) => Math.sqrt(squares(x, means[f]) / values.length + 1 / c));
  const columns = features.map((x, f) => Float64Array.from(x, (value) => (value - means[f]) / scales[f]));
  columns.push(new Float64Array(n).fill(1 / Math.sqrt(n / values.length)));
  const gradientScale = [...scales, Math.sqrt(n / values.length)];
  const { evaluate } = objective(columns, present, scales, c, rows);
  const start = new Float64Array(rows * (d + 1));
  for (let row = 0; row < rows; row++)
    start[row * (d + 1) + d] = Math.log(rows === 1 ? counts[1] / counts[0] : counts[row] / n) * gradientScale[d];
  const converged = (gradient: Float64Array): boolean =>
    gradient.every((value, at) => Math.abs(value) * gradientScale[at % (d + 1)] <= TOLERANCE);
  const weights = lbfgs(evaluate, start, converged, maxIterations);
  const probabilitiesOf = (given: readonly ArrayLike<number>[]): Float64Array[] => {
    const centred = given.map((x, f) => Float64Array.from(x, (value) => (value - means[f]) / scales[f]));
    centred.push(new Float64Array(given[0].length).fill(columns[d][0]));
    const scores = scoresOf(centred, weights, rows);
    logLikelihood(scores);
    return rows === 1 ? [scores[0].map((p) => 1 - p), scores[0]] : scores;
  };
  return {
    predict: (given) => largest(probabilitiesOf(given), values),
    probabilities(given) {
      const out: Float64Array[] = Array.from({ length: classes }, () => new Float64Array(given[0].length));
      probabilitiesOf(given).forEach((p, at) => {
        out[values[at]] = p;
      });
      return out;
    },
  };
}

const sum = (x: ArrayLike<number>): number => Array.prototype.reduce.call(x, (a, b) => a + b, 0) as number;

function squares(x: ArrayLike<number>, mean: number): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += (x[i] - mean) ** 2;
  return total;
}

/** Scores [row][n] of columns [d + 1][n] under weights [row][d + 1]. */
function scoresOf(columns: readonly Float64Array[], weights: Float64Array, rows: number): Float64Array[] {
  const n = columns[0].length;
  return Array.from({ length: rows }, (_, row) => {
    const scores = new Float64Array(n);
    columns.forEach((x, f) => {
      const w = weights[row * columns.length + f];
      for (let i = 0; i < n; i++) scores[i] += w * x[i];
    });
    return scores;
  });
}

/**
 * Turns scores [row][n] into probabilities in place. Given every sample's class, returns the summed -ln p(class); a single
 * row is the score of class 1 against 0.
 */
function logLikelihood(scores: readonly Float64Array[], index?: Int32Array): number {
  const n = scores[0].length;
  const alone = scores.length === 1;
  const top = new Float64Array(n).fill(alone ? 0 : Number.NEGATIVE_INFINITY);
  for (const row of scores) for (let i = 0; i < n; i++) if (row[i] > top[i]) top[i] = row[i];
  let loss = 0;
  if (index !== undefined)
    for (let i = 0; i < n; i++) loss += top[i] - (alone ? (index[i] === 1 ? scores[0][i] : 0) : scores[index[i]][i]);
  const total = alone ? top.map((value) => Math.exp(-value)) : new Float64Array(n);
  for (const row of scores) for (let i = 0; i < n; i++) total[i] += row[i] = Math.exp(row[i] - top[i]);
  for (const row of scores) for (let i = 0; i < n; i++) row[i] /= total[i];
  if (index !== undefined) for (let i = 0; i < n; i++) loss += Math.log(total[i]);
  return loss;
}

/** The objective over C and its gradient: scaling by C keeps the curvature near 1. */
function objective(
  columns: readonly Float64Array[],
  { index }: PresentClasses,
  scales: readonly number[],
  c: number,
  rows: number,
): { evaluate(weights: Float64Array, gradient: Float64Array): number } {
  const width = columns.length;
  return {
    evaluate(weights, gradient) {
      const scores = scoresOf(columns, weights, rows);
      let loss = c * logLikelihood(scores, index);
      for (let row = 0; row < rows; row++) {
        const p = scores[row];
        const positive = rows === 1 ? 1 : row;
        for (let i = 0; i < p.length; i++) if (index[i] === positive) p[i] -= 1;
        columns.forEach((x, f) => {
          let slope = 0;
          for (let i = 0; i < p.length; i++) slope += p[i] * x[i];
          const at = row * width + f;
          gradient[at] = c * slope;
          if (f < scales.length) {
            const penalty = weights[at] / scales[f] ** 2;
            loss += (weights[at] * penalty) / 2;
            gradient[at] += penalty;
          }
        });
      }
      return loss;
    },
  };
}
