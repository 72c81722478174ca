// KSG1 for many pairs of numbers at once on the GPU, and the permutation test that needs it: all surrogates are problems of
// one batch.

import {
  apply,
  call,
  constant,
  defineOp,
  type Executor,
  input,
  output,
  perThread,
  type Shape,
  ShapeError,
  type Tensor,
} from '../../engine';
import { digammaTable } from '../../math/digamma';
import ksgPairsKernel from '../../shaders/ksg_pairs.wgsl';
import type { Draw } from './draw';
import { singlePrecision } from './marginals';
import { checkNeighbours, MAX_K } from './neighbourOps';

const STRIDE = 4;

/** The rows of one problem: x ascending, y in that order, the places of those y among all, and y ascending. */
export type PairProblem = readonly [x: Float32Array, y: Float32Array, place: Float32Array, ascending: Float32Array];

interface PairOptions {
  readonly points: number;
  readonly k: number;
}

/** What a point met by four others takes, measured against a multiply-add. */
const OPERATIONS_PER_STEP = 60;

/** The counts of KSG1 for pairs of numbers, each problem as `pairProblem` lays it out. */
export const ksgPairsRule = /* @__PURE__ */ defineOp<PairOptions>({
  name: 'ksgPairs',
  infer([data], { points, k }) {
    if (data.shape.length !== 3 || data.shape[1] !== 4 || data.shape[2] < points || data.shape[2] % 4 !== 0) {
      throw new ShapeError('ksgPairs', 'takes [problems, 4, stride], stride a multiple of 4', [data.shape]);
    }
    if (k > MAX_K || k >= points)
      throw new ShapeError('ksgPairs', `k = ${k} must be at most ${MAX_K} and below n`, [data.shape]);
    return { shape: [data.shape[0], points, 2], dtype: 'u32' };
  },
  kernels([data], _output, { points, k }, tuning) {
    const [problems, , stride] = data.shape;
    const steps = Math.min(points, 4 * Math.sqrt(k * points));
    return perThread(tuning, {
      kernel: ksgPairsKernel,
      constants: { K: k },
      sizes: [points, stride],
      slots: [input(0), input(0), output],
      threads: problems * Math.ceil(points / 4),
      operations: steps * OPERATIONS_PER_STEP,
    });
  },
  cpu: ([data], _output, { points, k }) =>
    call('ksg_pairs', [input(0), output], data.shape[0], data.shape[2], points, k),
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
});

/** Points strictly nearer than the k-th neighbour in x, and in y, in the order of x: u32 [problems, points, 2]. */
export const ksgPairs = (data: Tensor, options: PairOptions): Tensor => apply(ksgPairsRule, [data], options);

/** Indices that sort values; equal values by index. */
const orderOf = (values: Float32Array): Int32Array =>
  Int32Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b] || a - b);

/** A loop: `Float32Array.from` with a function is twenty times slower, and a batch of surrogates does this 400 times. */
function inOrder(values: Float32Array, order: Int32Array): Float32Array {
  const result = new Float32Array(order.length);
  for (let i = 0; i < order.length; i++) result[i] = values[order[i]];
  return result;
}

/** Two samples as a problem for `ksgOfPairs`. */
export function pairProblem(x: Float32Array, y: Float32Array): PairProblem {
  const place = new Float32Array(y.length);
  for (const [at, i] of orderOf(y).entries()) place[i] = at;
  const order = orderOf(x);
  return [inOrder(x, order), inOrder(y, order), inOrder(place, order), Float32Array.from(y).sort()];
}

/** Problems of equal size as a tensor [problems, 4, stride], stride a multiple of 4. */
export function pairData(problems: readonly PairProblem[]): { data: Float32Array<ArrayBuffer>; shape: Shape } {
  const stride = STRIDE * Math.ceil(problems[0][0].length / STRIDE);
  const data = new Float32Array(problems.length * 4 * stride);
  for (const [p, rows] of problems.entries())
    for (const [row, values] of rows.entries()) data.set(values, (4 * p + row) * stride);
  return { data, shape: [problems.length, 4, stride] };
}

/** I(X; Y) of every problem, nats, KSG1; all problems have as many points. Throws InputError for k outside 1 ... 16. */
export async function ksgOfPairs(executor: Executor, problems: readonly PairProblem[], k = 5): Promise<Float64Array> {
  const points = problems[0][0].length;
  checkNeighbours(points, k);
  const { data, shape } = pairData(problems);
  const counts = ksgPairs(constant(data, shape), { points, k });
  const { counts: values } = await executor.evaluate({ counts });
  const psi = digammaTable(points + 1);
  return Float64Array.from(problems, (_, p) => {
    let total = 0;
    for (let i = 2 * p * points; i < 2 * (p + 1) * points; i++) total += psi[values[i] + 1];
    return psi[k] + psi[points] - total / points;
  });
}

/**
 * KSG1 of two columns and its permutation p-value (1 + surrogates at least as large) / (1 + surrogates), with the estimate
 * and every surrogate in one batch. Columns are z-scored. Throws InputError as `estimateBatch`.
 */
export async function permutationTestOfPairs(
  executor: Executor,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: { readonly surrogates: number; readonly k?: number; readonly draw: Draw },
): Promise<{ nats: number; pValue: number; surrogates: Float64Array }> {
  const [first, second, place, ascending] = pairProblem(singlePrecision(x, 'x'), singlePrecision(y, 'y'));
  const shuffled = Array.from({ length: options.surrogates }, (): PairProblem => {
    const order = options.draw.permutation(second.length);
    return [first, inOrder(second, order), inOrder(place, order), ascending];
  });
  const own: PairProblem = [first, second, place, ascending];
  const [nats, ...surrogates] = await ksgOfPairs(executor, [own, ...shuffled], options.k);
  const atLeast = surrogates.filter((value) => value >= nats).length;
  return { nats, pValue: (1 + atLeast) / (1 + surrogates.length), surrogates: Float64Array.from(surrogates) };
}
