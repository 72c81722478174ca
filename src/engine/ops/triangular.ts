// Lower triangular matrices, such as Cholesky factors: y = L x, the solution of L y = x, and the lower part of an outer
// product. L is [..., K, K], of which only the lower triangle is read; vectors are [..., K]. Each is the gradient of the
// others, so derivatives of any order exist. Meant for small K (up to 32): a thread walks its row, or solves its system.

import type { Kernel } from '../../shaders/kernel';
import triangularMultiplyKernel from '../../shaders/triangular_multiply.wgsl';
import triangularOuterKernel from '../../shaders/triangular_outer.wgsl';
import triangularSolveKernel from '../../shaders/triangular_solve.wgsl';
import { ShapeError } from '../errors';
import { call } from '../graph/cpuPlan';
import { input, output, type Plan, perThread, type Tuning } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { type Shape, sameShape, sizeOf } from '../graph/shape';
import type { Signature, Tensor } from '../graph/tensor';
import { neg } from './unary';

interface Options {
  /** Use the transpose of L. */
  readonly transposed: boolean;
}

const f = Math.fround;
const last = (shape: Shape): number => shape[shape.length - 1];

function checkSystem(op: string, factor: Signature, x: Signature): void {
  const expected = [...x.shape, last(x.shape)];
  if (x.shape.length < 1 || !sameShape(factor.shape, expected)) {
    throw new ShapeError(op, 'takes matrices [..., K, K] and vectors [..., K]', [factor.shape, x.shape]);
  }
}

const slots = [input(0), input(1), output];

function system(tuning: Tuning, kernel: Kernel, x: Signature, threads: number, operations: number, o: Options): Plan {
  const constants = { TRANSPOSED: o.transposed ? 1 : 0 };
  return perThread(tuning, { kernel, constants, sizes: [last(x.shape)], slots, threads, operations });
}

const onCpu = (kernel: string, { shape }: Signature, ...rest: readonly number[]) =>
  call(kernel, slots, sizeOf(shape) / last(shape), last(shape), ...rest);

export const triangularMultiplyRule = /* @__PURE__ */ defineOp<Options>({
  name: 'triangularMultiply',
  infer([factor, x]) {
    checkSystem('triangularMultiply', factor, x);
    return x;
  },
  kernels: ([, x], _output, options, tuning) =>
    system(tuning, triangularMultiplyKernel, x, sizeOf(x.shape), 10 * last(x.shape), options),
  cpu: ([, x], _output, options) => onCpu('triangular_multiply', x, Number(options.transposed)),
  gradient: ({ inputs: [factor, x], options: { transposed } }, upstream) => [
    () => (transposed ? triangularOuter(x, upstream) : triangularOuter(upstream, x)),
    () => triangularMultiply(factor, upstream, !transposed),
  ],
  reference([factor, x], result, { transposed }) {
    const k = last(x.shape);
    for (let at = 0; at < result.data.length; at++) {
      const i = at % k;
      const row = at - i;
      let total = 0;
      for (let j = transposed ? i : 0; j < (transposed ? k : i + 1); j++) {
        const entry = factor.data[row * k + (transposed ? j * k + i : i * k + j)];
        total = f(total + f(entry * x.data[row + j]));
      }
      result.data[at] = total;
    }
  },
});

export const triangularSolveRule = /* @__PURE__ */ defineOp<Options>({
  name: 'triangularSolve',
  infer([factor, x]) {
    checkSystem('triangularSolve', factor, x);
    return x;
  },
  kernels: ([, x], _output, options, tuning) =>
    system(tuning, triangularSolveKernel, x, sizeOf(x.shape) / last(x.shape), 10 * last(x.shape) ** 2, options),
  cpu: ([, x], _output, options) => onCpu('triangular_solve', x, Number(options.transposed)),
  // From L y = x: dx = L^-T dy, and dL = -dx y'.
  gradient({ inputs: [factor], output: y, options: { transposed } }, upstream) {
    const dx = triangularSolve(factor, upstream, !transposed);
    return [() => neg(transposed ? triangularOuter(y, dx) : triangularOuter(dx, y)), () => dx];
  },
  reference([factor, x], result, { transposed }) {
    const k = last(x.shape);
    for (let row = 0; row < result.data.length; row += k)
      for (let step = 0; step < k; step++) {
        const i = transposed ? k - 1 - step : step;
        let rest = x.data[row + i];
        for (let before = 0; before < step; before++) {
          const j = transposed ? k - 1 - before : before;
          const entry = factor.data[row * k + (transposed ? j * k + i : i * k + j)];
          rest = f(rest - f(entry * result.data[row + j]));
        }
        result.data[row + i] = f(rest / factor.data[row * k + i * k + i]);
      }
  },
});

export const triangularOuterRule = /* @__PURE__ */ defineOp<null>({
  name: 'triangularOuter',
  infer([a, b]) {
    if (a.shape.length < 1 || !sameShape(a.shape, b.shape)) {
      throw new ShapeError('triangularOuter', 'takes two vectors [..., K] of one shape', [a.shape, b.shape]);
    }
    return { shape: [...a.shape, last(a.shape)], dtype: 'f32' };
  },
  kernels: ([a], { shape }, _options, tuning) =>
    perThread(tuning, { kernel: triangularOuterKernel, sizes: [last(a.shape)], slots, threads: sizeOf(shape) }),
  cpu: ([a]) => onCpu('triangular_outer', a),
  gradient: ({ inputs: [a, b] }, upstream) => [
    () => triangularMultiply(upstream, b),
    () => triangularMultiply(upstream, a, true),
  ],
  reference([a, b], result) {
    const k = last(a.shape);
    for (let at = 0; at < result.data.length; at++) {
      const [j, i, row] = [at % k, Math.floor(at / k) % k, Math.floor(at / k / k)];
      result.data[at] = j > i ? 0 : f(a.data[row * k + i] * b.data[row * k + j]);
    }
  },
});

/** L x, or L' x when `transposed`: L [..., K, K], x [..., K] give [..., K]. */
export const triangularMultiply = (factor: Tensor, x: Tensor, transposed = false): Tensor =>
  apply(triangularMultiplyRule, [factor, x], { transposed });

/** The y of L y = x, or of L' y = x when `transposed`. A zero on the diagonal gives infinities, as a division does. */
export const triangularSolve = (factor: Tensor, x: Tensor, transposed = false): Tensor =>
  apply(triangularSolveRule, [factor, x], { transposed });

/** The lower triangle of a b', zeros above it: [..., K] and [..., K] give [..., K, K]. */
export const triangularOuter = (a: Tensor, b: Tensor): Tensor => apply(triangularOuterRule, [a, b], null);
