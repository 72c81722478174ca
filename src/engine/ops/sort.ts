// Sorting the rows of a tensor: a stable merge sort, as indices. Runs of length 1, 2, 4, ... are merged pairwise; in a
// merge every entry finds its own place by a binary search in the other run, so a pass is one dispatch without a barrier.

import mergePassKernel from '../../shaders/merge_pass.wgsl';
import { ShapeError } from '../errors';
import { input, output, type Plan, type Slot, scratch, threadDispatches } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { type Shape, sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { floatBits } from '../numeric';
import { gatherColumns } from './gatherColumns';
import { randomBits, type Stream } from './random';
import { slice } from './slice';
import { neg } from './unary';

const widthOf = (shape: Shape): number => shape[shape.length - 1];

/** What a step of a binary search takes, measured against a multiply-add. */
const SEARCH = 60;

/** Run lengths before each pass; one pass at least, which writes the indices. */
function runLengths(width: number): number[] {
  const runs = [1];
  while (2 * runs[runs.length - 1] < width) runs.push(2 * runs[runs.length - 1]);
  return runs;
}

/** Floats as integers of the same order: -Infinity < ... < -0 < 0 < ... < Infinity < NaN. */
function orderedBits(x: number): number {
  const bits = floatBits(x);
  return (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
}

export const argsortRule = /* @__PURE__ */ defineOp<null>({
  name: 'argsort',
  operands: 'any',
  infer([x]) {
    if (x.shape.length < 1) throw new ShapeError('argsort', 'takes rows [..., n]', [x.shape]);
    return { shape: x.shape, dtype: 'u32' };
  },
  kernels([x], { shape }, _options, tuning): Plan {
    const width = widthOf(shape);
    const passes = runLengths(width);
    const count = sizeOf(shape);
    // The passes alternate between the output and one scratch buffer, and end in the output.
    const place = (pass: number): Slot => ((passes.length - 1 - pass) % 2 === 0 ? output : scratch(0));
    return {
      dispatches: passes.flatMap((run, pass) =>
        threadDispatches(tuning, {
          kernel: mergePassKernel,
          constants: { FLOATS: x.dtype === 'f32' ? 1 : 0, FIRST: pass === 0 ? 1 : 0 },
          sizes: [width, run],
          slots: [input(0), pass === 0 ? input(0) : place(pass - 1), place(pass)],
          threads: count,
          operations: SEARCH * Math.log2(2 * run),
        }),
      ),
      scratch: passes.length > 1 ? [4 * count] : [],
    };
  },
  gradient: { reason: 'an order is made of whole numbers' },
  reference([x], result) {
    const width = widthOf(x.shape);
    const keys = x.dtype === 'f32' ? Uint32Array.from(x.data, orderedBits) : x.data;
    for (let row = 0; row < x.data.length; row += width) {
      const indices = Array.from({ length: width }, (_, i) => i);
      result.data.set(
        indices.sort((a, b) => keys[row + a] - keys[row + b] || a - b),
        row,
      );
    }
  },
});

/**
 * The indices that sort every row [..., n] of an f32 or u32 tensor in ascending order: u32 [..., n]. Equal entries keep
 * their order, -0 comes before 0, and NaN comes last.
 */
export const argsort = (x: Tensor): Tensor => apply(argsortRule, [x], null);

/** Every row [..., n] of an f32 tensor in ascending order; the gradient goes where the entries came from. */
export const sort = (x: Tensor): Tensor => gatherColumns(x, argsort(x));

/** The `k` largest entries of every row [..., n], largest first, and their indices: f32 and u32, both [..., k]. */
export function topK(x: Tensor, k: number): { values: Tensor; indices: Tensor } {
  const shape = [...x.shape.slice(0, -1), k];
  if (x.shape.length < 1 || !(k <= widthOf(x.shape))) {
    throw new ShapeError('topK', `there are no ${k} entries in a row`, [x.shape]);
  }
  const indices = slice(
    argsort(neg(x)),
    shape.map(() => 0),
    shape,
  );
  return { values: gatherColumns(x, indices), indices };
}

/**
 * A random order of 0 ... n - 1 for every replica, u32 [R, n]: the order of 32-bit random keys. Every permutation is equally
 * likely but for keys that coincide, which has a chance of about n^2 / 2^33.
 */
export const randomPermutation = (stream: Stream, purpose: number, n: number): Tensor =>
  argsort(randomBits(stream, purpose, [n]));
