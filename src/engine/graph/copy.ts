// The strided copy: broadcasting, transposing, slicing, joining and packing are all one kernel under different strides.

import stridedCopyKernel from '../../shaders/strided_copy.wgsl';
import { ShapeError } from '../errors';
import { type Dispatch, MOVE, type Slot, type Tuning, threadDispatches } from './dispatch';
import { fourAxes, type Shape, sizeOf, stridesOf, type Walk } from './shape';

/** Which elements are read and where they go, in elements. */
export interface CopyWalk {
  /** How many elements along each axis. */
  readonly shape: Shape;
  /** First element read, and the strides of reading. */
  readonly start?: number;
  readonly strides: readonly number[];
  /** First element written, and the strides of writing: contiguous by default. */
  readonly into?: number;
  readonly placed?: readonly number[];
}

/** Throws ShapeError, naming `op`, where a walk has more than four axes that do not merge; else the walk over four. */
export function checkWalk(op: string, shape: Shape, strides: readonly (readonly number[])[]): Walk {
  const merged = fourAxes({ shape, strides });
  if (merged === undefined) throw new ShapeError(op, 'takes at most four axes that cannot be merged', [shape]);
  return merged;
}

/** The dispatches of a copy from one slot to another. Throws ShapeError as `checkWalk`. */
export function copyDispatches(op: string, from: Slot, to: Slot, walk: CopyWalk, tuning: Tuning): Dispatch[] {
  const { shape, start = 0, strides, into = 0, placed = stridesOf(shape) } = walk;
  const merged = checkWalk(op, shape, [strides, placed]);
  const [reading, writing] = merged.strides;
  const whole = [...merged.shape.slice(3), start, into, ...reading.slice(0, 3), ...writing.slice(0, 3)];
  const vector = reading[3] === 1 && writing[3] === 1 && whole.every((n) => n % 4 === 0);
  const flavour = vector ? 'vector' : 'scalar';
  const unit = vector ? 4 : 1;
  const inUnits = (values: readonly number[]) => [...values.slice(0, 3).map((n) => n / unit), values[3]];
  const threads = sizeOf(shape) / unit;
  const sizes = [
    ...[start / unit, into / unit],
    ...[...merged.shape.slice(0, 3), merged.shape[3] / unit],
    ...inUnits(reading),
    ...inUnits(writing),
  ];
  const slots = [from, to];
  return threadDispatches(tuning, { kernel: stridedCopyKernel, flavour, sizes, slots, threads, operations: 2 * MOVE });
}
