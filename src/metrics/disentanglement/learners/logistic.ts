// Multinomial logistic regression with an L2 penalty, the optimum that scikit-learn's `LogisticRegression()` looks for:
// 1/2 |w|^2 + C sum of -ln p(label), the intercept not penalised; two classes have one score against 0. Minimised by L-BFGS
// (Liu & Nocedal 1989) on features that are centred and scaled so that every direction has a curvature of about 1. Samples
// are gone through in blocks whose scores stay in the cache, four features and two classes at a time, which stay in registers.

import { meanOf } from '../../../math/statistics';
import { largest, type PresentClasses, presentClasses } from './classes';
import { lbfgs } from './lbfgs';

/** Penalty and effort of the fit. */
export interface LogisticOptions {
  /** The inverse strength of the penalty. */
  readonly c: number;
  readonly maxIterations: number;
  /** The largest entry of the gradient, a sample, at which the optimum counts as reached. */
  readonly tolerance: number;
}

/** scikit-learn's C; it stops after 100 iterations, here the optimum is reached. */
export const logisticDefaults: LogisticOptions = { c: 1, maxIterations: 2000, tolerance: 1e-6 };

/** Multinomial logistic regression, fitted. */
export interface LogisticRegression {
  /** The class of every row of features [feature][row]. */
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
  const { c, maxIterations, tolerance } = { ...logisticDefaults, ...options };
  const present = presentClasses('logisticRegression', features, labels, classes);
  const { values, counts } = present;
  const n = labels.length;
  const d = features.length;
  const k = values.length;
  // Curvature of a weight: n variance / classes, and the penalty's 1 / c.
  const means = features.map(meanOf);
  const scales = features.map((x, f) => Math.sqrt(squares(x, means[f]) / k + 1 / c));
  const interceptScale = Math.sqrt(n / k);
  const columnsOf = (given: readonly ArrayLike<number>[]): Float64Array[] => {
    const count = given[0].length;
    const columns = given.map((x, f) => Float64Array.from(x, (value) => (value - means[f]) / scales[f]));
    columns.push(new Float64Array(count).fill(1 / interceptScale));
    const nothing = new Float64Array(count);
    while (columns.length % 4 > 0) columns.push(nothing);
    return columns;
  };
  const columns = columnsOf(features);
  const width = columns.length;
  const evaluate = objective(columns, present, scales, c);
  const start = new Float64Array(evened(k) * width);
  for (let row = 0; row < k; row++)
    start[row * width + d] = Math.log(counts[row] / (k === 2 ? counts[0] : n)) * interceptScale;
  const gradientScale = [...scales, interceptScale, ...new Array(width - d - 1).fill(0)];
  const converged = (gradient: Float64Array): boolean =>
    gradient.every((value, at) => Math.abs(value) * gradientScale[at % width] <= tolerance * n);
  const weights = lbfgs(evaluate, start, converged, maxIterations);
  const probabilitiesOf = (given: readonly ArrayLike<number>[]): Float64Array[] => {
    const inputs = columnsOf(given);
    const out = Array.from({ length: k }, () => new Float64Array(given[0].length));
    const block = blockOf(k);
    for (let from = 0; from < given[0].length; from += BLOCK) {
      const count = Math.min(BLOCK, given[0].length - from);
      score(inputs, weights, from, count, block.scores);
      toProbabilities(block, count);
      for (const [r, p] of out.entries()) p.set(block.scores[r].subarray(0, count), from);
    }
    return out;
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

function squares(x: ArrayLike<number>, mean: number): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += (x[i] - mean) ** 2;
  return total;
}

/** Samples of a block: the scores of 40 classes take 80 kB. */
const BLOCK = 256;

/**
 * Rows of weights and scores: one a class, and where that is odd one more, whose weights and scores stay 0, so that rows can
 * be worked on by twos. Of two classes the first row stays 0 too: the second is its score against it.
 */
const evened = (classes: number): number => classes + (classes % 2);

/** Room for what is worked out of a block of samples: scores [row][BLOCK], the largest of each sample, the sum over classes. */
interface Block {
  readonly classes: number;
  readonly scores: readonly Float64Array[];
  readonly top: Float64Array;
  readonly total: Float64Array;
}

const blockOf = (classes: number): Block => ({
  classes,
  scores: Array.from({ length: evened(classes) }, () => new Float64Array(BLOCK)),
  top: new Float64Array(BLOCK),
  total: new Float64Array(BLOCK),
});

/** Writes scores [row][count] of samples from `from` on, of columns [width][n] under weights [row][width]. */
function score(
  columns: readonly Float64Array[],
  weights: Float64Array,
  from: number,
  count: number,
  scores: readonly Float64Array[],
): void {
  const width = columns.length;
  for (const row of scores) row.fill(0);
  for (let r = 0; r < scores.length; r += 2)
    for (let f = 0; f < width; f += 4)
      addToTwo(scores[r], scores[r + 1], columns, f, weights, r * width + f, width, from, count);
}

function addToTwo(
  a: Float64Array,
  b: Float64Array,
  columns: readonly Float64Array[],
  f: number,
  weights: Float64Array,
  at: number,
  width: number,
  from: number,
  count: number,
): void {
  const [x0, x1, x2, x3] = [columns[f], columns[f + 1], columns[f + 2], columns[f + 3]];
  const [u0, u1, u2, u3] = [weights[at], weights[at + 1], weights[at + 2], weights[at + 3]];
  const next = at + width;
  const [v0, v1, v2, v3] = [weights[next], weights[next + 1], weights[next + 2], weights[next + 3]];
  for (let i = 0, n = from; i < count; i++, n++) {
    const y0 = x0[n];
    const y1 = x1[n];
    const y2 = x2[n];
    const y3 = x3[n];
    a[i] += u0 * y0 + u1 * y1 + (u2 * y2 + u3 * y3);
    b[i] += v0 * y0 + v1 * y1 + (v2 * y2 + v3 * y3);
  }
}

/** Adds the products of four columns with two rows [count] to their entries of the gradient. */
function dotTwo(
  gradient: Float64Array,
  at: number,
  width: number,
  a: Float64Array,
  b: Float64Array,
  columns: readonly Float64Array[],
  f: number,
  from: number,
  count: number,
): void {
  const [x0, x1, x2, x3] = [columns[f], columns[f + 1], columns[f + 2], columns[f + 3]];
  let [g0, g1, g2, g3, h0, h1, h2, h3] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0, n = from; i < count; i++, n++) {
    const p = a[i];
    const q = b[i];
    const y0 = x0[n];
    const y1 = x1[n];
    const y2 = x2[n];
    const y3 = x3[n];
    g0 += p * y0;
    g1 += p * y1;
    g2 += p * y2;
    g3 += p * y3;
    h0 += q * y0;
    h1 += q * y1;
    h2 += q * y2;
    h3 += q * y3;
  }
  gradient[at] += g0;
  gradient[at + 1] += g1;
  gradient[at + 2] += g2;
  gradient[at + 3] += g3;
  const next = at + width;
  gradient[next] += h0;
  gradient[next + 1] += h1;
  gradient[next + 2] += h2;
  gradient[next + 3] += h3;
}

