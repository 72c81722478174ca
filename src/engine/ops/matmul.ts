// C[r] = act(A[r] B[r] + bias[r]), batched over the leading (replica) axis; A and B may be read transposed, so gradients
// need no transposed copy. Which kernel does it: see matmulPlan.

import { ShapeError } from '../errors';
import { call } from '../graph/cpuPlan';
import { input, output, type Tuning } from '../graph/dispatch';
import { apply, callOf, defineOp } from '../graph/rule';
import { sameShape } from '../graph/shape';
import { reshape, type Signature, type Tensor, view } from '../graph/tensor';
import { add, wherePositive } from './binary';
import {
  chooseVariant,
  exactVariants,
  type MatmulCall,
  matmulPlan,
  type Problem,
  productLayout,
  slicesOf,
  type Variant,
} from './matmulPlan';
import { broadcastTo, sum, sumTo } from './sum';

/** Of a matrix product: which operands are transposed. */
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
  /** Also the sums of B over k: the result is flat, the product and behind it the sums, as `productLayout` says. */
  readonly columnSums?: boolean;
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

export const matmulRule = /* @__PURE__ */ defineOp<MatmulOptions>({
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
    const problem = { batches, m, n, k };
    return { shape: options.columnSums ? [productLayout(problem).length] : [batches, m, n], dtype: 'f32' };
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
      columnSums: options.columnSums,
    };
    return matmulPlan(call, options.variant ?? tuned(call, tuning) ?? chooseVariant(problem, tuning), tuning);
  },
  cpu([a, b, third], _output, options) {
    const problem = problemOf(a, b, options);
    // Of a variant that adds in slices the reference is the only twin.
    if (slicesOf(options.variant ?? '8x8', problem).slices > 1) return undefined;
    const { batches, m, n, k } = problem;
    const { transposeA = false, transposeB = false, activation = 'none' } = options;
    const wayOut = activation === 'mask' ? 4 : (third === undefined ? 0 : 1) + (activation === 'relu' ? 2 : 0);
    const slots = [input(0), input(1), input(third === undefined ? 1 : 2), output];
    const transposed = [transposeA, transposeB].map(Number);
    const { calls } = call('matmul', slots, batches, m, n, k, strideOf(a), strideOf(b), ...transposed, wayOut);
    if (!options.columnSums) return { calls };
    const numbers = [productLayout(problem).offsets[1], batches, n, k, strideOf(b), Number(transposeB)];
    return { calls: [...calls, { kernel: 'matmul_column_sums', slots: [input(1), output], numbers }] };
  },
  gradient({ inputs: [a, b, third], output: c, options }, upstream) {
    const { activation = 'none', transposeA = false, transposeB = false, columnSums } = options;
    if (columnSums) return gradientWithSums(a, b, options, upstream);
    // The derivative of relu is known from its output, so no pre-activation is kept.
    const dC = activation === 'none' ? upstream : masked(upstream, activation === 'relu' ? c : third);
    const [ofA, ofB] = operandGradients(a, b, options, dC);
    if (third === undefined) return [ofA, ofB];
    if (activation === 'mask' || transposeA || transposeB || b.shape[0] !== c.shape[0])
      return [ofA, ofB, activation === 'mask' ? null : () => sum(dC, [1])];
    // The gradients of weights and bias read the same rows: one product gives both.
    let both: { product: Tensor; sums: Tensor } | undefined;
    const ofWeights = () => {
      both = productAndSums(a, dC);
      return both.product;
    };
    return [ofA, ofWeights, () => both?.sums ?? sum(dC, [1])];
  },
  reference([a, b, third], result, options) {
    const problem = problemOf(a, b, options);
    const { batches, m, n, k } = problem;
    const { slices, depth } = slicesOf(options.variant ?? '8x8', problem);
    if (options.columnSums) {
      const from = productLayout(problem).offsets[1];
      for (let r = 0; r < batches; r++)
        for (let j = 0; j < n; j++) {
          let total = 0;
          for (let d = 0; d < k; d++)
            total = f(total + b.data[r * strideOf(b) + (options.transposeB ? j * k + d : d * n + j)]);
          result.data[from + r * n + j] = total;
        }
    }
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
});

