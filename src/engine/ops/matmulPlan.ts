// Which kernel multiplies two matrices, as pure functions that a test, a benchmark or a tuning can force. All variants but
// the split one sum in the order of k, so the choice among them never changes a bit.

import type { Flavour, Kernel } from '../../shaders/kernel';
import matmul4x4 from '../../shaders/matmul_4x4.wgsl';
import matmul8x8 from '../../shaders/matmul_8x8.wgsl';
import matmul16x8 from '../../shaders/matmul_16x8.wgsl';
import matmul16x16 from '../../shaders/matmul_16x16.wgsl';
import matmulCombineKernel from '../../shaders/matmul_combine.wgsl';
import {
  chunks,
  type Dispatch,
  input,
  MAX_WORKGROUPS,
  output,
  type Plan,
  type Slot,
  scratch,
  type Tuning,
  threadDispatches,
} from '../graph/dispatch';
import { arenaLayout } from './arenaLayout';

/** C [batches, m, n] = A [batches, m, k] B [batches, k, n]. */
export interface Problem {
  readonly batches: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** How a variant divides the work: a thread computes `rows` x `columns` of C, a workgroup is `down` x `across` threads. */
interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly down: number;
  readonly across: number;
  readonly kernel: Kernel;
  /** The workgroup's size is in the kernel's text, not in its constants. */
  readonly fixed?: boolean;
}

const tiles = {
  // Four threads side by side are what a software adapter runs at once: they share the rows of A.
  '4x4': { rows: 4, columns: 4, down: 1, across: 4, kernel: matmul4x4 },
  '8x8': { rows: 8, columns: 8, down: 1, across: 4, kernel: matmul8x8 },
  '16x8': { rows: 16, columns: 8, down: 1, across: 4, kernel: matmul16x8, fixed: true },
  '16x16': { rows: 16, columns: 16, down: 1, across: 4, kernel: matmul16x16, fixed: true },
  // Tiles that fit a GPU's registers, in workgroups that fill its lanes: 4x4 in 8x8 threads is what serves all vendors well.
  'gpu-4x4': { rows: 4, columns: 4, down: 8, across: 8, kernel: matmul4x4 },
  'gpu-8x8': { rows: 8, columns: 8, down: 8, across: 8, kernel: matmul8x8 },
  // The same over slices of k, then the sum of the slices: for few results of long sums.
  'gpu-split': { rows: 4, columns: 4, down: 8, across: 8, kernel: matmul4x4 },
} as const satisfies Record<string, Tile>;

/** Names of the kernels of a matrix product. */
export type Variant = keyof typeof tiles;

export const variants = Object.keys(tiles) as Variant[];

/** Variants that give the same bits as each other and as the reference's plain loop. */
export const exactVariants = variants.filter((variant) => variant !== 'gpu-split');

/** Made for GPUs: they lose by far on a software adapter. */
export const isForGpu = (variant: Variant): boolean => variant.startsWith('gpu-');

/** `vector` loads four floats at a time and needs all sizes to be multiples of 4. */
export const flavourOf = ({ m, n, k }: Problem): Flavour =>
  m % 4 === 0 && n % 4 === 0 && k % 4 === 0 ? 'vector' : 'scalar';

/**
 * Time of a multiply-add by each tile, relative to the largest, on a software adapter (`unweave bench --filter 'matmul/*'`):
 * a larger tile loads less for each.
 */
const effort: Partial<Record<Variant, number>> = { '16x16': 1, '16x8': 1.3, '8x8': 1.5, '4x4': 2.2 };

/** Workgroups that run at once on a software adapter: more than a few cores make no difference to the choice. */
const AT_ONCE = 2;

/** Workgroups that keep a GPU busy. */
const ENOUGH_WORKGROUPS = 256;
/** Half of them, below which a long sum is worth two passes. */
const FEW_WORKGROUPS = ENOUGH_WORKGROUPS / 2;
/** Slices of k are not shorter than this. */
const SHORTEST_SLICE = 64;

/** Rows and columns of C that a workgroup computes. */
function workgroupSize(variant: Variant): [number, number] {
  const { rows, columns, down, across } = tiles[variant];
  return [rows * down, columns * across];
}

/** Work of a variant, counting what lies beyond the edges of C and cores that have nothing to do. */
function cost({ batches, m, n }: Problem, variant: Variant): number {
  const [height, width] = workgroupSize(variant);
  const [down, across] = [Math.ceil(m / height), Math.ceil(n / width)];
  const idle = Math.max(1, AT_ONCE / (batches * down * across));
  return down * height * across * width * (effort[variant] ?? Number.POSITIVE_INFINITY) * idle;
}

const alone = (problem: Problem): Problem => ({ ...problem, batches: 1 });

/** Workgroups of 64 threads that a product needs without slices. */
function workgroupsOf({ batches, m, n }: Problem, variant: Variant): number {
  const [height, width] = workgroupSize(variant);
  return batches * Math.ceil(m / height) * Math.ceil(n / width);
}

/**
 * The plan's own choice, measured on software adapters and by the book for GPUs, where `unweave tune` should decide. Whether sums are
 * split does not depend on the replicas beside one, whose bits must not depend on them.
 */
