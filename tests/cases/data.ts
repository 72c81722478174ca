// What cases of ops are made of: tensors of numbers that are the same in every run.

import { constant, type Shape, sizeOf, type Tensor } from '../../src/engine';
import type { rules } from '../../src/engine/ops';
import { type Block, threefry, uniformF } from '../../src/engine/random/threefry';
import type { OpCase } from '../../src/engine/testing';

/** A case of an op of the table. */
export interface Case extends OpCase {
  readonly op: keyof typeof rules;
}

let stream = 0;

/** Uniform numbers in [low, high), the same in every run. */
export function numbers(count: number, low = -2, high = 2, seed = stream++): Float32Array {
  const key: Block = [seed, 77];
  return Float32Array.from({ length: count }, (_, i) => low + (high - low) * uniformF(threefry(key, [i, 0])[0]));
}

export const tensor = (shape: Shape, low?: number, high?: number): Tensor =>
  constant(numbers(sizeOf(shape), low, high), shape);

export const positive = (shape: Shape): Tensor => tensor(shape, 0.1, 3);

/** Seeds and a step, as the random ops take them. */
export const streamOf = (replicas: number, step = 3) => ({
  seeds: constant(Uint32Array.from({ length: replicas }, (_, r) => 11 + 5 * r)),
  step: constant(Uint32Array.of(step)),
});

/** Biases so large that they decide on which side of 0 a sum lies: a relu whose kink no difference crosses. */
export const decided = (shape: Shape, size = 100): Tensor =>
  constant(
    numbers(sizeOf(shape), -1, 1).map((x, i) => x + (i % 2 === 0 ? size : -size)),
    shape,
  );

/** Different numbers in no order, so far apart that no difference changes which is the largest. */
export const spaced = (shape: Shape): Tensor =>
  constant(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => 0.02 * ((i * 7919) % sizeOf(shape))),
    shape,
  );

export const indices = (shape: Shape, below: number): Tensor =>
  constant(Uint32Array.from(numbers(sizeOf(shape), 0, below), Math.floor), shape);

/** Few different values, so that many are equal; zeros of both signs, infinities and a NaN among them. */
export function tied(shape: Shape): Tensor {
  const values = numbers(sizeOf(shape), -3, 3).map(Math.round);
  values.set([-0, 0, Number.NaN, Infinity, -Infinity], 7);
  return constant(values, shape);
}

/** Square matrices whose diagonal outweighs the rest of its row. */
export function dominant(shape: Shape): Tensor {
  const k = shape[shape.length - 1];
  const values = numbers(sizeOf(shape), -1 / k, 1 / k);
  for (let i = 0; i < values.length; i += k) values[i + (Math.floor(i / k) % k)] += 2;
  return constant(values, shape);
}

/** The same numbers, but none where a function has a kink: what is that near is moved by a tenth. */
export function awayFrom(kinks: readonly number[], { source, shape }: Tensor): Tensor {
  const values = source.kind === 'constant' ? Float32Array.from(source.data) : new Float32Array();
  return constant(
    values.map((x) => (kinks.some((kink) => Math.abs(x - kink) < 0.05) ? x + 0.1 : x)),
    shape,
  );
}
