// C[r] = act(A[r] B[r] + bias[r]), batched over the leading (replica) axis; A and B may be read transposed, so gradients
// need no transposed copy. Which kernel does it: see matmulPlan.

import { ShapeError } from '../errors';
import { sameShape } from '../graph/shape';
import { apply, callOf, type Rule, type Signature, type Tensor, type Tuning } from '../graph/tensor';
import { wherePositive } from './binary';
import {
  chooseVariant,
  exactVariants,
  type MatmulCall,
  matmulPlan,
  type Problem,
  slicesOf,
  type Variant,
} from './matmulPlan';
import { sum, sumTo } from './reduce';

export interface ProductOptions {
  /** A is stored [R, k, m] and read as its transpose. */
  readonly transposeA?: boolean;
  /** B is stored [R, n, k] and read as its transpose. */
  readonly transposeB?: boolean;
  /** Forces a kernel, for tests and benchmarks; by default the plan chooses. */
  readonly variant?: Variant;
}

export interface MatmulOptions extends ProductOptions {
  /**
   * What is done on the way out, at no cost: relu, or `mask`, for which the third input has the result's shape and the
   * result is kept where it is positive: the gradient of a relu.
   */
  readonly activation?: 'none' | 'relu' | 'mask';
}

function problemOf(a: Signature, b: Signature, { transposeA = false, transposeB = false }: MatmulOptions): Problem {
  const [, rowsA, columnsA] = a.shape;
  const batches = Math.max(a.shape[0], b.shape[0]);
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const n = transposeB ? b.shape[1] : b.shape[2];
  return { batches, m, n, k };
}

const f = Math.fround;

/** What `unweave tune` calls a problem, and keeps its winner under. */
export const tuningKey = ({ batches, m, n, k, transposeA, transposeB }: MatmulCall): string =>
  `matmul/${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'}/${batches}x${m}x${n}x${k}`;

const tuned = (call: MatmulCall, tuning: Tuning): Variant | undefined =>
  exactVariants.find((variant) => variant === tuning.winners[tuningKey(call)]);

/** Floats from one replica to the next: 0 for an operand that all share. */
const strideOf = ({ shape }: Signature): number => (shape[0] === 1 ? 0 : shape[1] * shape[2]);

export const matmulRule: Rule<MatmulOptions> = {
  name: 'matmul',
  infer(inputs, options) {
    const [a, b, third] = inputs;
    const shapes = inputs.map(({ shape }) => shape);
    if (a.shape.length !== 3 || b.shape.length !== 3)
      throw new ShapeError('matmul', 'takes [replicas, rows, columns]', shapes);
    const { batches, m, n, k } = problemOf(a, b, options);
    if ([a, b].some(({ shape }) => shape[0] !== batches && shape[0] !== 1)) {
      throw new ShapeError('matmul', 'the numbers of replicas differ', shapes);
    }
    if ((options.transposeB ? b.shape[2] : b.shape[1]) !== k)
      throw new ShapeError('matmul', 'the inner sizes differ', shapes);
    if (options.activation === 'mask') {
      if (third === undefined || !sameShape(third.shape, [batches, m, n])) {
        throw new ShapeError('matmul', `the mask must be [${batches}, ${m}, ${n}]`, shapes);
      }
    } else if (
      third !== undefined &&
      (third.shape.length !== 2 || third.shape[0] !== batches || third.shape[1] !== n)
    ) {
      throw new ShapeError('matmul', `the bias must be [${batches}, ${n}]`, shapes);
    }
    return { shape: [batches, m, n], dtype: 'f32' };
  },
  kernels([a, b, third], _output, options, tuning) {
    const problem = problemOf(a, b, options);
    const { transposeA = false, transposeB = false } = options;
    const call: MatmulCall = {
      ...problem,
      transposeA,
      transposeB,
      strideA: strideOf(a),
      strideB: strideOf(b),
      epilogue: {
        bias: third !== undefined && options.activation !== 'mask',
        relu: options.activation === 'relu',
        mask: options.activation === 'mask',
      },
    };
    return matmulPlan(call, options.variant ?? tuned(call, tuning) ?? chooseVariant(problem, tuning.software));
  },
  gradient({ inputs: [a, b, third], output: c, options }, upstream) {
    const { activation = 'none' } = options;
    // The derivative of relu is known from its output, so no pre-activation is kept.
    const dC = activation === 'none' ? upstream : masked(upstream, activation === 'relu' ? c : third);
    const { transposeA = false, transposeB = false } = options;
    const dA = () =>
      transposeA
        ? matmul(b, dC, { transposeA: transposeB, transposeB: true })
        : matmul(dC, b, { transposeB: !transposeB });
    const dB = () =>
      transposeB
        ? matmul(dC, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, dC, { transposeA: !transposeA });
    return [
      () => sumTo(dA(), a.shape),
      () => sumTo(dB(), b.shape),
      ...(third === undefined ? [] : [activation === 'mask' ? null : () => sum(dC, [1])]),
    ];
  },
  reference([a, b, third], result, options) {
    const problem = problemOf(a, b, options);
    const { batches, m, n, k } = problem;
    const { slices, depth } = slicesOf(options.variant ?? '8x8', problem);
    const [rowA, depthA] = options.transposeA ? [1, m] : [k, 1];
    const [depthB, columnB] = options.transposeB ? [1, k] : [n, 1];
    for (let r = 0; r < batches; r++)
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          let total = 0;
          for (let slice = 0; slice < slices; slice++) {
            let part = 0;
            for (let d = slice * depth; d < Math.min((slice + 1) * depth, k); d++) {
              const x = a.data[r * strideOf(a) + i * rowA + d * depthA];
              part = f(part + f(x * b.data[r * strideOf(b) + d * depthB + j * columnB]));
            }
            total = slice === 0 ? part : f(total + part);
          }
          const at = (r * m + i) * n + j;
          if (options.activation === 'mask') total = third.data[at] > 0 ? total : 0;
          else if (third !== undefined) total = f(total + third.data[r * n + j]);
          result.data[at] = options.activation === 'relu' && total < 0 ? 0 : total;
        }
  },
};

/** `upstream` where `by` is positive, else 0; folded into the product that makes `upstream`, where there is one. */
function masked(upstream: Tensor, by: Tensor): Tensor {
  const product = callOf(upstream, matmulRule);
  if (product === undefined || product.inputs.length > 2) return wherePositive(upstream, by);
  return apply(matmulRule, [...product.inputs, by], { ...product.options, activation: 'mask' });
}

/**
 * A[r] B[r]: [R, m, k] by [R, k, n], either read transposed, gives [R, m, n]; an operand with R = 1 is shared by all.
 * Throws ShapeError when sizes do not meet.
 */
export const matmul = (a: Tensor, b: Tensor, options: ProductOptions = {}): Tensor =>
  apply(matmulRule, [a, b], options);

/** act(x W + bias): x [R, rows, in], W [R, in, out], bias [R, out] gives [R, rows, out]. */
export const linear = (x: Tensor, weights: Tensor, bias: Tensor, activation: 'none' | 'relu' = 'none'): Tensor =>
  apply(matmulRule, [x, weights, bias], { activation });
