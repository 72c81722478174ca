// out = f(x, y), element by element, with broadcasting: trailing axes aligned, an axis of size 1 stretches. A function is
// one row of the table, reference and gradient side by side; the kernels switch on the row's number.

import binaryKernel from '../../shaders/binary.wgsl';
import binaryBroadcastKernel from '../../shaders/binary_broadcast.wgsl';
import binaryBroadcastVectorKernel from '../../shaders/binary_broadcast_vector.wgsl';
import { ShapeError } from '../errors';
import { checkWalk } from '../graph/copy';
import { input, output, type Plan, single } from '../graph/dispatch';
import { broadcastShape, broadcastStrides, offsetsOf, type Shape, sameShape, sizeOf } from '../graph/shape';
import { apply, type Rule, type Signature, type Tensor } from '../graph/tensor';
import { sumTo } from './reduce';
import { neg } from './unary';

interface BinaryFunction {
  /** f in f32; the caller rounds. */
  readonly value: (x: number, y: number) => number;
  /** upstream times df/dx and df/dy, in the broadcast shape; null where the derivative is 0. */
  readonly gradient: readonly [Partial, Partial];
}

type Partial = ((upstream: Tensor, x: Tensor, y: Tensor) => Tensor) | null;

/** In the order of the switch in shaders/lib/binary.wgsl. */
export const binaryNames = [
  'add',
  'sub',
  'mul',
  'div',
  'maximum',
  'minimum',
  'wherePositive',
  'whereNotPositive',
] as const;

type FunctionName = (typeof binaryNames)[number];

const functions: Record<FunctionName, BinaryFunction> = {
  add: { value: (x, y) => x + y, gradient: [(g) => g, (g) => g] },
  sub: { value: (x, y) => x - y, gradient: [(g) => g, (g) => neg(g)] },
  mul: { value: (x, y) => x * y, gradient: [(g, _, y) => mul(g, y), (g, x) => mul(g, x)] },
  div: {
    value: (x, y) => x / y,
    gradient: [(g, _, y) => div(g, y), (g, x, y) => neg(mul(g, div(x, mul(y, y))))],
  },
  maximum: {
    value: (x, y) => (x < y || Number.isNaN(y) ? y : x),
    gradient: [(g, x, y) => whereNotPositive(g, sub(y, x)), (g, x, y) => wherePositive(g, sub(y, x))],
  },
  minimum: {
    value: (x, y) => (x > y || Number.isNaN(y) ? y : x),
    gradient: [(g, x, y) => whereNotPositive(g, sub(x, y)), (g, x, y) => wherePositive(g, sub(x, y))],
  },
  wherePositive: { value: (x, y) => (y > 0 ? x : 0), gradient: [(g, _, y) => wherePositive(g, y), null] },
  whereNotPositive: { value: (x, y) => (y <= 0 ? x : 0), gradient: [(g, _, y) => whereNotPositive(g, y), null] },
};

export const binaryRule: Rule<FunctionName> = {
  name: 'binary',
  // Checked below, where the function's name is known.
  operands: 'any',
  infer([x, y], name) {
    const shape = broadcastShape(x.shape, y.shape);
    if (x.dtype !== 'f32' || y.dtype !== 'f32') throw new ShapeError(name, 'takes f32 operands', [x.shape, y.shape]);
    if (shape === undefined) throw new ShapeError(name, 'the shapes do not broadcast', [x.shape, y.shape]);
    checkWalk(name, shape, stridesOfBoth(x, y, shape));
    return { shape, dtype: 'f32' };
  },
  kernels([x, y], { shape }, name) {
    const constants = { FUNCTION: binaryNames.indexOf(name) };
    if (sameShape(x.shape, y.shape)) return elementwise(sizeOf(shape), constants);
    return broadcasting(x, y, shape, constants);
  },
  gradient({ inputs: [x, y], options: name }, upstream) {
    const [dx, dy] = functions[name].gradient;
    return [dx && (() => sumTo(dx(upstream, x, y), x.shape)), dy && (() => sumTo(dy(upstream, x, y), y.shape))];
  },
  reference([x, y], result, name) {
    const { value } = functions[name];
    const [left, right] = stridesOfBoth(x, y, result.shape).map((strides) => offsetsOf(result.shape, strides));
    for (let i = 0; i < result.data.length; i++) result.data[i] = value(x.data[left[i]], y.data[right[i]]);
  },
};

const slots = [input(0), input(1), output];

const stridesOfBoth = (x: Signature, y: Signature, shape: Shape) =>
  [x, y].map((operand) => broadcastStrides(operand.shape, shape));

function elementwise(count: number, constants: Record<string, number>): Plan {
  const vectors = Math.ceil(count / 4);
  return single({ kernel: binaryKernel, constants, sizes: [vectors], slots, threads: vectors });
}

/** Four elements a thread where the innermost axis allows it: every operand runs along it in step, or stands still. */
function broadcasting(x: Signature, y: Signature, shape: Shape, constants: Record<string, number>): Plan {
  const walk = checkWalk('binary', shape, stridesOfBoth(x, y, shape));
  const [left, right] = walk.strides;
  const inStep = walk.strides.every(
    (strides) => strides[3] === 0 || (strides[3] === 1 && strides.slice(0, 3).every((n) => n % 4 === 0)),
  );
  const vector = inStep && walk.shape[3] % 4 === 0;
  const unit = vector ? 4 : 1;
  const threads = sizeOf(shape) / unit;
  const axes = [...walk.shape.slice(0, 3), walk.shape[3] / unit];
  const kernel = vector ? binaryBroadcastVectorKernel : binaryBroadcastKernel;
  return single({ kernel, constants, sizes: [threads, 0, 0, 0, ...axes, ...left, ...right], slots, threads });
}

const of = (name: FunctionName) => (x: Tensor, y: Tensor) => apply(binaryRule, [x, y], name);

export const add = of('add');
export const sub = of('sub');
export const mul = of('mul');
export const div = of('div');
/** The larger, NaN where either is; the gradient goes to x where they are equal. */
export const maximum = of('maximum');
/** The smaller, NaN where either is; the gradient goes to x where they are equal. */
export const minimum = of('minimum');
/** x where y > 0, else 0: the gradient of relu. */
export const wherePositive = of('wherePositive');
/** x where y <= 0, else 0. */
export const whereNotPositive = of('whereNotPositive');
