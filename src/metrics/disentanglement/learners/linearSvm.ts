// The linear support vector machine with the squared hinge, one class against the rest, bias penalised like a weight: the
// optimum of liblinear's L2R_L2LOSS_SVC (Fan et al. 2008), by Newton's method (Lin, Weng & Keerthi 2008).

const MAX_STEPS = 60;

/** Fits features [feature][sample] and labels 0 ... classes - 1. `balanced` weighs a class with the inverse of its share. */
export function linearSvm(
  features: readonly Float64Array[],
  labels: Int32Array,
  classes: number,
  options: { c?: number; balanced?: boolean } = {},
): { predict(features: readonly Float64Array[]): Int32Array } {
  const { c = 1, balanced = false } = options;
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label] += 1;
  const present = [...counts.keys()].filter((k) => counts[k] > 0);
  const weightOf = (k: number) => (balanced ? labels.length / (present.length * counts[k]) : 1);
  // Liblinear weighs only the class itself, not the rest, unless there are just two.
  const rest = (k: number) => (present.length === 2 ? weightOf(present[0] === k ? present[1] : present[0]) : 1);
  const planes = present.map((k) => separate(features, labels, k, c * weightOf(k), c * rest(k)));
  return {
    predict: (given) =>
      Int32Array.from({ length: given[0].length }, (_, n) => {
        const scores = planes.map((w) => given.reduce((total, row, j) => total + w[j] * row[n], w[given.length]));
        return present[scores.reduce((best, score, k) => (score > scores[best] ? k : best), 0)];
      }),
  };
}

/** Weights and, last, the bias of class k against the rest. */
function separate(
  features: readonly Float64Array[],
  labels: Int32Array,
  k: number,
  positive: number,
  negative: number,
): Float64Array {
  const width = features.length + 1;
  let w = new Float64Array(width);
  const x = new Float64Array(width).fill(1);
  const pass = (at: Float64Array, gradient: Float64Array, hessian: Float64Array): number => {
    let loss = 0;
    gradient.set(at);
    hessian.fill(0);
    for (let j = 0; j < width; j++) {
      loss += 0.5 * at[j] ** 2;
      hessian[j * width + j] = 1;
    }
    for (let n = 0; n < labels.length; n++) {
      const sign = labels[n] === k ? 1 : -1;
      let score = at[width - 1];
      for (let j = 0; j < width - 1; j++) {
        x[j] = features[j][n];
        score += at[j] * x[j];
      }
      const short = 1 - sign * score;
      if (short <= 0) continue;
      const cost = sign > 0 ? positive : negative;
      loss += cost * short * short;
      for (let j = 0; j < width; j++) {
        gradient[j] -= 2 * cost * sign * short * x[j];
        for (let i = 0; i <= j; i++) hessian[j * width + i] += 2 * cost * x[i] * x[j];
      }
    }
    return loss;
  };
  const gradient = new Float64Array(width);
  const hessian = new Float64Array(width * width);
  let loss = pass(w, gradient, hessian);
  for (let step = 0; step < MAX_STEPS; step++) {
    const direction = solve(hessian, gradient);
    const decrease = direction.reduce((total, d, j) => total + d * gradient[j], 0);
    if (decrease <= 1e-14 * loss) break;
    let next = w;
    let nextLoss = loss;
    for (let length = 1; length > 1e-6; length /= 2) {
      next = w.map((value, j) => value - length * direction[j]);
      nextLoss = pass(next, gradient, hessian);
      if (nextLoss <= loss - 1e-4 * length * decrease) break;
    }
    if (!(nextLoss < loss)) break;
    [w, loss] = [next, nextLoss];
  }
  return w;
}

/** Solves H d = g for a symmetric positive definite H whose lower triangle is given, by Cholesky. */
function solve(hessian: Float64Array, gradient: Float64Array): Float64Array {
  const width = gradient.length;
  const lower = hessian.slice();
  const d = gradient.slice();
  for (let j = 0; j < width; j++) {
    for (let i = 0; i <= j; i++) {
      let rest = lower[j * width + i];
      for (let h = 0; h < i; h++) rest -= lower[j * width + h] * lower[i * width + h];
      lower[j * width + i] = i === j ? Math.sqrt(rest) : rest / lower[i * width + i];
    }
    for (let i = 0; i < j; i++) d[j] -= lower[j * width + i] * d[i];
    d[j] /= lower[j * width + j];
  }
  for (let j = width - 1; j >= 0; j--) {
    for (let i = j + 1; i < width; i++) d[j] -= lower[i * width + j] * d[i];
    d[j] /= lower[j * width + j];
  }
  return d;
}
