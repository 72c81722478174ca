// out = f(x), element by element. A function is one row of the table: its reference and its gradient side by side; the
// kernel (shaders/unary.wgsl) switches on the row's number.

import unaryKernel from '../../shaders/unary.wgsl';
import { ShapeError } from '../errors';
import { input, output, single } from '../graph/dispatch';
import { sizeOf } from '../graph/shape';
import { apply, type Rule, scalar, type Tensor } from '../graph/tensor';
import { cosF, expF, expm1F, log1pF, logF, reluF, sigmoidF, sinF, softplusF, tanhF } from '../numeric';
import { add, div, mul, sub, whereNotPositive, wherePositive } from './binary';

interface UnaryFunction {
  /** f in f32. */
  readonly value: (x: number) => number;
  /** upstream times f'(x), from x and y = f(x). */
  readonly gradient: (upstream: Tensor, x: Tensor, y: Tensor) => Tensor;
}

/** In the order of the switch in shaders/unary.wgsl. */
export const unaryNames = [
  'neg',
  'exp',
  'log',
  'log1p',
  'expm1',
  'tanh',
  'sigmoid',
  'softplus',
  'relu',
  'sqrt',
  'abs',
  'square',
  'sin',
  'cos',
] as const;

type FunctionName = (typeof unaryNames)[number];

const functions: Record<FunctionName, UnaryFunction> = {
  neg: { value: (x) => -x, gradient: (g) => neg(g) },
  exp: { value: expF, gradient: (g, _, y) => mul(g, y) },
  log: { value: logF, gradient: (g, x) => div(g, x) },
  log1p: { value: log1pF, gradient: (g, x) => div(g, add(x, scalar(1))) },
  expm1: { value: expm1F, gradient: (g, _, y) => mul(g, add(y, scalar(1))) },
  tanh: { value: tanhF, gradient: (g, _, y) => mul(g, sub(scalar(1), mul(y, y))) },
  sigmoid: { value: sigmoidF, gradient: (g, _, y) => mul(g, mul(y, sub(scalar(1), y))) },
  softplus: { value: softplusF, gradient: (g, x) => mul(g, sigmoid(x)) },
  relu: { value: reluF, gradient: (g, x) => wherePositive(g, x) },
  sqrt: { value: (x) => Math.fround(Math.sqrt(x)), gradient: (g, _, y) => div(mul(g, scalar(0.5)), y) },
  square: { value: (x) => x * x, gradient: (g, x) => mul(g, add(x, x)) },
  sin: { value: sinF, gradient: (g, x) => mul(g, cos(x)) },
  cos: { value: cosF, gradient: (g, x) => neg(mul(g, sin(x))) },
  abs: { value: Math.abs, gradient: (g, x) => sub(wherePositive(g, x), whereNotPositive(g, x)) },
};

export const unaryRule: Rule<FunctionName> = {
  name: 'unary',
  // Checked below, where the function's name is known.
  operands: 'any',
  infer([x], name) {
    if (x.dtype !== 'f32') throw new ShapeError(name, `takes f32, not ${x.dtype}`, [x.shape]);
    return x;
  },
  kernels([x], _output, name) {
    const vectors = Math.ceil(sizeOf(x.shape) / 4);
    const constants = { FUNCTION: unaryNames.indexOf(name) };
    const slots = [input(0), output];
    return single({ kernel: unaryKernel, constants, sizes: [vectors], slots, threads: vectors });
  },
  gradient: ({ inputs: [x], output: y, options: name }, upstream) => [() => functions[name].gradient(upstream, x, y)],
  reference([x], result, name) {
    const { value } = functions[name];
    for (let i = 0; i < x.data.length; i++) result.data[i] = value(x.data[i]);
  },
};

const of = (name: FunctionName) => (x: Tensor) => apply(unaryRule, [x], name);

export const neg = of('neg');
export const exp = of('exp');
export const log = of('log');
/** ln(1 + x), accurate near 0. */
export const log1p = of('log1p');
/** e^x - 1, accurate near 0. */
export const expm1 = of('expm1');
export const tanh = of('tanh');
export const sigmoid = of('sigmoid');
/** ln(1 + e^x). */
export const softplus = of('softplus');
export const relu = of('relu');
export const sqrt = of('sqrt');
export const abs = of('abs');
export const square = of('square');
/** Accurate to about 1e-7 for |x| up to 8192; NaN beyond, where an f32 angle can no longer be reduced exactly. */
export const sin = of('sin');
/** As `sin`. */
export const cos = of('cos');
