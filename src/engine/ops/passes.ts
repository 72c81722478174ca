// How reductions walk an axis. It is the middle one of [outer, length, inner]; a long axis with few results is cut into chunks
// and reduced twice. A thread walks a chunk in order, so the order of summation is fixed.

import type { Kernel } from '../../shaders/kernel';
import type { CpuPlan } from '../graph/cpuPlan';
import {
  type Dispatch,
  input,
  output,
  type Plan,
  rowDispatches,
  type Slot,
  SOFTWARE,
  scratch,
  type Tuning,
  threadDispatches,
} from '../graph/dispatch';
import { type Shape, sizeOf } from '../graph/shape';
import type { Data } from '../graph/tensor';
import { floatBits } from '../numeric';

/** A long axis is cut when there are fewer results than this, so that the passes have threads to share it. */
const ENOUGH_RESULTS = 256;
const CHUNK = 256;

/** The same on a GPU: threads that keep it busy, the shortest walk worth a thread, and the shortest row worth a workgroup. */
const ENOUGH_THREADS = 2 ** 14;
const WALK = 32;
const ROW = 1024;
/** Rows shorter than this are walked by a thread each: most of a workgroup's lanes would have nothing to do. */
const SHORT_ROW = 32;

/** What reading one element of a long walk costs, measured against an arithmetic operation. */
const READ = 40;

export interface Layout {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

export interface Pass extends Layout {
  readonly chunk: number;
}

export function layoutOf(shape: Shape, axis: number): Layout {
  return { outer: sizeOf(shape.slice(0, axis)), length: shape[axis], inner: sizeOf(shape.slice(axis + 1)) };
}

export const withoutAxis = (shape: Shape, axis: number): Shape => shape.map((n, i) => (i === axis ? 1 : n));

/** The passes over an axis: one, or chunks and then the chunks' results. */
export function reductionPasses(layout: Layout, { software }: Pick<Tuning, 'software'> = SOFTWARE): Pass[] {
  // Outer axes hold the replicas, which must not change how one of them is summed.
  const { length, inner } = layout;
  if (software) {
    if (inner >= ENOUGH_RESULTS || length <= 2 * CHUNK) return [{ ...layout, chunk: length }];
    return inTwo(layout, Math.max(CHUNK, Math.ceil(length / 1024)));
  }
  const [shortest, wanted] = inner === 1 ? [ROW, ENOUGH_THREADS / 64] : [WALK, ENOUGH_THREADS];
  if (2 * inner >= wanted || length <= 2 * shortest) return [{ ...layout, chunk: length }];
  return inTwo(layout, Math.max(shortest, Math.ceil((length * inner) / wanted)));
}

function inTwo(layout: Layout, chunk: number): Pass[] {
  const chunks = Math.ceil(layout.length / chunk);
  return [
    { ...layout, chunk },
    { ...layout, length: chunks, chunk: chunks },
  ];
}

export interface Reduction {
  readonly kernel: Kernel;
  /** The kernel that has a workgroup for each row. */
  readonly rows: Kernel;
  readonly constants?: Readonly<Record<string, number>>;
  /** Whether the kernel reads four results' elements at a time where it can. */
  readonly vectors: boolean;
  /** What the last result is multiplied by. */
  readonly scale?: number;
}

/** The dispatches of a reduction of operand 0 over an axis. */
export function reductionPlan(
  layout: Layout,
  { kernel, rows, constants, vectors, scale = 1 }: Reduction,
  tuning: Tuning,
): Plan {
  const passes = reductionPasses(layout, tuning);
  const partial = passes[0].outer * Math.ceil(passes[0].length / passes[0].chunk) * passes[0].inner;
  const dispatches = passes.flatMap((pass, i): Dispatch[] => {
    const last = i === passes.length - 1;
    const from: Slot = i === 0 ? input(0) : scratch(0);
    const to: Slot = last ? output : scratch(0);
    const chunks = Math.ceil(pass.length / pass.chunk);
    const results = pass.outer * chunks * pass.inner;
    // A GPU has more use of threads than of vectors: neighbours read neighbouring numbers in any case.
    const vector = vectors && pass.inner % 4 === 0 && (tuning.software || results >= 4 * ENOUGH_THREADS);
    const work = {
      constants,
      sizes: [pass.length, pass.inner, pass.chunk, chunks, floatBits(last ? scale : 1)],
      slots: [from, to],
      operations: READ * Math.min(pass.chunk, pass.length),
    };
    if (!tuning.software && pass.inner === 1 && pass.chunk >= SHORT_ROW)
      return rowDispatches(tuning, { ...work, kernel: rows, rows: pass.outer * chunks });
    return threadDispatches(tuning, {
      ...work,
      kernel,
      ...(vectors ? { flavour: vector ? 'vector' : 'scalar' } : {}),
      threads: results / (vector ? 4 : 1),
    });
  });
  return { dispatches, scratch: passes.length > 1 ? [4 * partial] : [] };
}

/** The calls of a reduction of operand 0 over an axis on the CPU, in the passes of the reference. */
export function reductionCalls(kernel: string, layout: Layout, scale = 1): CpuPlan {
  const passes = reductionPasses(layout);
  const [{ outer, length, inner, chunk }] = passes;
  const calls = passes.map((pass, i) => {
    const last = i === passes.length - 1;
    const slots = [i === 0 ? input(0) : scratch(0), last ? output : scratch(0)];
    return { kernel, slots, numbers: [pass.outer, pass.length, pass.inner, pass.chunk, last ? scale : 1] };
  });
  return { calls, scratch: passes.length > 1 ? [4 * outer * Math.ceil(length / chunk) * inner] : [] };
}

/** The reference of a reduction: `combine` sees the values of a chunk in order. */
export function reduceInPasses(
  from: Data,
  into: Data,
  layout: Layout,
  combine: (values: Float64Array) => number,
  scale = 1,
): void {
  let data: ArrayLike<number> = from;
  for (const { outer, length, inner, chunk } of reductionPasses(layout)) {
    const chunks = Math.ceil(length / chunk);
    const result = new Float64Array(outer * chunks * inner);
    const values = new Float64Array(chunk);
    for (let o = 0; o < outer; o++)
      for (let c = 0; c < chunks; c++)
        for (let i = 0; i < inner; i++) {
          const first = c * chunk;
          const count = Math.min(chunk, length - first);
          for (let l = 0; l < count; l++) values[l] = data[(o * length + first + l) * inner + i];
          result[(o * chunks + c) * inner + i] = combine(count === chunk ? values : values.subarray(0, count));
        }
    data = result;
  }
  for (let i = 0; i < into.length; i++) into[i] = data[i] * Math.fround(scale);
}
