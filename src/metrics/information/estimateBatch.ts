// Every nearest-neighbour estimator on the GPU, for many problems of one size in one program: neighbours and counts there,
// in f32; formulas as in f64. Counts are exact for the f32 coordinates. Their rounding separates the two: little for continuous data,
// up to .1 nats for rounded ones, whose ties `estimate` keeps and f32 breaks.

import { constant, type Executor, InputError } from '../../engine';
import { digammaTable } from '../../math/digamma';
import type { EstimatorName } from './estimate';
import { entropyOf, fromCounts, type InformationEstimate, lncOf, onScaleOf, rossOf } from './estimators';
import { membersOf } from './labels';
import { singlePrecision } from './marginals';
import { checkNeighbours, nearCounts, nearestPoints } from './neighbourOps';
import { type Recipe, recipes } from './recipes';

/** One estimate that is wanted: samples of x, y and, for conditional information, z. */
export interface BatchProblem {
  /** x, y and what is given, as the estimator takes them: each a list of coordinates of n numbers. kl and ross take x alone. */
  readonly variables: readonly (readonly ArrayLike<number>[])[];
  /** For ross: the discrete variable. Every label must occur at least twice. */
  readonly labels?: ArrayLike<number>;
}

/** One estimate of a batch: nats, with its standard error where asked. */
export interface BatchEstimate extends InformationEstimate {
  /** About the largest value these n and k can give, psi(n) - psi(k) - 1/k; Infinity for an entropy. */
  readonly ceiling: number;
}

/** Of all estimates of a batch. */
export interface BatchOptions {
  /** Neighbours, 1 ... 16; 5 by default. */
  readonly k?: number;
  /** z-scores every coordinate first: the default. */
  readonly standardise?: boolean;
}

/** What is counted, and within what, by the estimator's name; kl needs the neighbours alone. */
const counting: Record<EstimatorName, Pick<Recipe, 'reach' | 'counted'>> = {
  ...recipes,
  lnc: recipes.ksg2,
  // Of one variable the neighbours' projection is the distance to the k-th itself.
  ross: { reach: 'projected', counted: () => [[0]] },
  kl: { reach: 'projected', counted: () => [] },
};

/**
 * The estimates of several problems of one size, nats; max-norm (an entropy is on the scale of the data). Throws InputError for fewer than k + 1 samples, k outside 1 ... 16, a coordinate that is constant or not finite,
 * problems of different sizes, or a label that occurs once.
 */
export async function estimateBatch(
  executor: Executor,
  name: EstimatorName,
  problems: readonly BatchProblem[],
  { k = 5, standardise = true }: BatchOptions = {},
): Promise<BatchEstimate[]> {
  const dimensions = problems[0].variables.map((variable) => variable.length);
  const points = problems[0].variables[0][0].length;
  checkNeighbours(points, k);
  const labelled = name === 'ross';
  const rows = dimensions.reduce((sum, d) => sum + d, 0) + Number(labelled);
  const stride = 4 * Math.ceil(points / 4);
  const values = new Float32Array(problems.length * rows * stride);
  for (const [p, problem] of problems.entries())
    for (const [row, column] of columnsOf(problem, p, dimensions, points, labelled, standardise).entries())
      values.set(column, (p * rows + row) * stride);

  const { reach, counted } = counting[name];
  const together = counted(dimensions.length);
  const data = constant(values, [problems.length, rows, stride]);
  const neighbours = nearestPoints(data, { points, k, labelled });
  const counts =
    together.length === 0
      ? neighbours
      : nearCounts(data, neighbours, { points, k, dimensions, reach, counted: together });
  const { neighbours: nearest, counts: number } = await executor.evaluate({ neighbours, counts });

  const psi = digammaTable(points);
  const ceiling = name === 'kl' ? Number.POSITIVE_INFINITY : psi[points] - psi[k] - 1 / k;
  return problems.map((problem, p) => {
    const column = (row: number) => {
      const at = (p * rows + row) * stride;
      return Float64Array.from(values.subarray(at, at + points));
    };
    const columns = Array.from({ length: rows - Number(labelled) }, (_, row) => column(row));
    const own = {
      columns,
      index: Int32Array.from(nearest.subarray(p * points * k, (p + 1) * points * k)),
      counts: together.map((_, c) =>
        Uint32Array.from({ length: points }, (__, i) => number[(p * points + i) * together.length + c]),
      ),
    };
    const found = finish(name, own, problem, k);
    return {
      ...(name === 'kl' && standardise
        ? onScaleOf(
            problem.variables[0].map((x) => Float64Array.from(x)),
            found,
          )
        : found),
      ceiling,
    };
  });
}

interface Found {
  readonly columns: readonly Float64Array[];
  readonly index: Int32Array;
  readonly counts: readonly Uint32Array[];
}

/** What the estimator makes of neighbours and counts. */
function finish(
  name: EstimatorName,
  { columns, index, counts }: Found,
  { labels }: BatchProblem,
  k: number,
): InformationEstimate {
  switch (name) {
    case 'kl': {
      const farthest = (i: number) =>
        Math.max(...columns.map((c) => Math.abs(Math.fround(c[index[i * k + k - 1]] - c[i]))));
      const distance = Float64Array.from(columns[0], (_, i) => farthest(i));
      return entropyOf(distance, columns.length, { k, metric: 'max' });
    }
    case 'ross':
      return rossOf(counts[0], Float64Array.from(labels ?? []), k);
    case 'lnc':
      return lncOf(fromCounts(recipes.ksg2, counts, k), columns, { index, k });
    default:
      return fromCounts(recipes[name], counts, k);
  }
}

/** A problem's rows as the ops take them, checked. */
function columnsOf(
  { variables, labels }: BatchProblem,
  p: number,
  dimensions: readonly number[],
  points: number,
  labelled: boolean,
  standardise: boolean,
): Float32Array[] {
  if (variables.length !== dimensions.length || variables.some((variable, v) => variable.length !== dimensions[v]))
    throw new InputError(`problem ${p} has other dimensions than problem 0`);
  const columns = variables.flat().map((column, d) => {
    if (column.length !== points)
      throw new InputError(`problem ${p}: coordinate ${d} has ${column.length} samples, not ${points}`);
    return singlePrecision(column, `problem ${p}, coordinate ${d}`, standardise);
  });
  if (!labelled) return columns;
  if (labels?.length !== points) throw new InputError(`problem ${p}: ross needs ${points} labels`);
  const members = membersOf(Float64Array.from(labels));
  for (const [label, own] of members)
    if (own.length === 1)
      throw new InputError(`problem ${p}: label ${label} occurs once; leave sample ${own[0] + 1} out`);
  // The kernel only asks whether labels are equal.
  const number = new Map([...members.keys()].map((label, at) => [label, at]));
  return [...columns, Float32Array.from(labels, (label) => number.get(label) ?? 0)];
}
