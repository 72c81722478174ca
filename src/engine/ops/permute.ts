// Axes in another order: y[i_axes[0], i_axes[1], ...] = x[i_0, i_1, ...].

import { ShapeError } from '../errors';
import { checkWalk, copying } from '../graph/copy';
import { input, output } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { axisOf, offsetsOf, type Shape, stridesOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';

interface Options {
  /** Axis i of the result is axis `axes[i]` of x. */
  readonly axes: readonly number[];
}

const walkOf = (x: Shape, { axes }: Options) => ({
  shape: axes.map((axis) => x[axis]),
  strides: axes.map((axis) => stridesOf(x)[axis]),
});

export const permuteRule = /* @__PURE__ */ defineOp<Options>({
  name: 'permute',
  operands: 'any',
  infer([x], options) {
    const sorted = [...options.axes].sort((a, b) => a - b);
    if (sorted.length !== x.shape.length || sorted.some((axis, i) => axis !== i)) {
      throw new ShapeError('permute', `[${options.axes.join(', ')}] does not name every axis once`, [x.shape]);
    }
    const { shape, strides } = walkOf(x.shape, options);
    checkWalk('permute', shape, [strides, stridesOf(shape)]);
    return { shape, dtype: x.dtype };
  },
  ...copying<Options>('permute', ([x], _output, options) => [
    { from: input(0), to: output, ...walkOf(x.shape, options) },
  ]),
  gradient: ({ options: { axes } }, upstream) => [
    () =>
      permute(
        upstream,
        axes.map((_, axis) => axes.indexOf(axis)),
      ),
  ],
  reference([x], result, options) {
    const { shape, strides } = walkOf(x.shape, options);
    for (const [i, at] of offsetsOf(shape, strides).entries()) result.data[i] = x.data[at];
  },
});

/** `x` with its axes in the order `axes`, any type; negative ones count from the end. Throws ShapeError unless each is named once. */
export const permute = (x: Tensor, axes: readonly number[]): Tensor =>
  apply(permuteRule, [x], { axes: axes.map((axis) => axisOf('permute', x.shape, axis)) });

/** `x` with its last two axes exchanged. */
export function transpose(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return permute(x, [...axes.slice(0, -2), axes[axes.length - 1], axes[axes.length - 2]]);
}
