// From the number of a combination to the numbers that a renderer wants, on the GPU: the combination is taken apart in
// mixed radix, and every wanted number is looked up in a table of one of its factors. The tables are made here, in double
// precision, so that no sine or cosine is left to a shader; and a step of training uploads nothing.

import {
  apply,
  call,
  constant,
  defineOp,
  InputError,
  input,
  output,
  perThread,
  ShapeError,
  sizeOf,
  type Tensor,
} from '../engine';
import factorNumbersKernel from '../shaders/factor_numbers.wgsl';
import type { FactorSpace } from './factors';

/** A number made of the value of one factor, or the same number for all combinations. */
export type Coordinate =
  | number
  | {
      readonly factor: string;
      /** The coordinate at a value of the factor. */
      readonly of: (value: number) => number;
    };

/** Words that describe a wanted number: the stride and size of its factor's digit, and where its table begins. */
const DIGIT_WORDS = 3;

export const factorNumbersRule = /* @__PURE__ */ defineOp<null>({
  name: 'factorNumbers',
  operands: ['u32', 'u32', 'f32'],
  infer([indices, digits, values]) {
    if (digits.shape.length !== 2 || digits.shape[1] !== DIGIT_WORDS || values.shape.length !== 1) {
      throw new ShapeError('factorNumbers', `takes indices, digits [numbers, ${DIGIT_WORDS}] and values`, [
        indices.shape,
        digits.shape,
        values.shape,
      ]);
    }
    return { shape: [...indices.shape, digits.shape[0]], dtype: 'f32' };
  },
  kernels([, digits], { shape }, _options, tuning) {
    const threads = sizeOf(shape);
    const slots = [input(0), input(1), input(2), output];
    return perThread(tuning, { kernel: factorNumbersKernel, sizes: [digits.shape[0]], slots, threads });
  },
  cpu: ([indices, digits]) =>
    call('factor_numbers', [input(0), input(1), input(2), output], sizeOf(indices.shape), digits.shape[0]),
  gradient: { reason: 'factor values are data' },
  reference([indices, digits, values], result) {
    const [count] = digits.shape;
    for (let i = 0; i < result.data.length; i++) {
      const [stride, size, offset] = digits.data.subarray((i % count) * DIGIT_WORDS);
      const digit = Math.floor(indices.data[Math.floor(i / count)] / stride) % size;
      result.data[i] = values.data[offset + digit];
    }
  },
});

/**
 * The numbers [..., coordinates] of the combinations `indices` (u32 [...]) of `space`; numbers beyond its count begin anew.
 * Throws InputError when a coordinate names no factor.
 */
export function factorNumbers(indices: Tensor, space: FactorSpace, coordinates: readonly Coordinate[]): Tensor {
  const digits: number[] = [];
  const values: number[] = [];
  for (const coordinate of coordinates) {
    if (typeof coordinate === 'number') {
      digits.push(1, 1, values.length);
      values.push(coordinate);
      continue;
    }
    const f = space.factors.findIndex(({ name }) => name === coordinate.factor);
    if (f < 0) throw new InputError(`there is no factor ${coordinate.factor}`);
    digits.push(space.strides[f], space.sizes[f], values.length);
    for (const value of space.factors[f].values) values.push(coordinate.of(value));
  }
  const shape = [coordinates.length, DIGIT_WORDS];
  return apply(
    factorNumbersRule,
    [indices, constant(Uint32Array.from(digits), shape), constant(Float32Array.from(values))],
    null,
  );
}