/** The gradients of a product's operands, from that of the product. */
function operandGradients(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions, dC: Tensor) {
  const dA = () =>
    transposeA
      ? matmul(b, dC, { transposeA: transposeB, transposeB: true })
      : matmul(dC, b, { transposeB: !transposeB });
  const dB = () =>
    transposeB
      ? matmul(dC, a, { transposeA: true, transposeB: transposeA })
      : matmul(a, dC, { transposeA: !transposeA });
  return [() => sumTo(dA(), a.shape), () => sumTo(dB(), b.shape)] as const;
}

/** The same where the sums of B over k come with the product: their gradient goes to every row of B. */
function gradientWithSums(a: Tensor, b: Tensor, options: MatmulOptions, upstream: Tensor) {
  const problem = problemOf(a, b, options);
  const { batches, m, n } = problem;
  const dC = view(upstream, 0, [batches, m, n]);
  const ofSums = view(upstream, productLayout(problem).offsets[1], [batches, 1, n]);
  const [ofA, ofB] = operandGradients(a, b, options, dC);
  return [ofA, () => add(ofB(), broadcastTo(ofSums, b.shape))];
}

/** `upstream` where `by` is positive, else 0; folded into the product that makes `upstream`, where there is one. */
function masked(upstream: Tensor, by: Tensor): Tensor {
  const product = callOf(upstream, matmulRule);
  if (product === undefined || product.inputs.length > 2) return wherePositive(upstream, by);
  return apply(matmulRule, [...product.inputs, by], { ...product.options, activation: 'mask' });
}

/** A' B and the sums of B over its rows, for A [R or 1, rows, m] and B [R, rows, n]: [R, m, n] and [R, n]. */
function productAndSums(a: Tensor, b: Tensor): { product: Tensor; sums: Tensor } {
  const both = apply(matmulRule, [a, b], { transposeA: true, columnSums: true });
  const [batches, , n] = b.shape;
  const m = a.shape[2];
  const { offsets } = productLayout({ batches, m, n, k: a.shape[1] });
  return { product: view(both, 0, [batches, m, n]), sums: view(both, offsets[1], [batches, n]) };
}

/** A 2-D matrix as a population of one; what it was is undone by `flattened`. */
const lifted = (x: Tensor): Tensor => (x.shape.length === 2 ? reshape(x, [1, ...x.shape]) : x);

const flattened = (x: Tensor, flat: boolean): Tensor => (flat ? reshape(x, x.shape.slice(1)) : x);

/**
 * A[r] B[r]: [R, m, k] by [R, k, n], either read transposed, gives [R, m, n]; an operand with R = 1, or without replicas
 * [m, k], is shared by all. Two matrices without replicas give one [m, n]. Throws ShapeError when sizes do not meet.
 */
export const matmul = (a: Tensor, b: Tensor, options: ProductOptions = {}): Tensor =>
  flattened(apply(matmulRule, [lifted(a), lifted(b)], options), a.shape.length === 2 && b.shape.length === 2);

/**
 * act(x W + bias): x [R or 1, rows, in], W [R, in, out], bias [R, out] give [R, rows, out]. Without replicas x [rows, in],
 * W [in, out] and bias [out] give [rows, out]. Throws ShapeError when sizes do not meet.
 */
export function linear(x: Tensor, weights: Tensor, bias: Tensor, activation: 'none' | 'relu' = 'none'): Tensor {
  const shift = bias.shape.length === 1 ? reshape(bias, [1, ...bias.shape]) : bias;
  const y = apply(matmulRule, [lifted(x), lifted(weights), shift], { activation });
  return flattened(y, x.shape.length === 2 && weights.shape.length === 2);
}
