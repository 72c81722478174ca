// Stretches axes of size 1, and adds leading axes, until a tensor has the wanted shape.

import { ShapeError } from '../errors';
import { input, output, workgroupsFor } from '../graph/dispatch';
import { broadcastShape, broadcastStrides, fourAxes, type Shape, sameShape, sizeOf } from '../graph/shape';
import { apply, type Rule, type Tensor } from '../graph/tensor';
import { sumTo } from './reduce';

export const broadcast: Rule<{ readonly shape: Shape }> = {
  name: 'broadcast',
  infer([x], { shape }) {
    const joint = broadcastShape(x.shape, shape);
    if (joint === undefined || !sameShape(joint, shape) || shape.length > 4) {
      throw new ShapeError('broadcastTo', 'the shape does not stretch to the other (at most four axes)', [
        x.shape,
        shape,
      ]);
    }
    return { shape, dtype: x.dtype };
  },
  kernels([x], { shape }) {
    const count = sizeOf(shape);
    const strides = fourAxes(broadcastStrides(x.shape, shape), 0);
    const contiguous = fourAxes(broadcastStrides(shape, shape), 0);
    const sizes = [count, 0, 0, 0, ...fourAxes(shape, 1), ...strides, ...contiguous];
    return {
      dispatches: [{ kernel: 'strided_copy', sizes, slots: [input(0), output], workgroups: workgroupsFor(count) }],
    };
  },
  gradient: ({ inputs: [x] }, upstream) => [() => sumTo(upstream, x.shape)],
  reference([x], result) {
    const strides = broadcastStrides(x.shape, result.shape);
    const contiguous = result.shape.map((_, axis) => sizeOf(result.shape.slice(axis + 1)));
    for (let i = 0; i < result.data.length; i++) {
      let at = 0;
      for (let axis = 0; axis < strides.length; axis++) {
        at += (Math.floor(i / contiguous[axis]) % result.shape[axis]) * strides[axis];
      }
      result.data[i] = x.data[at];
    }
  },
};

/** `x` stretched to `shape`; `x` itself where nothing changes. Throws ShapeError where it does not fit. */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : apply(broadcast, [x], { shape });
