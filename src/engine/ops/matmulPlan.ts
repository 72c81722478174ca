// Which kernel multiplies two matrices, as pure functions that a test, a benchmark or a tuning can force. All variants but
// the split one sum in the order of k, so the choice among them never changes a bit.

import type { Flavour, Kernel } from '../../shaders/kernel';
import matmul4x4 from '../../shaders/matmul_4x4.wgsl';
import matmul8x8 from '../../shaders/matmul_8x8.wgsl';
import matmul16x8 from '../../shaders/matmul_16x8.wgsl';
import matmul16x16 from '../../shaders/matmul_16x16.wgsl';
import matmulCombineKernel from '../../shaders/matmul_combine.wgsl';
import matmulShared from '../../shaders/matmul_shared.wgsl';
import { chunks, type Dispatch, input, output, type Plan, type Slot, scratch, workgroupsFor } from '../graph/dispatch';

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
  /** Tiles that fit a GPU's registers, in workgroups that fill its lanes. */
  'gpu-4x4': { rows: 4, columns: 4, down: 8, across: 8, kernel: matmul4x4 },
  'gpu-8x8': { rows: 8, columns: 8, down: 8, across: 8, kernel: matmul8x8 },
  /** Workgroup memory and barriers: ruinous on a software adapter. */
  shared: { rows: 4, columns: 4, down: 8, across: 8, kernel: matmulShared, fixed: true },
  /** 4x4 tiles over slices of k, then the sum of the slices: for few results of long sums. */
  split: { rows: 4, columns: 4, down: 1, across: 4, kernel: matmul4x4 },
} as const satisfies Record<string, Tile>;

export type Variant = keyof typeof tiles;

export const variants = Object.keys(tiles) as Variant[];

/** Variants that give the same bits as each other and as the reference's plain loop. */
export const exactVariants = variants.filter((variant) => variant !== 'split');

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

/** Below this many threads a GPU idles, and smaller tiles keep more of it busy. */
const ENOUGH_FOR_GPU = 4096;

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

/** The plan's own choice, measured on software adapters and by the book for GPUs, where `unweave tune` should decide. */
export function chooseVariant(problem: Problem, software: boolean): Variant {
  if (!software) return (problem.batches * problem.m * problem.n) / 64 >= ENOUGH_FOR_GPU ? 'gpu-8x8' : 'gpu-4x4';
  return variants.reduce((best, variant) => (cost(problem, variant) < cost(problem, best) ? variant : best));
}

const SLICE = 256;

/** Slices of k, each summed on its own by the split variant: about `SLICE` long, whole fours. */
export function slicesOf(variant: Variant, { k }: Problem): { slices: number; depth: number } {
  if (variant !== 'split') return { slices: 1, depth: k };
  const depth = 4 * Math.ceil(k / Math.max(1, Math.round(k / SLICE)) / 4);
  return { slices: Math.ceil(k / depth), depth };
}

/** First row and number of rows of each dispatch: whole workgroups, as many as one dispatch may take. */
export function rowsPerDispatch({ batches, m, n, k }: Problem, variant: Variant): [number, number][] {
  return chunks(m, 2 * batches * n * k, workgroupSize(variant)[0]);
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
}

/** The dispatches of a product by one variant. Inputs are A, B and, where there is one, the bias. */
export function matmulPlan(call: MatmulCall, variant: Variant): Plan {
  const { batches, m, n, k, strideA, strideB } = call;
  const { kernel, fixed, down, across }: Tile = tiles[variant];
  const [height, width] = workgroupSize(variant);
  const flavour = flavourOf(call);
  const { slices, depth } = slicesOf(variant, call);
  const inOnePass = slices === 1;
  const { bias, relu, mask } = call.epilogue;
  const epilogue = [Number(bias), mask ? 2 : Number(relu)];
  const third: Slot = input(bias || mask ? 2 : 1);
  const products = rowsPerDispatch(call, variant).map(([firstRow, count]): Dispatch => {
    return {
      kernel,
      flavour,
      constants: {
        ...(fixed ? {} : { ACROSS: across, DOWN: down }),
        TRANSPOSE_A: Number(call.transposeA),
        TRANSPOSE_B: Number(call.transposeB),
      },
      sizes: [m, n, k, strideA, strideB, n, ...(inOnePass ? epilogue : [0, 0]), firstRow, slices, depth],
      slots: [input(0), input(1), third, inOnePass ? output : scratch(0)],
      workgroups: [Math.ceil(n / width), Math.ceil(count / height), batches * slices],
    };
  });
  if (inOnePass) return { dispatches: products };
  const count = batches * m * n;
  const sum: Dispatch = {
    kernel: matmulCombineKernel,
    sizes: [count, m * n, n, slices, ...epilogue],
    slots: [scratch(0), third, output],
    workgroups: workgroupsFor(count),
  };
  return { dispatches: [...products, sum], scratch: [4 * slices * count] };
}
