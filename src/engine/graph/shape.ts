// Shapes: row-major, outermost axis first; an empty shape is one number.

import { ShapeError } from '../errors';

/** Sizes of the axes, outermost first; row-major. */
export type Shape = readonly number[];

/** How many numbers a shape holds. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, axis) => n === b[axis]);

/** Throws ShapeError unless an operand, such as the gradient that comes from above, has the shape that it must have. */
export function checkUpstream(op: string, shape: Shape, wanted: Shape): void {
  if (!sameShape(shape, wanted)) throw new ShapeError(op, `an operand must be [${wanted.join(', ')}]`, [shape]);
}

/** An axis counted from the front; -1 is the last. Throws ShapeError where there is none such. */
export function axisOf(op: string, shape: Shape, axis: number): number {
  const found = axis < 0 ? axis + shape.length : axis;
  if (shape[found] === undefined) throw new ShapeError(op, `there is no axis ${axis}`, [shape]);
  return found;
}

/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** The shape two operands broadcast to (trailing axes aligned, 1 stretches), or undefined when they do not fit. */
export function broadcastShape(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) return undefined;
    shape.push(m === 1 ? n : m);
  }
  return shape;
}

/** Strides that read `from` as if it had the broadcast shape `to`: 0 along stretched axes. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const shift = to.length - from.length;
  return to.map((_, axis) => (axis < shift || from[axis - shift] === 1 ? 0 : strides[axis - shift]));
}

/** The offset of every element of a strided tensor, in row-major order: what a reference walks. */
export function offsetsOf(shape: Shape, strides: readonly number[], start = 0): Uint32Array {
  let offsets = Uint32Array.of(start);
  for (const [axis, n] of shape.entries()) {
    const outer = offsets;
    offsets = Uint32Array.from(
      { length: outer.length * n },
      (_, i) => outer[Math.floor(i / n)] + (i % n) * strides[axis],
    );
  }
  return offsets;
}

/** A shape and the strides under which several operands walk it. */
export interface Walk {
  readonly shape: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/**
 * The same walk over exactly four axes, which is what the strided kernels take: neighbouring axes that every operand
 * steps through as one are merged, so most tensors of higher rank fit too. Undefined where five or more remain.
 */
export function fourAxes(walk: Walk): Walk | undefined {
  const shape: number[] = [];
  const strides = walk.strides.map((): number[] => []);
  for (const [axis, n] of walk.shape.entries()) {
    if (n === 1) continue;
    const last = shape.length - 1;
    const merges = last >= 0 && walk.strides.every((each, o) => strides[o][last] === each[axis] * n);
    if (merges) {
      shape[last] *= n;
      for (const [o, each] of walk.strides.entries()) strides[o][last] = each[axis];
    } else {
      shape.push(n);
      for (const [o, each] of walk.strides.entries()) strides[o].push(each[axis]);
    }
  }
  if (shape.length > 4) return undefined;
  const pad = (values: readonly number[], fill: number) => [
    ...new Array<number>(4 - values.length).fill(fill),
    ...values,
  ];
  return { shape: pad(shape, 1), strides: strides.map((each) => pad(each, 0)) };
}
