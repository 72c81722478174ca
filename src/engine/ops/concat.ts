// Tensors side by side along one axis.

import { ShapeError } from '../errors';
import { checkWalk, copying } from '../graph/copy';
import { input, output } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { axisOf, offsetsOf, type Shape, sameShape, stridesOf } from '../graph/shape';
import { reshape, type Tensor } from '../graph/tensor';
import { slice } from './slice';

interface Options {
  readonly axis: number;
}

/** Where each part begins along the axis. */
function startsOf(parts: readonly { readonly shape: Shape }[], axis: number): number[] {
  let next = 0;
  return parts.map(({ shape }) => {
    const start = next;
    next += shape[axis];
    return start;
  });
}

export const concatRule = /* @__PURE__ */ defineOp<Options>({
  name: 'concat',
  operands: 'any',
  infer(parts, { axis }) {
    const shapes = parts.map(({ shape }) => shape);
    const [first] = parts;
    const fits = (shape: Shape) =>
      shape.length === first.shape.length && shape.every((n, i) => i === axis || n === first.shape[i]);
    if (first?.shape[axis] === undefined || !parts.every((p) => p.dtype === first.dtype && fits(p.shape))) {
      throw new ShapeError('concat', `the parts must be of one type and differ along axis ${axis} only`, shapes);
    }
    const length = shapes.reduce((total, shape) => total + shape[axis], 0);
    const shape = first.shape.map((n, i) => (i === axis ? length : n));
    for (const part of shapes) checkWalk('concat', part, [stridesOf(part), stridesOf(shape)]);
    return { shape, dtype: first.dtype };
  },
  ...copying<Options>('concat', (parts, result, { axis }) => {
    const placed = stridesOf(result.shape);
    return startsOf(parts, axis).map((start, i) => {
      const { shape } = parts[i];
      return { from: input(i), to: output, shape, strides: stridesOf(shape), into: start * placed[axis], placed };
    });
  }),
  gradient({ inputs, options: { axis } }, upstream) {
    const starts = startsOf(inputs, axis);
    return inputs.map(({ shape }, part) => () => {
      const from = shape.map((_, i) => (i === axis ? starts[part] : 0));
      return slice(upstream, from, shape);
    });
  },
  reference(parts, result, { axis }) {
    const strides = stridesOf(result.shape);
    for (const [part, start] of startsOf(parts, axis).entries()) {
      const offsets = offsetsOf(parts[part].shape, strides, start * strides[axis]);
      for (const [i, to] of offsets.entries()) result.data[to] = parts[part].data[i];
    }
  },
});

/**
 * Parts of one type side by side along `axis`, which counts from the end where it is negative. Throws ShapeError when their
 * other axes differ.
 */
export const concat = (parts: readonly Tensor[], axis: number): Tensor =>
  apply(concatRule, parts, { axis: parts.length === 0 ? axis : axisOf('concat', parts[0].shape, axis) });

/** Parts of one shape and type along a new axis, `axis` of the result. Throws ShapeError where they differ. */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  const shapes = parts.map(({ shape }) => shape);
  if (parts.length === 0 || !shapes.every((shape) => sameShape(shape, shapes[0])))
    throw new ShapeError('stack', 'takes one or more tensors of one shape', shapes);
  const at = axisOf('stack', [1, ...shapes[0]], axis);
  const widened = [...shapes[0].slice(0, at), 1, ...shapes[0].slice(at)];
  return concat(
    parts.map((part) => reshape(part, widened)),
    at,
  );
}
