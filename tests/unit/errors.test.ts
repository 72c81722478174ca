// Graphs that make no sense are refused while they are traced, with the op and the shapes named.

import { expect, test } from 'vitest';
import {
  add,
  concat,
  constant,
  convolve,
  GradientError,
  gatherRows,
  gradient,
  linear,
  matmul,
  permute,
  ReferenceDevice,
  randomNormal,
  reshape,
  ShapeError,
  sampleGaussians,
  scalar,
  slice,
  sum,
  topK,
  triangularSolve,
  variable,
} from '../../src/engine';

const zeros = (...shape: number[]) => constant(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

test.each([
  ['add', () => add(zeros(2, 3), zeros(2, 4)), 'add: the shapes do not broadcast; got [2, 3] and [2, 4]'],
  [
    'matmul',
    () => matmul(zeros(1, 2, 3), zeros(1, 4, 5)),
    'matmul: the inner sizes differ; got [1, 2, 3] and [1, 4, 5]',
  ],
  ['replicas', () => matmul(zeros(2, 2, 3), zeros(3, 3, 5)), 'matmul: the numbers of replicas differ'],
  ['bias', () => linear(zeros(1, 2, 3), zeros(1, 3, 5), zeros(1, 4)), 'the bias must be [1, 5]'],
  ['sum', () => sum(zeros(2), [1]), 'there is no axis 1'],
  ['gather', () => gatherRows(zeros(3, 2), zeros(2)), 'operand 2 must be u32, and is f32'],
  ['an empty batch', () => variable('x', [0, 3]), 'every size must be a whole number of at least 1; got [0, 3]'],
  ['half a row', () => variable('x', [1.5]), 'every size must be a whole number of at least 1'],
  ['concat', () => concat([zeros(2, 3), zeros(3, 4)], 0), 'differ along axis 0 only; got [2, 3] and [3, 4]'],
  ['slice', () => slice(zeros(4), [2], [3]), 'the part at [2] does not lie inside the whole'],
  ['permute', () => permute(zeros(2, 3), [0, 0]), '[0, 0] does not name every axis once'],
  ['convolve', () => convolve(zeros(1, 1, 2, 2, 1), zeros(1, 9, 1), zeros(1, 1), { kernel: [3, 3] }), 'the 3x3 window'],
  ['triangular', () => triangularSolve(zeros(2, 3, 3), zeros(2, 4)), '[..., K, K] and vectors [..., K]'],
  ['topK', () => topK(zeros(3), 4), 'there are no 4 entries in a row'],
  ['rank', () => permute(zeros(2, 2, 2, 2, 2), [4, 3, 2, 1, 0]), 'at most four axes that cannot be merged'],
  ['reshape', () => reshape(zeros(6), [4]), 'the number of elements differs'],
  ['constant', () => constant(new Float32Array(3), [2]), '3 values do not fill the shape'],
])('%s', (_, build, message) => {
  expect(build).toThrow(ShapeError);
  expect(build).toThrow(message);
});

test('gradients that do not exist say why', () => {
  const w = variable('w', [2]);
  expect(() => gradient(sum(zeros(2)), [w])).toThrow(GradientError);
  const seeds = constant(Uint32Array.of(1));
  const packed = variable('packed', [1, 3, 4]);
  const [slope] = gradient(sum(sampleGaussians(packed, { seeds, step: seeds }, 2, 0)), [packed]);
  expect(() => gradient(sum(slope), [packed])).toThrow(/sampleGaussianGradient has no gradient: /);
  expect(randomNormal({ seeds, step: seeds }, 0, [3]).shape).toEqual([1, 3]);
});

test('a variable takes only data of its size and type', () => {
  using device = new ReferenceDevice();
  const w = variable('w', [2]);
  expect(() => device.write(w, new Float32Array(3))).toThrow(/w is f32/);
  expect(() => device.write(w, new Uint32Array(2))).toThrow(/w is f32/);
  expect(() => device.write(scalar(1), new Float32Array(1))).toThrow(/only a variable/);
});
