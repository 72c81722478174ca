// out = f(x), element by element. A function is one row of the table: its reference and its gradient side by side;
// shaders/unary.wgsl has it under the same name. Some take one or two parameters, which are numbers.

import unaryKernel from '../../shaders/unary.wgsl';
import { InputError, ShapeError } from '../errors';
import { call } from '../graph/cpuPlan';
import { constantOf, input, MOVE, output, perThread } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { cosF, expF, expm1F, floatBits, log1pF, logF, powF, reluF, sigmoidF, sinF, softplusF, tanhF } from '../numeric';
import { add, div, mul, sub, whereNotPositive, wherePositive } from './binary';

type FunctionName =
  | 'neg'
  | 'exp'
  | 'log'
  | 'log1p'
  | 'expm1'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'relu'
  | 'leakyRelu'
  | 'sqrt'
  | 'square'
  | 'pow'
  | 'clip'
  | 'inside'
  | 'sin'
  | 'cos'
  | 'abs';

interface UnaryFunction {
  /** f in f32; the caller rounds. */
  readonly value: (x: number, a: number, b: number) => number;
  /** upstream times f'(x), from x and y = f(x); null where that is 0. */
  readonly gradient: ((upstream: Tensor, x: Tensor, y: Tensor, a: number, b: number) => Tensor) | null;
}

const functions: Record<FunctionName, UnaryFunction> = {
  neg: { value: (x) => -x, gradient: (g) => neg(g) },
  exp: { value: expF, gradient: (g, _, y) => mul(g, y) },
  log: { value: logF, gradient: (g, x) => div(g, x) },
  log1p: { value: log1pF, gradient: (g, x) => div(g, add(x, 1)) },
  expm1: { value: expm1F, gradient: (g, _, y) => mul(g, add(y, 1)) },
  tanh: { value: tanhF, gradient: (g, _, y) => mul(g, sub(1, mul(y, y))) },
  sigmoid: { value: sigmoidF, gradient: (g, _, y) => mul(g, mul(y, sub(1, y))) },
  softplus: { value: softplusF, gradient: (g, x) => mul(g, sigmoid(x)) },
  relu: { value: reluF, gradient: (g, x) => wherePositive(g, x) },
  leakyRelu: {
    value: (x, slope) => (x < 0 ? x * slope : x),
    gradient: (g, x, _, slope) => add(wherePositive(g, x), mul(whereNotPositive(g, x), slope)),
  },
  sqrt: { value: Math.sqrt, gradient: (g, _, y) => div(mul(g, 0.5), y) },
  square: { value: (x) => x * x, gradient: (g, x) => mul(g, add(x, x)) },
  pow: {
    value: powF,
    gradient: (g, x, _, exponent) => (exponent === 0 ? mul(g, 0) : mul(g, mul(pow(x, exponent - 1), exponent))),
  },
  clip: {
    value: (x, low, high) => (x < low ? low : x > high ? high : x),
    gradient: (g, x, _, low, high) => mul(g, unary('inside', x, low, high)),
  },
  inside: { value: (x, low, high) => Number(low <= x && x <= high), gradient: null },
  sin: { value: sinF, gradient: (g, x) => mul(g, cos(x)) },
  cos: { value: cosF, gradient: (g, x) => neg(mul(g, sin(x))) },
  abs: { value: Math.abs, gradient: (g, x) => sub(wherePositive(g, x), whereNotPositive(g, x)) },
};

interface Options {
  readonly name: FunctionName;
  readonly a: number;
  readonly b: number;
}

export const unaryNames = Object.keys(functions) as FunctionName[];

