// Operands of benchmarks: the same arbitrary numbers in every run.

import { constant, type Shape, sizeOf, type Tensor } from '../src/engine';

let state = 7;

/** The next number in (0, 1): Park and Miller's generator, since the numbers need not be good. */
export function arbitrary(): number {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}

export const floats = (shape: Shape, low = -1, high = 1): Tensor =>
  constant(
    Float32Array.from({ length: sizeOf(shape) }, () => low + (high - low) * arbitrary()),
    shape,
  );

export const indices = (shape: Shape, below: number): Tensor =>
  constant(
    Uint32Array.from({ length: sizeOf(shape) }, () => Math.floor(arbitrary() * below)),
    shape,
  );
