// A linear support vector machine with the squared hinge, one class against the rest: the optimum that scikit-learn's
// `LinearSVC` (liblinear, Fan et al. 2008) looks for, with its two habits: the bias is the weight of a feature of value 1 and
// is penalised like the others, and the balanced weight of a class raises the cost of its own samples only, not of the rest.
// The loss is piecewise quadratic, so Newton's method ends after a few steps (Keerthi & DeCoste 2005).

import { largest, presentClasses } from './classes';

export interface LinearSvmOptions {
  /** The cost of a margin that is not kept. */
  readonly c: number;
  /** Whether a class of n_c of n samples weighs n / (classes n_c). */
  readonly balanced: boolean;
}

/** What SAP uses in disentanglement_lib: `LinearSVC(C=0.01, class_weight='balanced')`. */
export const linearSvmDefaults: LinearSvmOptions = { c: 0.01, balanced: true };

export interface LinearSvm {
  /** Weights [class][d + 1] of the classes that occur, the bias last; of two classes those of the second only. */
  readonly weights: readonly Float64Array[];
  predict(features: readonly ArrayLike<number>[]): Int32Array;
}

/**
 * A linear SVM for `labels` (whole numbers below `classes`) on features [d][n]. Throws InputError for labels of one class, or
 * what is not finite.
 */
export function linearSvm(
  features: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  classes: number,
  options: Partial<LinearSvmOptions> = {},
): LinearSvm {
  const { c, balanced } = { ...linearSvmDefaults, ...options };
  const { values, index, counts } = presentClasses('linearSvm', features, labels, classes);
  const costs = Array.from(counts, (count) => (balanced ? (c * labels.length) / (values.length * count) : c));
  const columns = withBias(features);
  const weights =
    values.length === 2
      ? [oneAgainstRest(columns, index, 1, costs[1], costs[0])]
      : Array.from(values, (_, k) => oneAgainstRest(columns, index, k, costs[k], c));
  return {
    weights,
    predict(given) {
      const all = withBias(given);
      const scores = weights.map((w) => decide(all, w));
      return largest(scores.length === 1 ? [new Float64Array(all[0].length), scores[0]] : scores, values);
    },
  };
}

const withBias = (features: readonly ArrayLike<number>[]): Float64Array[] => [
  ...features.map((x) => Float64Array.from(x)),
  new Float64Array(features[0].length).fill(1),
];

function decide(columns: readonly Float64Array[], weights: Float64Array): Float64Array {
  const scores = new Float64Array(columns[0].length);
  columns.forEach((x, f) => {
    for (let i = 0; i < scores.length; i++) scores[i] += weights[f] * x[i];
  });
  return scores;
}

/** The weights that minimise 1/2 |w|^2 + sum cost max(0, 1 - y w x)^2, y = 1 for class `k` and -1 for the rest. */
function oneAgainstRest(
  columns: readonly Float64Array[],
  index: Int32Array,
  k: number,
  cost: number,
  restCost: number,
): Float64Array {
  const n = index.length;
  const sign = Float64Array.from(index, (at) => (at === k ? 1 : -1));
  const lossOf = (weights: Float64Array, scores: Float64Array): number => {
    let loss = weights.reduce((total, w) => total + (w * w) / 2, 0);
    for (let i = 0; i < n; i++) {
      const lack = 1 - sign[i] * scores[i];
      if (lack > 0) loss += (sign[i] > 0 ? cost : restCost) * lack * lack;
    }
    return loss;
  };
  let weights: Float64Array = new Float64Array(columns.length);
  let scores = decide(columns, weights);
  let loss = lossOf(weights, scores);
  for (let iteration = 0; iteration < 100; iteration++) {
    const { gradient, hessian } = quadratic(columns, weights, scores, sign, cost, restCost);
    const step = solve(hessian, gradient);
    let length = 1;
    let next = weights;
    let nextLoss = loss;
    // A full step unless the loss rises: the active set changes only so often.
    for (; length > 1e-10; length /= 2) {
      next = weights.map((w, f) => w - length * step[f]);
      scores = decide(columns, next);
      nextLoss = lossOf(next, scores);
      if (nextLoss <= loss) break;
    }
    if (!(nextLoss < loss)) return weights;
    const done = loss - nextLoss <= 1e-14 * loss;
    weights = next;
    loss = nextLoss;
    if (done) break;
  }
  return weights;
}

/** Gradient and Hessian of the loss, whose samples within the margin are quadratic. */
function quadratic(
  columns: readonly Float64Array[],
  weights: Float64Array,
  scores: Float64Array,
  sign: Float64Array,
  cost: number,
  restCost: number,
): { gradient: Float64Array; hessian: Float64Array[] } {
  const d = columns.length;
  const gradient = weights.slice();
  const hessian = Array.from({ length: d }, (_, f) => new Float64Array(d).fill(1, f, f + 1));
  for (let i = 0; i < sign.length; i++) {
    const lack = 1 - sign[i] * scores[i];
    if (lack <= 0) continue;
    const twice = 2 * (sign[i] > 0 ? cost : restCost);
    for (let f = 0; f < d; f++) {
      const x = twice * columns[f][i];
      gradient[f] -= x * sign[i] * lack;
      const row = hessian[f];
      for (let g = 0; g <= f; g++) row[g] += x * columns[g][i];
    }
  }
  return { gradient, hessian };
}

/** The solution of a symmetric positive definite system of which the lower half is given, by L D L'; overwrites it. */
function solve(lower: Float64Array[], right: Float64Array): Float64Array {
  const d = right.length;
  const solution = right.slice();
  for (let j = 0; j < d; j++) {
    for (let i = j + 1; i < d; i++) {
      const ratio = lower[i][j] / lower[j][j];
      for (let m = i; m < d; m++) lower[m][i] -= ratio * lower[m][j];
      solution[i] -= ratio * solution[j];
    }
  }
  for (let i = d - 1; i >= 0; i--) {
    for (let m = i + 1; m < d; m++) solution[i] -= lower[m][i] * solution[m];
    solution[i] /= lower[i][i];
  }
  return solution;
}