/** Turns the scores of a block into probabilities in place. */
function toProbabilities({ classes, scores, top, total }: Block, count: number): void {
  top.set(scores[0]);
  total.fill(0);
  for (let r = 1; r < classes; r++) raise(top, scores[r], count);
  for (let r = 0; r < classes; r++) exponentiate(scores[r], top, total, count);
  for (let r = 0; r < classes; r++) divide(scores[r], total, count);
}

function raise(top: Float64Array, row: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) if (row[i] > top[i]) top[i] = row[i];
}

function exponentiate(row: Float64Array, top: Float64Array, total: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) total[i] += row[i] = Math.exp(row[i] - top[i]);
}

function divide(row: Float64Array, total: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) row[i] /= total[i];
}

/** The objective over weights [row][width], scaled as `columns` are, and its gradient. */
function objective(
  columns: readonly Float64Array[],
  { index, values }: PresentClasses,
  scales: readonly number[],
  c: number,
): (weights: Float64Array, gradient: Float64Array) => number {
  const width = columns.length;
  const block = blockOf(values.length);
  const { scores, top, total } = block;
  /** The summed -ln p(class) of a block; its scores become the derivatives by the scores. */
  const lossOf = (from: number, count: number): number => {
    let loss = 0;
    for (let i = 0; i < count; i++) loss -= scores[index[from + i]][i];
    toProbabilities(block, count);
    for (let i = 0; i < count; i++) {
      loss += top[i] + Math.log(total[i]);
      scores[index[from + i]][i] -= 1;
    }
    return loss;
  };
  return (weights, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let from = 0; from < index.length; from += BLOCK) {
      const count = Math.min(BLOCK, index.length - from);
      score(columns, weights, from, count, scores);
      loss += lossOf(from, count);
      for (let r = 0; r < scores.length; r += 2)
        for (let f = 0; f < width; f += 4)
          dotTwo(gradient, r * width + f, width, scores[r], scores[r + 1], columns, f, from, count);
    }
    loss *= c;
    for (let at = 0; at < gradient.length; at++) {
      gradient[at] *= c;
      const f = at % width;
      if (f >= scales.length) continue;
      const penalty = weights[at] / scales[f] ** 2;
      loss += (weights[at] * penalty) / 2;
      gradient[at] += penalty;
    }
    if (values.length === 2) gradient.fill(0, 0, width);
    return loss;
  };
}
