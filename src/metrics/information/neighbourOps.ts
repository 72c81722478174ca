// Nearest points and counts of points as ops, batched over problems: what every nearest-neighbour estimator needs on the GPU.
// Distances in max-norm are exact in f32 (a difference, an absolute value and a maximum), so kernels and references find the
// same neighbours and count the same on every adapter.

import {
  apply,
  call,
  defineOp,
  InputError,
  input,
  output,
  perThread,
  ShapeError,
  type Tensor,
  threadDispatches,
} from '../../engine';
import nearCountsKernel from '../../shaders/near_counts.wgsl';
import nearestPointsKernel from '../../shaders/nearest_points.wgsl';
import type { Reach } from './recipes';

/** The kernels keep the nearest in at most four vec4s. */
export const MAX_K = 16;
/** What it takes to meet another point in one coordinate, measured against a multiply-add. */
const OPERATIONS_PER_COORDINATE = 10;

/** Throws InputError where k neighbours cannot be kept, or are not there. */
export function checkNeighbours(points: number, k: number): void {
  if (!Number.isInteger(k) || k < 1 || k > MAX_K)
    throw new InputError(`k is ${k}; it must be a whole number from 1 to ${MAX_K}`);
  if (points <= k) throw new InputError(`${points} samples are too few for k = ${k}; there must be more than k`);
}

interface Search {
  /** Points of a problem; the stored stride may be larger. */
  readonly points: number;
  readonly k: number;
  /** The last row holds labels: only points of the same label are neighbours. */
  readonly labelled?: boolean;
}

/** The largest difference of two points in `count` rows of a problem from `first` on, as the kernels compute it. */
function distanceIn(
  data: ArrayLike<number>,
  stride: number,
  first: number,
  count: number,
  i: number,
  j: number,
): number {
  let largest = 0;
  for (let row = first * stride; row < (first + count) * stride; row += stride)
    largest = Math.max(largest, Math.abs(Math.fround(data[row + j] - data[row + i])));
  return largest;
}

export const nearestPointsRule = /* @__PURE__ */ defineOp<Search>({
  name: 'nearestPoints',
  infer([data], { points, k, labelled = false }) {
    if (
      data.shape.length !== 3 ||
      data.shape[2] % 4 !== 0 ||
      data.shape[2] < points ||
      data.shape[1] <= Number(labelled)
    ) {
      throw new ShapeError('nearestPoints', 'takes [problems, dimensions, stride], stride a multiple of 4', [
        data.shape,
      ]);
    }
    if (k > MAX_K || k >= points)
      throw new ShapeError('nearestPoints', `k = ${k} must be at most ${MAX_K} and below n`, [data.shape]);
    return { shape: [data.shape[0], points, k], dtype: 'u32' };
  },
  kernels([data], _output, { points, k, labelled = false }, tuning) {
    const [problems, rows, stride] = data.shape;
    const constants = { D: rows - Number(labelled), K: k, BLOCKS: Math.ceil(k / 4), LABELLED: Number(labelled) };
    return perThread(tuning, {
      kernel: nearestPointsKernel,
      constants,
      sizes: [points, stride],
      slots: [input(0), input(0), output],
      threads: problems * points,
      operations: points * rows * OPERATIONS_PER_COORDINATE,
    });
  },
  cpu: ([data], _output, { points, k, labelled = false }) =>
    call('nearest_points', [input(0), output], ...data.shape, points, k, Number(labelled)),
  gradient: { reason: 'indices are integers' },
  reference([data], result, { points, k, labelled = false }) {
    const [problems, rows, stride] = data.shape;
    const dimensions = rows - Number(labelled);
    for (let problem = 0; problem < problems; problem++) {
      const values = data.data.subarray(problem * rows * stride, (problem + 1) * rows * stride);
      const label = (i: number) => (labelled ? values[dimensions * stride + i] : 0);
      for (let i = 0; i < points; i++) {
        const d = Float32Array.from({ length: points }, (_, j) => distanceIn(values, stride, 0, dimensions, i, j));
        const others = Array.from(d.keys()).filter((j) => j !== i && label(j) === label(i));
        others.sort((a, b) => d[a] - d[b] || a - b);
        for (let j = 0; j < k; j++) result.data[(problem * points + i) * k + j] = others[j] ?? points;
      }
    }
  },
});

interface Counting extends Search {
  /** How many rows each variable has, in the order of the rows. */
  readonly dimensions: readonly number[];
  readonly reach: Reach;
  /** What is counted: one variable, or two at once, by index. */
  readonly counted: readonly (readonly number[])[];
}

