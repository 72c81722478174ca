// What an executor promises of its handles, asked of the reference; the GPU is asked the same in tests/gpu/handles.test.ts.

import { expect, test } from 'vitest';
import {
  adam,
  adamW,
  append,
  assign,
  BusyError,
  bernoulliNegativeLogLikelihood,
  constant,
  increment,
  klToStandardNormal,
  patches,
  ReferenceDevice,
  randomIndices,
  ShapeError,
  sampleGaussians,
  sgd,
  type Tensor,
  totalCorrelationOf,
  variable,
  view,
} from '../../src/engine';
import { packed, packNames, twoBiases } from '../cases/aliasing';
import { handles, propagation } from '../cases/handles';
import { expectedHandles } from '../cases/handlesExpected';

test('data, reads, outputs and memory in use are as promised', async () => {
  using device = new ReferenceDevice();
  expect(await handles(device)).toEqual(expectedHandles);
});

test('what is freed while in use is refused by a typed error', async () => {
  using device = new ReferenceDevice();
  const w = variable('w', [1]);
  using _program = await device.compile({ outputs: { w } });
  expect(() => device.free([w])).toThrow(BusyError);
});

test('NaN survives the larger and the smaller of two, on either side; large angles are NaN', async () => {
  using device = new ReferenceDevice();
  const bits = await propagation(device);
  const isNan = (word: number) => word === 0x7fc00000;
  for (const name of ['maximum', 'minimum'])
    expect(bits[name].map(isNan)).toEqual([false, true, true, true, false, false, true, true]);
  expect(bits.scalarSide.every(isNan)).toBe(true);
  expect(bits.ofRows.map(isNan)).toEqual([true, true, true, false]);
  expect(bits.ofColumns.map(isNan)).toEqual([true, true, false, true]);
  expect(bits.ofAll.map(isNan)).toEqual([true]);
  for (const name of ['sin', 'cos'])
    expect(bits[name].map(isNan)).toEqual([false, false, true, true, true, true, true, true]);
});

test.each(packNames)('a pack is its parts: %s', async (name) => {
  using device = new ReferenceDevice();
  const { whole, parts } = await packed(device, name);
  expect(whole).toEqual(parts);
});

test('two biases of one gradient move alike', async () => {
  using device = new ReferenceDevice();
  const { a, b } = await twoBiases(device);
  expect(a.some((value) => value !== 0)).toBe(true);
  expect(a).toEqual(b);
});

const f32 = (...shape: number[]) => variable('x', shape);
const u32 = (...shape: number[]) => variable('n', shape, 'u32');

/** The state of an optimiser over arenas of `n`, with some of it replaced. */
const adamState = (n: number, other: Record<string, Tensor> = {}) => ({
  parameters: f32(n),
  first: f32(n),
  second: f32(n),
  gradients: f32(n),
  rates: f32(n),
  step: u32(1),
  nonFinite: u32(1),
  velocity: f32(n),
  ...other,
});

test.each<[string, () => unknown, string]>([
  [
    'Bernoulli',
    () => bernoulliNegativeLogLikelihood(f32(2, 4), u32(2, 4)),
    'bernoulliNll: operand 2 must be f32, and is u32',
  ],
  ['packed Gaussians', () => klToStandardNormal(u32(1, 3, 4), 2), 'klGaussian: operand 1 must be f32'],
  ['total correlation', () => totalCorrelationOf(u32(1, 3, 5), 2), 'gaussianTotalCorrelation: operand 1 must be f32'],
  ['patches', () => patches(u32(4, 4, 1), { kernel: [2, 2] }), 'patches: operand 1 must be f32'],
  ['half a window', () => patches(f32(4, 4, 1), { kernel: [2, 2], stride: 1.5 }), 'window does not fit'],
  [
    'a seed for other replicas',
    () => sampleGaussians(f32(2, 3, 4), { seeds: u32(1), step: u32(1) }, 2, 0),
    'a seed for each replica',
  ],
  ['float seeds', () => randomIndices({ seeds: f32(1), step: u32(1) }, 0, [3], 5), 'random: operand 1 must be u32'],
  ['adam over 6 entries', () => adam(adamState(6)), 'n a multiple of 4'],
  ['adam with a short moment', () => adam(adamState(8, { first: f32(4) })), 'must be of one length'],
  ['adam with float steps', () => adam(adamState(8, { step: f32(1) })), 'adam: operand 6 must be u32'],
  [
    'adam on a view',
    () => adam(adamState(8, { parameters: view(f32(64), 0, [8]) })),
    'operand 1 is changed and must be a variable',
  ],
  [
    'adam whose moments are one',
    () => {
      const m = f32(8);
      return adam(adamState(8, { first: m, second: m }));
    },
    'shares memory with operand',
  ],
  ['adamW with short decays', () => adamW(adamState(8), f32(4)), 'must be of one length'],
  ['sgd over 6 entries', () => sgd(adamState(6)), 'n a multiple of 4'],
  ['sgd with float flags', () => sgd(adamState(8, { nonFinite: f32(1) })), 'sgd: operand 6 must be u32'],
  ['increment of a constant', () => increment(constant(Uint32Array.of(1))), 'must be a variable'],
  ['increment of a float', () => increment(f32(1)), 'increment: operand 1 must be u32'],
  ['increment of two', () => increment(u32(2)), 'takes a counter [1]'],
  ['append of integers to floats', () => append(f32(3, 2), u32(2), u32(1)), 'differ in type'],
  [
    'append of its own ring',
    () => {
      const ring = f32(2, 64);
      return append(ring, view(ring, 0, [64]), u32(1));
    },
    'shares memory',
  ],
  ['assign to a view', () => assign(view(f32(64), 0, [4]), f32(4)), 'must be a variable'],
])('refused while it is traced: %s', (_, build, message) => {
  expect(build).toThrow(ShapeError);
  expect(build).toThrow(message);
});

test('a range of indices that 32 bits do not hold is refused', () => {
  const stream = { seeds: u32(1), step: u32(1) };
  for (const range of [0, 2.5, 2 ** 32, Number.NaN])
    expect(() => randomIndices(stream, 0, [3], range)).toThrow(/the range/);
});
