// The strided copy: broadcasting, transposing, slicing, joining and packing are all one kernel under different strides.

import stridedCopyKernel from '../../shaders/strided_copy.wgsl';
import { ShapeError } from '../errors';
import type { CpuCall } from './cpuPlan';
import { type Dispatch, MOVE, type Slot, type Tuning, threadDispatches } from './dispatch';
import type { Rule } from './rule';
import { fourAxes, type Shape, sizeOf, stridesOf, type Walk } from './shape';
import type { Signature } from './tensor';

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

/** A copy from one slot to another. */
export interface Copy extends CopyWalk {
  readonly from: Slot;
  readonly to: Slot;
}

/** What an op that only copies asks of a GPU and of the CPU, from the copies it makes. Both throw ShapeError as `checkWalk`. */
export const copying = <Options>(
  op: string,
  copiesOf: (inputs: readonly Signature[], output: Signature, options: Options) => readonly Copy[],
): Pick<Rule<Options>, 'kernels' | 'cpu'> => ({
  kernels: (inputs, output, options, tuning) => ({
    dispatches: copiesOf(inputs, output, options).flatMap((copy) => dispatchesOf(op, copy, tuning)),
  }),
  cpu: (inputs, output, options) => ({ calls: copiesOf(inputs, output, options).map((copy) => callOf(op, copy)) }),
});

interface Merged {
  readonly shape: Shape;
  readonly start: number;
  readonly into: number;
  readonly reading: readonly number[];
  readonly writing: readonly number[];
}

function mergedOf(op: string, { shape, start = 0, strides, into = 0, placed = stridesOf(shape) }: Copy): Merged {
  const merged = checkWalk(op, shape, [strides, placed]);
  const [reading, writing] = merged.strides;
  return { shape: merged.shape, start, into, reading, writing };
}

function callOf(op: string, copy: Copy): CpuCall {
  const { shape, start, into, reading, writing } = mergedOf(op, copy);
  const numbers = [start, into, ...shape, ...reading, ...writing];
  return { kernel: 'strided_copy', slots: [copy.from, copy.to], numbers };
}

function dispatchesOf(op: string, copy: Copy, tuning: Tuning): Dispatch[] {
  const { shape, start, into, reading, writing } = mergedOf(op, copy);
  const whole = [...shape.slice(3), start, into, ...reading.slice(0, 3), ...writing.slice(0, 3)];
  const vector = reading[3] === 1 && writing[3] === 1 && whole.every((n) => n % 4 === 0);
  const flavour = vector ? 'vector' : 'scalar';
  const unit = vector ? 4 : 1;
  const inUnits = (values: readonly number[]) => [...values.slice(0, 3).map((n) => n / unit), values[3]];
  const threads = sizeOf(shape) / unit;
  const sizes = [
    ...[start / unit, into / unit],
    ...[...shape.slice(0, 3), shape[3] / unit],
    ...inUnits(reading),
    ...inUnits(writing),
  ];
  const slots = [copy.from, copy.to];
  return threadDispatches(tuning, { kernel: stridedCopyKernel, flavour, sizes, slots, threads, operations: 2 * MOVE });
}
