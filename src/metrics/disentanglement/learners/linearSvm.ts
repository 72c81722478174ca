// A linear support vector machine of one feature with the squared hinge, one class against the rest: the optimum that
// scikit-learn's `LinearSVC` (liblinear, Fan et al. 2008) looks for, with its two habits: the bias is the weight of a feature
// of value 1 and is penalised like the other, and the balanced weight of a class raises the cost of its own samples only,
// not of the rest. The loss is piecewise quadratic, so Newton's method ends after a few steps (Keerthi & DeCoste 2005); and
// the samples that count at a step are those on a half line, whose sums the sorted feature has ready.

import { presentClasses } from './classes';

/** Penalty and effort of the fit. */
export interface LinearSvmOptions {
  /** The cost of a margin that is not kept. */
  readonly c: number;
  /** Whether a class of n_c of n samples weighs n / (classes n_c). */
  readonly balanced: boolean;
}

/** What SAP uses in disentanglement_lib: `LinearSVC(C=0.01, class_weight='balanced')`. */
export const linearSvmDefaults: LinearSvmOptions = { c: 0.01, balanced: true };

/** The score of a class is `weight` x + `bias`. */
export interface Line {
  readonly weight: number;
  readonly bias: number;
}

/** Linear support vector machines, one against the rest, fitted. */
export interface LinearSvm {
  /** Of the classes that occur; of two classes the first has the line 0, and the second is told by the sign. */
  readonly lines: readonly Line[];
  /** The class of every row of one feature [row]. */
  predict(feature: ArrayLike<number>): Int32Array;
}

/**
 * A linear SVM for `labels` (whole numbers below `classes`) on one feature [n]. Throws InputError for labels of one class,
 * or what is not finite.
 */
export function linearSvm(
  feature: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  options: Partial<LinearSvmOptions> = {},
): LinearSvm {
  const { c, balanced } = { ...linearSvmDefaults, ...options };
  const { values, index, counts } = presentClasses('linearSvm', [feature], labels, classes);
  const costs = Array.from(counts, (count) => (balanced ? (c * labels.length) / (values.length * count) : c));
  const all: number[] = [];
  const ofClass: number[][] = Array.from(values, () => []);
  for (const i of Uint32Array.from(index.keys()).sort((a, b) => feature[a] - feature[b])) {
    all.push(feature[i]);
    ofClass[index[i]].push(feature[i]);
  }
  const everyone = sortedOf(all);
  const classed = ofClass.map(sortedOf);
  const lines =
    values.length === 2
      ? [{ weight: 0, bias: 0 }, oneAgainstRest(everyone, classed[1], costs[1], costs[0])]
      : classed.map((own, k) => oneAgainstRest(everyone, own, costs[k], c));
  return {
    lines,
    predict(given) {
      const predicted = new Int32Array(given.length);
      for (let i = 0; i < predicted.length; i++) predicted[i] = values[highest(lines, given[i])];
      return predicted;
    },
  };
}

/** The number of the line that is highest at x, the first of equals. */
function highest(lines: readonly Line[], x: number): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < lines.length; k++) {
    const score = lines[k].weight * x + lines[k].bias;
    if (score > most) {
      best = k;
      most = score;
    }
  }
  return best;
}

/** Ascending values, and for every place the sums of x and of x^2 over those before it. */
interface Sorted {
  readonly x: readonly number[];
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

function sortedOf(x: readonly number[]): Sorted {
  const sums = new Float64Array(x.length + 1);
  const squares = new Float64Array(x.length + 1);
  for (let i = 0; i < x.length; i++) {
    sums[i + 1] = sums[i] + x[i];
    squares[i + 1] = squares[i] + x[i] * x[i];
  }
  return { x, sums, squares };
}

/** Count, sum of x and sum of x^2. */
type Moments = readonly [number, number, number];

/** Of the values with slope x < bound. */
function momentsOfHalfLine({ x, sums, squares }: Sorted, slope: number, bound: number): Moments {
  const edge = slope === 0 ? (bound > 0 ? x.length : 0) : placeOf(x, bound / slope);
  const [from, to] = slope < 0 ? [edge, x.length] : [0, edge];
  return [to - from, sums[to] - sums[from], squares[to] - squares[from]];
}

/** How many of ascending values are less than `limit`. */
function placeOf(x: readonly number[], limit: number): number {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The loss with its first and second derivatives by weight (w) and bias (b). */
interface Quadratic {
  loss: number;
  w: number;
  b: number;
  ww: number;
  wb: number;
  bb: number;
}

/** Adds cost (1 - sign (weight x + bias))^2 over samples within the margin, whose moments these are. */
function addHinge(to: Quadratic, [n, sum, square]: Moments, line: Line, sign: number, cost: number): void {
  const slope = sign * line.weight;
  const room = 1 - sign * line.bias;
  to.loss += cost * (n * room * room - 2 * room * slope * sum + slope * slope * square);
  to.w -= 2 * cost * sign * (room * sum - slope * square);
  to.b -= 2 * cost * sign * (room * n - slope * sum);
  to.ww += 2 * cost * square;
  to.wb += 2 * cost * sum;
  to.bb += 2 * cost * n;
}

/** The line that minimises 1/2 (w^2 + b^2) + sum cost max(0, 1 - y (w x + b))^2, y = 1 for the class and -1 for the rest. */
function oneAgainstRest(all: Sorted, own: Sorted, cost: number, restCost: number): Line {
  const quadraticAt = (line: Line): Quadratic => {
    const { weight: w, bias: b } = line;
    const total: Quadratic = { loss: (w * w + b * b) / 2, w, b, ww: 1, wb: 0, bb: 1 };
    addHinge(total, momentsOfHalfLine(own, w, 1 - b), line, 1, cost);
    const near = momentsOfHalfLine(all, -w, 1 + b);
    const ownNear = momentsOfHalfLine(own, -w, 1 + b);
    const rest: Moments = [near[0] - ownNear[0], near[1] - ownNear[1], near[2] - ownNear[2]];
    addHinge(total, rest, line, -1, restCost);
    return total;
  };
  let line: Line = { weight: 0, bias: 0 };
  let here = quadraticAt(line);
  for (let iteration = 0; iteration < 100; iteration++) {
    const determinant = here.ww * here.bb - here.wb * here.wb;
    const step = {
      weight: (here.bb * here.w - here.wb * here.b) / determinant,
      bias: (here.ww * here.b - here.wb * here.w) / determinant,
    };
    let next = line;
    let there = here;
    // A full step unless the loss rises: the set within the margin changes only so often.
    for (let length = 1; length > 1e-10; length /= 2) {
      next = { weight: line.weight - length * step.weight, bias: line.bias - length * step.bias };
      there = quadraticAt(next);
      if (there.loss <= here.loss) break;
    }
    if (!(there.loss < here.loss)) return line;
    const done = here.loss - there.loss <= 1e-14 * here.loss;
    line = next;
    here = there;
    if (done) break;
  }
  return line;
}
