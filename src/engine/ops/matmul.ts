// C[r] = act(A[r] B[r] + bias[r]), batched over the leading (replica) axis; A and B may be read transposed, so gradients
// need no transposed copy. Every kernel sums in the order of k, so the choice of kernel never changes a bit.

import type { Flavour, KernelName } from '../../shaders';
import { ShapeError } from '../errors';
import { input, OPERATIONS_PER_DISPATCH, output } from '../graph/dispatch';
import { apply, type Rule, type Signature, type Tensor } from '../graph/tensor';
import { wherePositive } from './binary';
import { sum, sumTo } from './reduce';

export interface MatmulOptions {
  /** A is stored [R, k, m] and read as its transpose. */
  readonly transposeA?: boolean;
  /** B is stored [R, n, k] and read as its transpose. */
  readonly transposeB?: boolean;
  /** relu is applied on the way out, at no cost. */
  readonly activation?: 'none' | 'relu';
}

interface Problem {
  readonly batches: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

function problemOf(a: Signature, b: Signature, { transposeA = false, transposeB = false }: MatmulOptions): Problem {
  const [, rowsA, columnsA] = a.shape;
  const batches = Math.max(a.shape[0], b.shape[0]);
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const n = transposeB ? b.shape[1] : b.shape[2];
  return { batches, m, n, k };
}

export type Tile = 4 | 8 | 16;

export interface MatmulChoice {
  /** A thread computes a tile x tile block of C. */
  readonly tile: Tile;
  /** `vector` loads four floats at a time and needs all sizes to be multiples of 4. */
  readonly flavour: Flavour;
}

/** Threads enough to keep every core busy; below it a smaller tile pays, although it loads more per multiply-add. */
const ENOUGH_WORKGROUPS = 4;

/** Which kernel multiplies: the largest tile that still gives enough workgroups of 4x4 threads. */
export function chooseMatmul({ batches, m, n, k }: Problem): MatmulChoice {
  const flavour: Flavour = m % 4 === 0 && n % 4 === 0 && k % 4 === 0 ? 'vector' : 'scalar';
  const workgroups = (tile: Tile) => batches * Math.ceil(m / (4 * tile)) * Math.ceil(n / (4 * tile));
  const fits = (tile: Tile) => workgroups(tile) >= ENOUGH_WORKGROUPS && Math.min(m, n) >= tile;
  if (flavour === 'vector' && fits(16)) return { tile: 16, flavour };
  return { tile: fits(8) ? 8 : 4, flavour };
}

const SHADERS = { 4: 'matmul_4x4', 8: 'matmul_8x8', 16: 'matmul_16x16' } as const;

const kernelOf = ({ tile, flavour }: MatmulChoice): KernelName => `${SHADERS[tile]}/${flavour}`;

/** First row and number of rows of each dispatch: whole workgroups, as many as one dispatch may take. */
export function rowsPerDispatch({ batches, m, n, k }: Problem, { tile }: MatmulChoice): [number, number][] {
  const group = 4 * tile;
  const groups = Math.max(1, Math.floor(OPERATIONS_PER_DISPATCH / (2 * batches * n * k * group)));
  const rows = groups * group;
  return Array.from({ length: Math.ceil(m / rows) }, (_, i) => [i * rows, Math.min(rows, m - i * rows)]);
}

/** Floats from one replica to the next: 0 for an operand that all share. */
const strideOf = ({ shape }: Signature): number => (shape[0] === 1 ? 0 : shape[1] * shape[2]);

export const matmul: Rule<MatmulOptions> = {
  name: 'matmul',
  infer(inputs, options) {
    const [a, b, bias] = inputs;
    const shapes = inputs.map(({ shape }) => shape);
    if (inputs.some(({ dtype }) => dtype !== 'f32')) throw new ShapeError('matmul', 'takes f32 operands', shapes);
    if (a.shape.length !== 3 || b.shape.length !== 3)
      throw new ShapeError('matmul', 'takes [replicas, rows, columns]', shapes);
    const { batches, m, n, k } = problemOf(a, b, options);
    if ([a, b].some(({ shape }) => shape[0] !== batches && shape[0] !== 1)) {
      throw new ShapeError('matmul', 'the numbers of replicas differ', shapes);
    }
    if ((options.transposeB ? b.shape[2] : b.shape[1]) !== k)
      throw new ShapeError('matmul', 'the inner sizes differ', shapes);
    if (bias !== undefined && (bias.shape.length !== 2 || bias.shape[0] !== batches || bias.shape[1] !== n)) {
      throw new ShapeError('matmul', `the bias must be [${batches}, ${n}]`, shapes);
    }
    return { shape: [batches, m, n], dtype: 'f32' };
  },
  kernels([a, b, bias], _output, options) {
    const problem = problemOf(a, b, options);
    const { batches, m, n, k } = problem;
    const choice = chooseMatmul(problem);
    const hasBias = bias === undefined ? 0 : 1;
    const relu = options.activation === 'relu' ? 1 : 0;
    const groups = (size: number) => Math.ceil(size / (4 * choice.tile));
    const kernel = kernelOf(choice);
    const constants = { TRANSPOSE_A: options.transposeA ? 1 : 0, TRANSPOSE_B: options.transposeB ? 1 : 0 };
    return {
      dispatches: rowsPerDispatch(problem, choice).map(([firstRow, rows]) => ({
        kernel,
        constants,
        sizes: [m, n, k, strideOf(a), strideOf(b), n, hasBias, relu, firstRow],
        slots: [input(0), input(1), input(hasBias === 1 ? 2 : 1), output],
        workgroups: [groups(n), groups(rows), batches],
      })),
    };
  },
  gradient({ inputs: [a, b, bias], output: c, options }, upstream) {
    // The derivative of relu is known from its output, so no pre-activation is kept.
    const dC = options.activation === 'relu' ? wherePositive(upstream, c) : upstream;
    const { transposeA = false, transposeB = false } = options;
    const dA = () =>
      transposeA
        ? multiply(b, dC, { transposeA: transposeB, transposeB: true })
        : multiply(dC, b, { transposeB: !transposeB });
    const dB = () =>
      transposeB
        ? multiply(dC, a, { transposeA: true, transposeB: transposeA })
        : multiply(a, dC, { transposeA: !transposeA });
    return [
      () => sumTo(dA(), a.shape),
      () => sumTo(dB(), b.shape),
      ...(bias === undefined ? [] : [() => sum(dC, [1])]),
    ];
  },
  reference([a, b, bias], result, options) {
    const { batches, m, n, k } = problemOf(a, b, options);
    const [rowA, depthA] = options.transposeA ? [1, m] : [k, 1];
    const [depthB, columnB] = options.transposeB ? [1, k] : [n, 1];
    for (let r = 0; r < batches; r++)
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          let total = 0;
          for (let d = 0; d < k; d++) {
            const product = Math.fround(
              a.data[r * strideOf(a) + i * rowA + d * depthA] * b.data[r * strideOf(b) + d * depthB + j * columnB],
            );
            total = Math.fround(total + product);
          }
          if (bias !== undefined) total = Math.fround(total + bias.data[r * n + j]);
          result.data[(r * m + i) * n + j] = options.activation === 'relu' && total < 0 ? 0 : total;
        }
  },
};

/**
 * A[r] B[r]: [R, m, k] by [R, k, n], either read transposed, gives [R, m, n]; an operand with R = 1 is shared by all.
 * Throws ShapeError when sizes do not meet.
 */
export const multiply = (a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor => apply(matmul, [a, b], options);

/** act(x W + bias): x [R, rows, in], W [R, in, out], bias [R, out] gives [R, rows, out]. */
export const linear = (x: Tensor, weights: Tensor, bias: Tensor, activation: 'none' | 'relu' = 'none'): Tensor =>
  apply(matmul, [x, weights, bias], { activation });
