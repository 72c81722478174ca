// The neighbour counts behind KSG1 as an op, batched over problems. Distances in max-norm are exact in f32 (a difference,
// an absolute value and a maximum), so kernel and reference count the same on every adapter.

import { apply, InputError, type Rule, type Tensor } from '../../engine';
import { ShapeError } from '../../engine/errors';
import { chunks, input, output, workgroupsFor } from '../../engine/graph/dispatch';

interface Options {
  /** Points of a problem; the stored stride may be larger. */
  readonly points: number;
  /** How many of the dimensions are x. */
  readonly split: number;
  readonly k: number;
}

/** The kernel keeps the nearest distances in at most four vec4s. */
export const MAX_K = 16;
/** What it takes to meet another point, in both passes, measured against a multiply-add. */
const OPERATIONS_PER_COORDINATE = 20;

export const ksgCountsRule: Rule<Options> = {
  name: 'ksgCounts',
  infer([data], { points, split, k }) {
    if (data.shape.length !== 3 || data.shape[2] % 4 !== 0 || data.shape[2] < points || split >= data.shape[1]) {
      throw new ShapeError('ksgCounts', 'takes [problems, dimensions, stride], stride a multiple of 4', [data.shape]);
    }
    if (k > MAX_K || k >= points)
      throw new ShapeError('ksgCounts', `k = ${k} must be at most ${MAX_K} and below n`, [data.shape]);
    return { shape: [data.shape[0], points, 2], dtype: 'u32' };
  },
  kernels([data], _output, { points, split, k }) {
    const [problems, dimensions, stride] = data.shape;
    const constants = { BLOCKS: Math.ceil(k / 4), X: split, Y: dimensions - split };
    const parts = chunks(problems * points, points * dimensions * OPERATIONS_PER_COORDINATE);
    return {
      dispatches: parts.map(([first, count]) => ({
        kernel: 'ksg_counts',
        constants,
        sizes: [first + count, points, stride, k, first],
        slots: [input(0), input(0), output],
        workgroups: workgroupsFor(count),
      })),
    };
  },
  gradient: { reason: 'counts are integers' },
  reference([data], result, { points, split, k }) {
    const [problems, dimensions, stride] = data.shape;
    for (let problem = 0; problem < problems; problem++) {
      const coordinate = (dimension: number, i: number) => data.data[(problem * dimensions + dimension) * stride + i];
      const distance = (first: number, last: number, i: number, j: number): number => {
        let largest = 0;
        for (let d = first; d < last; d++)
          largest = Math.max(largest, Math.abs(Math.fround(coordinate(d, j) - coordinate(d, i))));
        return largest;
      };
      for (let i = 0; i < points; i++) {
        const others = Array.from({ length: points }, (_, j) => j).filter((j) => j !== i);
        const eps = others.map((j) => distance(0, dimensions, i, j)).sort((a, b) => a - b)[k - 1];
        const at = 2 * (problem * points + i);
        result.data[at] = others.filter((j) => distance(0, split, i, j) < eps).length;
        result.data[at + 1] = others.filter((j) => distance(split, dimensions, i, j) < eps).length;
      }
    }
  },
};

/** Throws InputError where k neighbours cannot be kept, or are not there. */
export function checkNeighbours(points: number, k: number): void {
  if (!Number.isInteger(k) || k < 1 || k > MAX_K)
    throw new InputError(`k is ${k}; it must be a whole number from 1 to ${MAX_K}`);
  if (points <= k) throw new InputError(`${points} samples are too few for k = ${k}; there must be more than k`);
}

interface PairOptions {
  readonly points: number;
  readonly k: number;
}

/** What a point met by four others takes, measured against a multiply-add. */
const OPERATIONS_PER_STEP = 60;

/** The same for pairs of numbers, each problem as `pairProblem` lays it out. */
export const ksgPairsRule: Rule<PairOptions> = {
  name: 'ksgPairs',
  infer([data], { points, k }) {
    if (data.shape.length !== 3 || data.shape[1] !== 4 || data.shape[2] < points || data.shape[2] % 4 !== 0) {
      throw new ShapeError('ksgPairs', 'takes [problems, 4, stride], stride a multiple of 4', [data.shape]);
    }
    if (k > MAX_K || k >= points)
      throw new ShapeError('ksgPairs', `k = ${k} must be at most ${MAX_K} and below n`, [data.shape]);
    return { shape: [data.shape[0], points, 2], dtype: 'u32' };
  },
  kernels([data], _output, { points, k }) {
    const [problems, , stride] = data.shape;
    const steps = Math.min(points, 4 * Math.sqrt(k * points));
    const blocks = Math.ceil(points / 4);
    return {
      dispatches: chunks(problems * blocks, steps * OPERATIONS_PER_STEP).map(([first, count]) => ({
        kernel: 'ksg_pairs',
        constants: { K: k },
        sizes: [first + count, points, stride, first],
        slots: [input(0), input(0), output],
        workgroups: workgroupsFor(count),
      })),
    };
  },
  gradient: { reason: 'counts are integers' },
  reference([data], result, { points, k }) {
    const stride = data.shape[2];
    for (let problem = 0; problem < data.shape[0]; problem++) {
      const row = (r: number) => data.data.subarray((4 * problem + r) * stride, (4 * problem + r) * stride + points);
      const [x, y] = [row(0), row(1)];
      for (let i = 0; i < points; i++) {
        const gap = (values: ArrayLike<number>, j: number) => Math.abs(Math.fround(values[j] - values[i]));
        const others = Array.from({ length: points }, (_, j) => j).filter((j) => j !== i);
        const eps = others.map((j) => Math.max(gap(x, j), gap(y, j))).sort((a, b) => a - b)[k - 1];
        const at = 2 * (problem * points + i);
        result.data[at] = others.filter((j) => gap(x, j) < eps).length;
        result.data[at + 1] = others.filter((j) => gap(y, j) < eps).length;
      }
    }
  },
};

/** Counts as `ksgCounts`, in the order of x: u32 [problems, points, 2]. */
export const ksgPairs = (data: Tensor, options: PairOptions): Tensor => apply(ksgPairsRule, [data], options);

/** Counts u32 [problems, points, 2] of points strictly nearer than the k-th neighbour, in x and in y. */
export const ksgCounts = (data: Tensor, options: Options): Tensor => apply(ksgCountsRule, [data], options);