export function chooseVariant(problem: Problem, { software }: Pick<Tuning, 'software'>): Variant {
  if (!software) {
    if (workgroupsOf(alone(problem), 'gpu-4x4') < FEW_WORKGROUPS && problem.k >= 2 * SHORTEST_SLICE) return 'gpu-split';
    return workgroupsOf(problem, 'gpu-8x8') >= ENOUGH_WORKGROUPS ? 'gpu-8x8' : 'gpu-4x4';
  }
  return variants.reduce((best, variant) => (cost(problem, variant) < cost(problem, best) ? variant : best));
}

/** Slices of k, each summed on its own by the split variant: until there are enough workgroups, in whole fours. */
export function slicesOf(variant: Variant, problem: Problem): { slices: number; depth: number } {
  const { k } = problem;
  if (variant !== 'gpu-split') return { slices: 1, depth: k };
  const wanted = Math.ceil(ENOUGH_WORKGROUPS / workgroupsOf(alone(problem), variant));
  const slices = Math.max(1, Math.min(wanted, Math.floor(k / SHORTEST_SLICE)));
  const depth = 4 * Math.ceil(k / slices / 4);
  return { slices: Math.ceil(k / depth), depth };
}

type Cuts = readonly [first: number, count: number][];

/**
 * Which rows, columns and slices of replicas each dispatch computes: whole workgroups, as many as one may take; of columns and
 * replicas all, unless a single row of workgroups is too much.
 */
export function cutsOf(
  problem: Problem,
  variant: Variant,
  tuning: Tuning,
): { rows: Cuts; columns: Cuts; slices: Cuts } {
  const { batches, m, n } = problem;
  const { slices, depth } = slicesOf(variant, problem);
  const [height, width] = workgroupSize(variant);
  const columns = chunks(tuning, n, 2 * height * depth, width, MAX_WORKGROUPS);
  const wide = Math.max(...columns.map(([, count]) => count));
  const z = chunks(tuning, batches * slices, 2 * height * wide * depth, 1, MAX_WORKGROUPS);
  const deep = Math.max(...z.map(([, count]) => count));
  return { rows: chunks(tuning, m, 2 * deep * wide * depth, height, MAX_WORKGROUPS), columns, slices: z };
}

/** `mask` keeps a sum where the third input is positive: the gradient of a relu, given its output. */
export interface Epilogue {
  readonly bias: boolean;
  readonly relu: boolean;
  readonly mask: boolean;
}

export interface MatmulCall extends Problem {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Floats from one batch to the next: 0 for an operand that all share. */
  readonly strideA: number;
  readonly strideB: number;
  /** What is done to a sum on the way out. */
  readonly epilogue: Epilogue;
  /** Also the sums of B over k, [batches, n], behind the product: see `productLayout`. */
  readonly columnSums?: boolean;
}

/** Where a product and the sums beside it lie in their common memory: as a pack has two parameters. */
export const productLayout = ({ batches, m, n }: Problem) =>
  arenaLayout([
    [batches, m, n],
    [batches, n],
  ]);

/** The dispatches of a product by one variant. Inputs are A, B and, where there is one, the bias. */
export function matmulPlan(call: MatmulCall, variant: Variant, tuning: Tuning): Plan {
  const { batches, m, n, k, strideA, strideB, columnSums = false } = call;
  const { kernel, fixed, down, across }: Tile = tiles[variant];
  const [height, width] = workgroupSize(variant);
  const { slices, depth } = slicesOf(variant, call);
  const inOnePass = slices === 1;
  const { bias, relu, mask } = call.epilogue;
  const epilogue = [Number(bias), mask ? 2 : Number(relu)];
  const third: Slot = input(bias || mask ? 2 : 1);
  // Sliced, the memory between the passes is laid out as for so many more batches.
  const between = productLayout({ ...call, batches: batches * slices });
  const { offsets } = productLayout(call);
  const sumsAt = inOnePass ? offsets[1] : between.offsets[1];
  const one = {
    kernel,
    flavour: flavourOf(call),
    constants: {
      ...(fixed ? {} : { ACROSS: across, DOWN: down }),
      TRANSPOSE_A: Number(call.transposeA),
      TRANSPOSE_B: Number(call.transposeB),
      ...(columnSums ? { COLUMN_SUMS: 1 } : {}),
    },
    slots: [input(0), input(1), third, inOnePass ? output : scratch(0)],
  };
  const after = inOnePass ? epilogue : [0, 0];
  const cuts = cutsOf(call, variant, tuning);
  const products = cuts.rows.flatMap(([firstRow, rows]) =>
    cuts.columns.flatMap(([firstColumn, columns]) =>
      cuts.slices.map(
        ([firstZ, count]): Dispatch => ({
          ...one,
          sizes: [m, n, k, strideA, strideB, n, ...after, firstRow, firstColumn, firstZ, slices, depth, sumsAt],
          workgroups: [Math.ceil(columns / width), Math.ceil(rows / height), count],
        }),
      ),
    ),
  );
  if (inOnePass) return { dispatches: products };
  const combine = (each: number, after: readonly number[], from: number, into: number): Dispatch[] =>
    threadDispatches(tuning, {
      kernel: matmulCombineKernel,
      sizes: [each, n, slices, ...after, from, into],
      slots: [scratch(0), third, output],
      threads: batches * each,
      operations: 40 * slices,
    });
  const sums = columnSums ? combine(n, [0, 0], sumsAt, offsets[1]) : [];
  return { dispatches: [...products, ...combine(m * n, epilogue, 0, 0), ...sums], scratch: [4 * between.length] };
}
