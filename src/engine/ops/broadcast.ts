// Stretches axes of size 1, and adds leading axes, until a tensor has the wanted shape.

import { ShapeError } from '../errors';
import { checkWalk, copyDispatch } from '../graph/copy';
import { input, output } from '../graph/dispatch';
import { broadcastShape, broadcastStrides, offsetsOf, type Shape, sameShape, stridesOf } from '../graph/shape';
import { apply, type Rule, type Tensor } from '../graph/tensor';
import { sumTo } from './reduce';

export const broadcastToRule: Rule<{ readonly shape: Shape }> = {
  name: 'broadcastTo',
  operands: 'any',
  infer([x], { shape }) {
    const joint = broadcastShape(x.shape, shape);
    if (joint === undefined || !sameShape(joint, shape)) {
      throw new ShapeError('broadcastTo', 'the shape does not stretch to the other', [x.shape, shape]);
    }
    checkWalk('broadcastTo', shape, [broadcastStrides(x.shape, shape), stridesOf(shape)]);
    return { shape, dtype: x.dtype };
  },
  kernels([x], { shape }) {
    const strides = broadcastStrides(x.shape, shape);
    return { dispatches: [copyDispatch('broadcastTo', input(0), output, { shape, strides })] };
  },
  gradient: ({ inputs: [x] }, upstream) => [() => sumTo(upstream, x.shape)],
  reference([x], result) {
    for (const [i, at] of offsetsOf(result.shape, broadcastStrides(x.shape, result.shape)).entries())
      result.data[i] = x.data[at];
  },
};

/** `x` stretched to `shape`; `x` itself where nothing changes. Throws ShapeError where it does not fit. */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : apply(broadcastToRule, [x], { shape });
