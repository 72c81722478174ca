// Gradient boosted trees for classification (Friedman 2001), as scikit-learn's `GradientBoostingClassifier` fits them: one
// regression tree a class and stage on the gradient of the deviance, a Newton step in every leaf. DCI reads the importances.

import { Draw } from '../../information/draw';
import { largest, presentClasses } from './classes';
import { leafOf, type Tree, TreeGrower } from './regressionTree';

/** How trees are grown. */
export interface BoostingOptions {
  readonly stages: number;
  readonly learningRate: number;
  readonly depth: number;
  /** Of the order in which features are looked at, which decides between equally good splits. */
  readonly seed: number;
  /** Called after every stage with the share of the work that is done. */
  readonly onProgress?: (share: number) => void;
}

/** scikit-learn's defaults. */
export const boostingDefaults: BoostingOptions = { stages: 100, learningRate: 0.1, depth: 3, seed: 0 };

/** Boosted trees, fitted. */
export interface Boosting {
  /** Every feature's share of the decrease of squared error over all splits; sums to 1, or 0 when no tree ever split. */
  readonly importances: Float64Array;
  /** The class of every row of features [feature][row]. */
  predict(features: readonly ArrayLike<number>[]): Int32Array;
}

const PURPOSE = 7300;
/** The probability of a class at the start stays this far from 0 and 1: the precision of f32, as in scikit-learn. */
const CLIP = 2 ** -23;

/**
 * Boosted trees for `labels` (whole numbers below `classes`) from features [d][n]. Features are taken to f32, as the
 * reference does. Two classes need one tree a stage. Throws InputError for labels of one class, or what is not finite.
 */
export function boosting(
  features: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  classes: number,
  options: Partial<BoostingOptions> = {},
): Boosting {
  const { stages, learningRate, depth, seed, onProgress } = { ...boostingDefaults, ...options };
  const { values, index, counts } = presentClasses('boosting', features, labels, classes);
  const samples = labels.length;
  const prior = Array.from(counts, (count) => Math.min(1 - CLIP, Math.max(CLIP, count / samples)));
  // A row of raw scores for every class; of two classes, for the second only, against a score of 0 of the first.
  const rows = values.length === 2 ? 1 : values.length;
  const start = rows === 1 ? [Math.log(prior[1] / prior[0])] : prior.map(Math.log);
  const raw = start.map((value) => new Float64Array(samples).fill(value));
  const grower = new TreeGrower(
    features.map((x) => Float32Array.from(x)),
    depth,
    new Draw(seed, PURPOSE),
  );
  const trees: { tree: Tree; values: Float64Array }[] = [];
  const residual = new Float64Array(samples);
  for (let stage = 0; stage < stages; stage++) {
    const probability = probabilities(raw);
    for (let row = 0; row < rows; row++) {
      const positive = rows === 1 ? 1 : row;
      const p = probability[row];
      for (let i = 0; i < samples; i++) residual[i] = (index[i] === positive ? 1 : 0) - p[i];
      const tree = grower.grow(residual);
      const steps = leafSteps(grower, residual, p, rows === 1 ? 1 : (rows - 1) / rows, learningRate);
      const scores = raw[row];
      for (let i = 0; i < samples; i++) scores[i] += steps[grower.leaves[i]];
      trees.push({ tree, values: steps });
    }
    onProgress?.((stage + 1) / stages);
  }
  const total = grower.decrease.reduce((a, b) => a + b, 0);
  return {
    importances: grower.decrease.map((value) => (total > 0 ? value / total : 0)),
    predict(given) {
      const singles = given.map((x) => Float32Array.from(x));
      const scores = start.map((value) => new Float64Array(singles[0].length).fill(value));
      trees.forEach(({ tree, values: steps }, t) => {
        const row = scores[t % rows];
        for (let i = 0; i < row.length; i++) row[i] += steps[leafOf(tree, singles, i)];
      });
      return largest(rows === 1 ? [new Float64Array(scores[0].length), scores[0]] : scores, values);
    },
  };
}

/** Probabilities [row][n] of raw scores: a softmax over rows, or a sigmoid of the only one. */
function probabilities(raw: readonly Float64Array[]): Float64Array[] {
  if (raw.length === 1) return [raw[0].map((value) => 1 / (1 + Math.exp(-value)))];
  const out = raw.map((row) => new Float64Array(row.length));
  const samples = raw[0].length;
  const top = new Float64Array(samples).fill(Number.NEGATIVE_INFINITY);
  const sum = new Float64Array(samples);
  for (const row of raw) for (let i = 0; i < samples; i++) if (row[i] > top[i]) top[i] = row[i];
  raw.forEach((row, c) => {
    const p = out[c];
    for (let i = 0; i < samples; i++) sum[i] += p[i] = Math.exp(row[i] - top[i]);
  });
  for (const p of out) for (let i = 0; i < samples; i++) p[i] /= sum[i];
  return out;
}

/** The Newton step of every leaf, times the learning rate: sum of residuals over the sum of p (1 - p). */
function leafSteps(
  grower: TreeGrower,
  residual: Float64Array,
  p: Float64Array,
  share: number,
  learningRate: number,
): Float64Array {
  const numerator = new Float64Array(grower.nodes);
  const curvature = new Float64Array(grower.nodes);
  const { leaves } = grower;
  for (let i = 0; i < residual.length; i++) {
    numerator[leaves[i]] += residual[i];
    curvature[leaves[i]] += p[i] * (1 - p[i]);
  }
  return numerator.map((value, leaf) =>
    Math.abs(curvature[leaf]) < 1e-150 ? 0 : (learningRate * share * value) / curvature[leaf],
  );
}
