// Multinomial logistic regression with an L2 penalty on the weights and none on the biases: minimises
// C * (sum of cross-entropies) + |W|^2 / 2 by L-BFGS (Liu & Nocedal 1989), to the optimum.

export interface LogisticModel {
  predict(features: readonly Float64Array[]): Int32Array;
  /** [class][sample]. */
  probabilities(features: readonly Float64Array[]): Float64Array[];
}

const MEMORY = 12;

/** Fits features [feature][sample] and labels 0 ... classes - 1. */
export function logisticRegression(
  features: readonly Float64Array[],
  labels: Int32Array,
  classes: number,
  options: { c?: number; maxIterations?: number } = {},
): LogisticModel {
  const { c = 1, maxIterations = 300 } = options;
  const width = features.length + 1;
  const count = labels.length;
  const scores = new Float64Array(classes);
  const evaluate = (w: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    let loss = 0;
    for (let n = 0; n < count; n++) {
      loss += softmaxAt(w, features, n, scores) - scoreAt(w, features, n, labels[n]);
      for (let k = 0; k < classes; k++) {
        const excess = scores[k] - (k === labels[n] ? 1 : 0);
        for (let j = 0; j < width - 1; j++) gradient[k * width + j] += excess * features[j][n];
        gradient[k * width + width - 1] += excess;
      }
    }
    loss *= c;
    for (let at = 0; at < w.length; at++) {
      gradient[at] *= c;
      if (at % width === width - 1) continue;
      gradient[at] += w[at];
      loss += 0.5 * w[at] * w[at];
    }
    return loss;
  };
  const w = minimise(evaluate, classes * width, maxIterations, 1e-7 * c * count);
  const probabilities = (given: readonly Float64Array[]): Float64Array[] => {
    const result = Array.from({ length: classes }, () => new Float64Array(given[0].length));
    for (let n = 0; n < given[0].length; n++) {
      softmaxAt(w, given, n, scores);
      for (let k = 0; k < classes; k++) result[k][n] = scores[k];
    }
    return result;
  };
  return {
    probabilities,
    predict: (given) => {
      const p = probabilities(given);
      return Int32Array.from({ length: given[0].length }, (_, n) =>
        p.reduce((best, row, k) => (row[n] > p[best][n] ? k : best), 0),
      );
    },
  };
}

function scoreAt(w: Float64Array, features: readonly Float64Array[], n: number, k: number): number {
  const width = features.length + 1;
  let score = w[k * width + width - 1];
  for (let j = 0; j < width - 1; j++) score += w[k * width + j] * features[j][n];
  return score;
}

/** Writes the class probabilities of sample n into `scores`; returns the log of their normaliser. */
function softmaxAt(w: Float64Array, features: readonly Float64Array[], n: number, scores: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < scores.length; k++) {
    scores[k] = scoreAt(w, features, n, k);
    largest = Math.max(largest, scores[k]);
  }
  let total = 0;
  for (let k = 0; k < scores.length; k++) {
    scores[k] = Math.exp(scores[k] - largest);
    total += scores[k];
  }
  for (let k = 0; k < scores.length; k++) scores[k] /= total;
  return largest + Math.log(total);
}

type Objective = (w: Float64Array, gradient: Float64Array) => number;

/** L-BFGS with a backtracking search, from 0 until no entry of the gradient exceeds `tolerance`. */
function minimise(evaluate: Objective, size: number, maxIterations: number, tolerance: number): Float64Array {
  let w = new Float64Array(size);
  let gradient = new Float64Array(size);
  let loss = evaluate(w, gradient);
  const history: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (gradient.every((g) => Math.abs(g) <= tolerance)) break;
    const direction = descent(gradient, history);
    const slope = dot(direction, gradient);
    let step = history.length === 0 ? 1 / Math.sqrt(dot(gradient, gradient)) : 1;
    const nextGradient = new Float64Array(size);
    let next = w;
    let nextLoss = Number.POSITIVE_INFINITY;
    for (; step > 1e-12; step /= 2) {
      next = w.map((value, i) => value + step * direction[i]);
      nextLoss = evaluate(next, nextGradient);
      if (nextLoss <= loss + 1e-4 * step * slope) break;
    }
    if (!(nextLoss < loss)) break;
    const s = next.map((value, i) => value - w[i]);
    const y = nextGradient.map((value, i) => value - gradient[i]);
    if (dot(s, y) > 0) history.push({ s, y, rho: 1 / dot(s, y) });
    if (history.length > MEMORY) history.shift();
    [w, gradient, loss] = [next, nextGradient, nextLoss];
  }
  return w;
}

function descent(gradient: Float64Array, history: { s: Float64Array; y: Float64Array; rho: number }[]): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas = history.map(() => 0);
  for (let h = history.length - 1; h >= 0; h--) {
    const { s, y, rho } = history[h];
    alphas[h] = rho * dot(s, q);
    for (let i = 0; i < q.length; i++) q[i] -= alphas[h] * y[i];
  }
  const last = history.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] *= scale;
  }
  for (const [h, { s, y, rho }] of history.entries()) {
    const beta = rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i] += (alphas[h] - beta) * s[i];
  }
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}