const REACH: Record<Reach, number> = { inside: 0, tied: 1, projected: 2 };

/** The first row of each variable. */
const firstRows = (dimensions: readonly number[]): number[] =>
  dimensions.map((_, v) => dimensions.slice(0, v).reduce((sum, d) => sum + d, 0));

export const nearCountsRule = /* @__PURE__ */ defineOp<Counting>({
  name: 'nearCounts',
  operands: ['f32', 'u32'],
  infer([data, neighbours], { points, k, dimensions, counted }) {
    const used = dimensions.reduce((sum, d) => sum + d, 0);
    const [problems, rows, stride] = data.shape;
    if (data.shape.length !== 3 || stride % 4 !== 0 || used > rows || counted.some(({ length }) => length > 2)) {
      throw new ShapeError('nearCounts', 'takes [problems, dimensions, stride] and counts in one variable or two', [
        data.shape,
      ]);
    }
    const [p, n, each] = neighbours.shape;
    if (p !== problems || n !== points || each !== k)
      throw new ShapeError('nearCounts', 'the neighbours are not [problems, points, k]', [neighbours.shape]);
    return { shape: [problems, points, counted.length], dtype: 'u32' };
  },
  kernels([data], _output, { points, k, dimensions, reach, counted }, tuning) {
    const [problems, rows, stride] = data.shape;
    const first = firstRows(dimensions);
    const all = dimensions.reduce((sum, d) => sum + d, 0);
    return {
      dispatches: counted.flatMap(([a, b], column) => {
        const [inA, inB] = [dimensions[a], b === undefined ? 0 : dimensions[b]];
        return threadDispatches(tuning, {
          kernel: nearCountsKernel,
          constants: { K: k, D: all, A: inA, B: inB, REACH: REACH[reach] },
          sizes: [points, stride, rows, first[a], first[b] ?? 0, column, counted.length],
          slots: [input(0), input(0), input(1), output],
          threads: problems * points,
          operations: points * (inA + inB) * OPERATIONS_PER_COORDINATE,
        });
      }),
    };
  },
  cpu([data], _output, { points, k, dimensions, reach, counted }) {
    const first = firstRows(dimensions);
    const all = dimensions.reduce((sum, d) => sum + d, 0);
    return {
      calls: counted.map(([a, b], column) => ({
        kernel: 'near_counts',
        slots: [input(0), input(1), output],
        numbers: [
          ...[...data.shape, points, k, all],
          ...[first[a], dimensions[a], first[b] ?? 0, b === undefined ? 0 : dimensions[b]],
          ...[REACH[reach], column, counted.length],
        ],
      })),
    };
  },
  gradient: { reason: 'counts are integers' },
  reference([data, neighbours], result, { points, k, dimensions, reach, counted }) {
    const [problems, rows, stride] = data.shape;
    const first = firstRows(dimensions);
    const all = dimensions.reduce((sum, d) => sum + d, 0);
    for (let problem = 0; problem < problems; problem++) {
      const values = data.data.subarray(problem * rows * stride, (problem + 1) * rows * stride);
      for (let i = 0; i < points; i++) {
        const at = problem * points + i;
        const near = Array.from(neighbours.data.subarray(at * k, at * k + k)).filter((j) => j < points);
        const reachIn = (row: number, count: number) =>
          Math.max(0, ...near.map((j) => distanceIn(values, stride, row, count, i, j)));
        const shared = reachIn(0, all);
        const radius = dimensions.map((d, v) => (reach === 'projected' ? reachIn(first[v], d) : shared));
        for (const [column, variables] of counted.entries()) {
          let count = 0;
          for (let j = 0; j < points; j++) {
            const inside = variables.every((v) => {
              const d = distanceIn(values, stride, first[v], dimensions[v], i, j);
              if (reach === 'projected') return d <= radius[v];
              return d < radius[v] || (reach === 'tied' && d === 0);
            });
            if (j !== i && inside) count++;
          }
          result.data[at * counted.length + column] = count;
        }
      }
    }
  },
});

/** The k nearest other points: u32 [problems, points, k], nearest first; `points` where there are fewer. */
export const nearestPoints = (data: Tensor, options: Search): Tensor => apply(nearestPointsRule, [data], options);

/** Counts of other points within reach, given everyone's nearest: u32 [problems, points, counted]. */
export const nearCounts = (data: Tensor, neighbours: Tensor, options: Counting): Tensor =>
  apply(nearCountsRule, [data, neighbours], options);
