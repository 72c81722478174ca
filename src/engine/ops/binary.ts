// out = f(x, y), element by element, with broadcasting: trailing axes aligned, an axis of size 1 stretches. A function is
// one row of the table, reference and gradient side by side; shaders/lib/binary.wgsl has it under the same name.

import binaryKernel from '../../shaders/binary.wgsl';
import binaryBroadcastKernel from '../../shaders/binary_broadcast.wgsl';
import binaryBroadcastVectorKernel from '../../shaders/binary_broadcast_vector.wgsl';
import { ShapeError } from '../errors';
import { checkWalk } from '../graph/copy';
import { call } from '../graph/cpuPlan';
import { constantOf, input, MOVE, output, type Plan, perThread, type Tuning } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { broadcastShape, broadcastStrides, offsetsOf, type Shape, sameShape, sizeOf } from '../graph/shape';
import { type Operand, type Signature, type Tensor, tensorOf } from '../graph/tensor';
import { sumTo } from './sum';

/** upstream times a partial derivative, in the broadcast shape; null where that is 0. */
type Partial = ((upstream: Tensor, x: Tensor, y: Tensor) => Tensor) | null;

type FunctionName =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'maximum'
  | 'minimum'
  | 'wherePositive'
  | 'whereNotPositive'
  | 'less'
  | 'lessEqual'
  | 'equal'
  | 'notEqual';

interface BinaryFunction {
  /** f in f32; the caller rounds. */
  readonly value: (x: number, y: number) => number;
  readonly gradient: readonly [Partial, Partial];
}

const functions: Record<FunctionName, BinaryFunction> = {
  add: { value: (x, y) => x + y, gradient: [(g) => g, (g) => g] },
  sub: { value: (x, y) => x - y, gradient: [(g) => g, (g) => mul(g, -1)] },
  mul: { value: (x, y) => x * y, gradient: [(g, _, y) => mul(g, y), (g, x) => mul(g, x)] },
  div: {
    value: (x, y) => x / y,
    gradient: [(g, _, y) => div(g, y), (g, x, y) => mul(mul(g, div(x, mul(y, y))), -1)],
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
  less: { value: (x, y) => Number(x < y), gradient: [null, null] },
  lessEqual: { value: (x, y) => Number(x <= y), gradient: [null, null] },
  equal: { value: (x, y) => Number(x === y), gradient: [null, null] },
  notEqual: { value: (x, y) => Number(x !== y), gradient: [null, null] },
};

export const binaryNames = Object.keys(functions) as FunctionName[];

export const binaryRule = /* @__PURE__ */ defineOp<FunctionName>({
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
  kernels([x, y], { shape }, name, tuning) {
    const constants = constantOf(name);
    if (sameShape(x.shape, y.shape)) {
      const threads = Math.ceil(sizeOf(shape) / 4);
      return perThread(tuning, { kernel: binaryKernel, constants, sizes: [], slots, threads });
    }
    return broadcasting(x, y, shape, constants, tuning);
  },
  cpu([x, y], { shape }, name) {
    const walk = checkWalk(name, shape, stridesOfBoth(x, y, shape));
    return call(`binary_${name}`, slots, ...walk.shape, ...walk.strides.flat());
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
});

const slots = [input(0), input(1), output];

const stridesOfBoth = (x: Signature, y: Signature, shape: Shape) =>
  [x, y].map((operand) => broadcastStrides(operand.shape, shape));

/** Four elements a thread where the innermost axis allows it: every operand runs along it in step, or stands still. */
function broadcasting(
  x: Signature,
  y: Signature,
  shape: Shape,
  constants: Readonly<Record<string, number>>,
  tuning: Tuning,
): Plan {
  const walk = checkWalk('binary', shape, stridesOfBoth(x, y, shape));
  const [left, right] = walk.strides;
  const inStep = walk.strides.every(
    (strides) => strides[3] === 0 || (strides[3] === 1 && strides.slice(0, 3).every((n) => n % 4 === 0)),
  );
  const vector = inStep && walk.shape[3] % 4 === 0;
  const unit = vector ? 4 : 1;
  const axes = [...walk.shape.slice(0, 3), walk.shape[3] / unit];
  const kernel = vector ? binaryBroadcastVectorKernel : binaryBroadcastKernel;
  // Two words of padding: the uniform's vectors begin at multiples of four words.
  const sizes = [0, 0, ...axes, ...left, ...right];
  return perThread(tuning, { kernel, constants, sizes, slots, threads: sizeOf(shape) / unit, operations: 2 * MOVE });
}

const binary = (name: FunctionName, x: Operand, y: Operand): Tensor =>
  apply(binaryRule, [tensorOf(x), tensorOf(y)], name);

/** a + b, element by element; shapes are broadcast as in NumPy, and numbers are operands. Throws ShapeError where they do not fit. */
export const add = (x: Operand, y: Operand): Tensor => binary('add', x, y);
/** a - b, element by element; shapes are broadcast as in NumPy, and numbers are operands. Throws ShapeError where they do not fit. */
export const sub = (x: Operand, y: Operand): Tensor => binary('sub', x, y);
/** a b, element by element; shapes are broadcast as in NumPy, and numbers are operands. Throws ShapeError where they do not fit. */
export const mul = (x: Operand, y: Operand): Tensor => binary('mul', x, y);
/** a / b, element by element; shapes are broadcast as in NumPy, and numbers are operands. Throws ShapeError where they do not fit. */
export const div = (x: Operand, y: Operand): Tensor => binary('div', x, y);
/** The larger, NaN where either is; the gradient goes to x where they are equal. */
export const maximum = (x: Operand, y: Operand): Tensor => binary('maximum', x, y);
/** The smaller, NaN where either is; the gradient goes to x where they are equal. */
export const minimum = (x: Operand, y: Operand): Tensor => binary('minimum', x, y);
/** x where y > 0, else 0: the gradient of relu. */
export const wherePositive = (x: Operand, y: Operand): Tensor => binary('wherePositive', x, y);
/** x where y <= 0, else 0. */
export const whereNotPositive = (x: Operand, y: Operand): Tensor => binary('whereNotPositive', x, y);
/** 1 where x < y, else 0, also where either is NaN. No comparison has a gradient. */
export const less = (x: Operand, y: Operand): Tensor => binary('less', x, y);
/** 1 where x <= y, else 0. */
export const lessEqual = (x: Operand, y: Operand): Tensor => binary('lessEqual', x, y);
/** 1 where x > y, else 0. */
export const greater = (x: Operand, y: Operand): Tensor => binary('less', y, x);
/** 1 where x >= y, else 0. */
export const greaterEqual = (x: Operand, y: Operand): Tensor => binary('lessEqual', y, x);
/** 1 where x = y, else 0: a NaN equals nothing. */
export const equal = (x: Operand, y: Operand): Tensor => binary('equal', x, y);
/** 1 where x and y differ, else 0. */
export const notEqual = (x: Operand, y: Operand): Tensor => binary('notEqual', x, y);
