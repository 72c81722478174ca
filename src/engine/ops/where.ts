// One of two values, element by element, as a condition says; all three broadcast.

import whereKernel from '../../shaders/where.wgsl';
import { ShapeError } from '../errors';
import { checkWalk } from '../graph/copy';
import { call } from '../graph/cpuPlan';
import { input, MOVE, output, perThread } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { broadcastShape, broadcastStrides, offsetsOf, type Shape, sizeOf } from '../graph/shape';
import { type Operand, type Signature, type Tensor, tensorOf } from '../graph/tensor';
import { sumTo } from './sum';

const stridesOfAll = (operands: readonly Signature[], shape: Shape) =>
  operands.map((operand) => broadcastStrides(operand.shape, shape));

export const whereRule = /* @__PURE__ */ defineOp<null>({
  name: 'where',
  infer(operands) {
    const shapes = operands.map(({ shape }) => shape);
    const [condition, x, y] = shapes;
    const shape = broadcastShape(broadcastShape(x, y) ?? [], condition);
    if (broadcastShape(x, y) === undefined || shape === undefined)
      throw new ShapeError('where', 'the shapes do not broadcast', shapes);
    checkWalk('where', shape, stridesOfAll(operands, shape));
    return { shape, dtype: 'f32' };
  },
  kernels(operands, { shape }, _options, tuning) {
    const walk = checkWalk('where', shape, stridesOfAll(operands, shape));
    // Two words of padding: the uniform's vectors begin at multiples of four words.
    const sizes = [0, 0, ...walk.shape, ...walk.strides.flat()];
    const slots = [input(0), input(1), input(2), output];
    return perThread(tuning, { kernel: whereKernel, sizes, slots, threads: sizeOf(shape), operations: 2 * MOVE });
  },
  cpu(operands, { shape }) {
    const walk = checkWalk('where', shape, stridesOfAll(operands, shape));
    return call('where', [input(0), input(1), input(2), output], ...walk.shape, ...walk.strides.flat());
  },
  gradient: ({ inputs: [condition, x, y] }, upstream) => [
    null,
    () => sumTo(where(condition, upstream, 0), x.shape),
    () => sumTo(where(condition, 0, upstream), y.shape),
  ],
  reference(operands, result) {
    const [chosen, left, right] = stridesOfAll(operands, result.shape).map((each) => offsetsOf(result.shape, each));
    const [condition, x, y] = operands;
    for (let i = 0; i < result.data.length; i++)
      result.data[i] = condition.data[chosen[i]] !== 0 ? x.data[left[i]] : y.data[right[i]];
  },
});

/**
 * x where `condition` is not 0 (a NaN is not), else y, with broadcasting; conditions are what `less` and its like give. The
 * gradient goes to what was taken. Throws ShapeError where the shapes do not broadcast.
 */
export const where = (condition: Tensor, x: Operand, y: Operand): Tensor =>
  apply(whereRule, [condition, tensorOf(x), tensorOf(y)], null);
