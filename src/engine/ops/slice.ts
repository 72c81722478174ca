// A box out of a tensor, and its adjoint: a box of zeros with a tensor placed in it. Each is the other's gradient.

import { ShapeError } from '../errors';
import { checkWalk, copying } from '../graph/copy';
import { input, output } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { offsetsOf, type Shape, stridesOf } from '../graph/shape';
import { constant, type Dtype, scalar, type Tensor } from '../graph/tensor';

interface SliceOptions {
  /** First index along every axis. */
  readonly from: readonly number[];
  readonly shape: Shape;
}

interface PlaceOptions {
  readonly at: readonly number[];
  readonly shape: Shape;
}

/** Throws unless a box of shape `part` at `from` lies inside `whole`. */
function checkBox(op: string, part: Shape, from: readonly number[], whole: Shape): void {
  const inside = part.length === whole.length && from.length === whole.length;
  const fits = (n: number, axis: number) =>
    Number.isInteger(from[axis]) && from[axis] >= 0 && from[axis] + part[axis] <= n;
  if (!inside || !whole.every(fits)) {
    throw new ShapeError(op, `the part at [${from.join(', ')}] does not lie inside the whole`, [part, whole]);
  }
  checkWalk(op, part, [stridesOf(whole), stridesOf(part)]);
}

const startOf = (from: readonly number[], whole: Shape): number =>
  stridesOf(whole).reduce((start, stride, axis) => start + stride * from[axis], 0);

export const sliceRule = /* @__PURE__ */ defineOp<SliceOptions>({
  name: 'slice',
  operands: 'any',
  infer([x], { from, shape }) {
    checkBox('slice', shape, from, x.shape);
    return { shape, dtype: x.dtype };
  },
  ...copying<SliceOptions>('slice', ([x], { shape }, { from }) => [
    { from: input(0), to: output, shape, start: startOf(from, x.shape), strides: stridesOf(x.shape) },
  ]),
  gradient: ({ inputs: [x], options: { from } }, upstream) => [() => place(upstream, from, x.shape)],
  reference([x], result, { from }) {
    const offsets = offsetsOf(result.shape, stridesOf(x.shape), startOf(from, x.shape));
    for (const [i, at] of offsets.entries()) result.data[i] = x.data[at];
  },
});

export const placeRule = /* @__PURE__ */ defineOp<PlaceOptions>({
  name: 'place',
  operands: 'any',
  infer([x, fill], { at, shape }) {
    if (x.dtype !== fill.dtype) throw new ShapeError('place', 'the parts differ in type', [x.shape, fill.shape]);
    checkBox('place', x.shape, at, shape);
    return { shape, dtype: x.dtype };
  },
  ...copying<PlaceOptions>('place', ([x], { shape }, { at }) => {
    const clear = { shape, strides: shape.map(() => 0) };
    const put = { shape: x.shape, strides: stridesOf(x.shape), into: startOf(at, shape), placed: stridesOf(shape) };
    return [
      { from: input(1), to: output, ...clear },
      { from: input(0), to: output, ...put },
    ];
  }),
  gradient: ({ inputs: [x], options: { at } }, upstream) => [() => slice(upstream, at, x.shape), null],
  reference([x], result, { at, shape }) {
    result.data.fill(0);
    for (const [i, to] of offsetsOf(x.shape, stridesOf(shape), startOf(at, shape)).entries())
      result.data[to] = x.data[i];
  },
});

/** The box of shape `shape` whose first element is x[from], any type. Throws ShapeError where it is not inside `x`. */
export const slice = (x: Tensor, from: readonly number[], shape: Shape): Tensor =>
  apply(sliceRule, [x], { from, shape });

const zero = (dtype: Dtype): Tensor => (dtype === 'f32' ? scalar(0) : constant(Uint32Array.of(0), []));

/** Zeros of shape `shape` with `x` at index `at`: what padding is. */
export const place = (x: Tensor, at: readonly number[], shape: Shape): Tensor =>
  apply(placeRule, [x, zero(x.dtype)], { at, shape });
