// Graphs that make no sense are refused while they are traced, with the op and the shapes named.

import { expect, test } from 'vitest';
import {
  add,
  constant,
  GradientError,
  gatherRows,
  gradient,
  linear,
  multiply,
  ReferenceDevice,
  randomNormal,
  reshape,
  ShapeError,
  sampleGaussians,
  scalar,
  sum,
  variable,
} from '../../src/engine';

const zeros = (...shape: number[]) => constant(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

test.each([
  ['add', () => add(zeros(2, 3), zeros(2, 4)), 'add: the shapes do not broadcast; got [2, 3] and [2, 4]'],
  [
    'matmul',
    () => multiply(zeros(1, 2, 3), zeros(1, 4, 5)),
    'matmul: the inner sizes differ; got [1, 2, 3] and [1, 4, 5]',
  ],
  ['replicas', () => multiply(zeros(2, 2, 3), zeros(3, 3, 5)), 'matmul: the numbers of replicas differ'],
  ['bias', () => linear(zeros(1, 2, 3), zeros(1, 3, 5), zeros(1, 4)), 'the bias must be [1, 5]'],
  ['sum', () => sum(zeros(2), [1]), 'there is no axis 1'],
  ['gather', () => gatherRows(zeros(3, 2), zeros(2)), 'u32 indices'],
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