export const unaryRule = /* @__PURE__ */ defineOp<Options>({
  name: 'unary',
  // Checked below, where the function's name is known.
  operands: 'any',
  infer([x], { name }) {
    if (x.dtype !== 'f32') throw new ShapeError(name, `takes f32, not ${x.dtype}`, [x.shape]);
    return x;
  },
  kernels([x], _output, { name, a, b }, tuning) {
    const threads = Math.ceil(sizeOf(x.shape) / 4);
    const sizes = [floatBits(a), floatBits(b)];
    const slots = [input(0), output];
    return perThread(tuning, {
      kernel: unaryKernel,
      constants: constantOf(name),
      sizes,
      slots,
      threads,
      operations: 2 * MOVE,
    });
  },
  cpu: ([x], _output, { name, a, b }) => call(`unary_${name}`, [input(0), output], sizeOf(x.shape), a, b),
  gradient({ inputs: [x], output: y, options: { name, a, b } }, upstream) {
    const rule = functions[name].gradient;
    return [rule && (() => rule(upstream, x, y, a, b))];
  },
  reference([x], result, { name, a, b }) {
    const { value } = functions[name];
    const [first, second] = [Math.fround(a), Math.fround(b)];
    for (let i = 0; i < result.data.length; i++) result.data[i] = value(x.data[i], first, second);
  },
});

const unary = (name: FunctionName, x: Tensor, a = 0, b = 0): Tensor => apply(unaryRule, [x], { name, a, b });

/** Throws InputError, naming the function and its parameter, unless that is a number. */
function checkParameter(name: string, parameter: string, value: number): void {
  if (typeof value !== 'number' || Number.isNaN(value))
    throw new InputError(`${name}: the ${parameter} must be a number, not ${String(value)}`);
}

/** -x, element by element. */
export const neg = (x: Tensor): Tensor => unary('neg', x);
/** e^x, element by element. */
export const exp = (x: Tensor): Tensor => unary('exp', x);
/** ln x; -infinity at 0, NaN below, element by element. */
export const log = (x: Tensor): Tensor => unary('log', x);
/** ln(1 + x), accurate near 0. */
export const log1p = (x: Tensor): Tensor => unary('log1p', x);
/** e^x - 1, accurate near 0. */
export const expm1 = (x: Tensor): Tensor => unary('expm1', x);
/** the hyperbolic tangent, element by element. */
export const tanh = (x: Tensor): Tensor => unary('tanh', x);
/** 1 / (1 + e^-x), element by element. */
export const sigmoid = (x: Tensor): Tensor => unary('sigmoid', x);
/** ln(1 + e^x). */
export const softplus = (x: Tensor): Tensor => unary('softplus', x);
/** max(x, 0), element by element. */
export const relu = (x: Tensor): Tensor => unary('relu', x);
/** the square root; NaN below 0, element by element. */
export const sqrt = (x: Tensor): Tensor => unary('sqrt', x);
/** |x|, element by element. */
export const abs = (x: Tensor): Tensor => unary('abs', x);
/** x^2, element by element. */
export const square = (x: Tensor): Tensor => unary('square', x);
/** Accurate to about 1e-7 for |x| up to 8192; NaN beyond, where an f32 angle can no longer be reduced exactly. */
export const sin = (x: Tensor): Tensor => unary('sin', x);
/** As `sin`. */
export const cos = (x: Tensor): Tensor => unary('cos', x);

/** x where x >= 0, else `slope` x (Maas, Hannun & Ng 2013). Throws InputError unless the slope is a number. */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  checkParameter('leakyRelu', 'slope', slope);
  return unary('leakyRelu', x, slope);
}

/**
 * x to the power `exponent`, a number: by repeated multiplication for whole exponents up to 64, else e^(exponent ln x), whose
 * relative error is about 1e-7 (1 + |exponent ln x|) and which is NaN below 0. Throws InputError unless it is a number.
 */
export function pow(x: Tensor, exponent: number): Tensor {
  checkParameter('pow', 'exponent', exponent);
  return unary('pow', x, exponent);
}

/**
 * x bounded to low ... high; NaN stays NaN. The gradient is 0 outside. Throws InputError where the bounds are no numbers or in
 * the wrong order.
 */
export function clip(x: Tensor, low: number, high: number): Tensor {
  checkParameter('clip', 'lower bound', low);
  checkParameter('clip', 'upper bound', high);
  if (low > high) throw new InputError(`clip: the lower bound ${low} is above the upper bound ${high}`);
  return unary('clip', x, low, high);
}
