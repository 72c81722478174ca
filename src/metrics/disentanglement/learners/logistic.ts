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

/** The largest entry of the gradient, a sample, at which the optimum counts as reached. */
const TOLERANCE = 1e-6;

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
    gradient.every((value, at) => Math.abs(value) * gradientScale[at % (d + 1)] <= TOLERANCE * n);
  const weights = lbfgs(evaluate, start, converged, maxIterations);
  const probabilitiesOf = (given: readonly ArrayLike<number>[]): Float64Array[] => {
    const centred = given.map((x, f) => Float64Array.from(x, (value) => (value - means[f]) / scales[f]));
    centred.push(new Float64Array(given[0].length).fill(columns[d][0]));
    const scores = rowsOf(rows, given[0].length);
    score(centred, weights, scores);
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

/** Writes the scores [row][n] of columns [d + 1][n] under weights [row][d + 1]; the last column is constant. */
function score(columns: readonly Float64Array[], weights: Float64Array, scores: readonly Float64Array[]): void {
  const last = columns.length - 1;
  scores.forEach((row, r) => {
    const at = r * columns.length;
    row.fill(weights[at + last] * columns[last][0]);
    for (let f = 0; f < last; f++) addScaled(row, columns[f], weights[at + f]);
  });
}

function addScaled(to: Float64Array, x: Float64Array, weight: number): void {
  for (let i = 0; i < to.length; i++) to[i] += weight * x[i];
}

/** The product of two vectors, in two chains of additions so that one need not wait for the other. */
function dot(a: Float64Array, b: Float64Array): number {
  let even = 0;
  let odd = 0;
  const pairs = a.length - (a.length % 2);
  for (let i = 0; i < pairs; i += 2) {
    even += a[i] * b[i];
    odd += a[i + 1] * b[i + 1];
  }
  return pairs < a.length ? even + odd + a[pairs] * b[pairs] : even + odd;
}

const rowsOf = (rows: number, n: number): Float64Array[] => Array.from({ length: rows }, () => new Float64Array(n));

/**
 * Turns scores [row][n] into probabilities in place. Given every sample's class, returns the summed -ln p(class); a single
 * row is the score of class 1 against 0.
 */
function logLikelihood(scores: readonly Float64Array[], index?: Int32Array): number {
  const n = scores[0].length;
  const alone = scores.length === 1;
  const top = new Float64Array(n).fill(alone ? 0 : Number.NEGATIVE_INFINITY);
  for (const row of scores) raise(top, row);
  let loss = 0;
  if (index !== undefined)
    for (let i = 0; i < n; i++) loss += top[i] - (alone ? (index[i] === 1 ? scores[0][i] : 0) : scores[index[i]][i]);
  const total = alone ? top.map((value) => Math.exp(-value)) : new Float64Array(n);
  for (const row of scores) exponentiate(row, top, total);
  for (const row of scores) divide(row, total);
  if (index !== undefined) for (let i = 0; i < n; i++) loss += Math.log(total[i]);
  return loss;
}

function raise(top: Float64Array, row: Float64Array): void {
  for (let i = 0; i < top.length; i++) if (row[i] > top[i]) top[i] = row[i];
}

function exponentiate(row: Float64Array, top: Float64Array, total: Float64Array): void {
  for (let i = 0; i < row.length; i++) total[i] += row[i] = Math.exp(row[i] - top[i]);
}

function divide(row: Float64Array, total: Float64Array): void {
  for (let i = 0; i < row.length; i++) row[i] /= total[i];
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
  const scores = rowsOf(rows, index.length);
  return {
    evaluate(weights, gradient) {
      score(columns, weights, scores);
      let loss = c * logLikelihood(scores, index);
      for (let row = 0; row < rows; row++) {
        const p = scores[row];
        const positive = rows === 1 ? 1 : row;
        for (let i = 0; i < p.length; i++) if (index[i] === positive) p[i] -= 1;
        columns.forEach((x, f) => {
          const at = row * width + f;
          gradient[at] = c * dot(p, x);
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
