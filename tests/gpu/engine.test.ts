// The engine on the GPU: numbers at the edges, random streams, Adam, every kernel's source, and what failures say.

import { expect, test } from 'vitest';
import { ReferenceDevice } from '../../src/engine';
import {
  bitsFloat,
  cosF,
  expF,
  expm1F,
  floatBits,
  log1pF,
  logF,
  reluF,
  sigmoidF,
  sinF,
  softplusF,
  tanhF,
} from '../../src/engine/numeric';
import { normalAt } from '../../src/engine/random/normal';
import { adamSteps } from '../cases/adam';
import { kernelSources } from '../cases/kernels';
import { inPage } from './inPage';

test('elementary functions agree with their twins bit for bit, at ordinary numbers and at the edges', async () => {
  const edges = [0, 1, -1, 90, -90, 88.7, 89, -86.5, -104, 1e-7, -1e-7, 1.2e-38, 1e38, -100].map(floatBits);
  const special = [0x7f800000, 0xff800000, 0x7fc00000, 0x80000000];
  const ordinary = Array.from({ length: 4096 }, (_, i) => floatBits((i - 2048) / 20));
  const magnitudes = Array.from({ length: 2000 }, (_, i) => floatBits(1.37 ** (i / 8 - 125)));
  const inputs = [...edges, ...special, ...ordinary, ...magnitudes];
  const computed = await inPage('elementary', inputs);
  const twins = {
    exp: expF,
    expm1: expm1F,
    log: logF,
    log1p: log1pF,
    tanh: tanhF,
    sigmoid: sigmoidF,
    softplus: softplusF,
    relu: reluF,
    sin: sinF,
    cos: cosF,
  };
  for (const [name, twin] of Object.entries(twins)) {
    for (const [i, bits] of inputs.entries()) {
      const expected = twin(bitsFloat(bits));
      const value = bitsFloat(computed[name][i]);
      expect(
        Object.is(value, expected) || value === expected,
        `${name}(${bitsFloat(bits)}) = ${value}, not ${expected}`,
      ).toBe(true);
    }
  }
});

test('262,144 normals agree with their twin bit for bit', async () => {
  const count = 262_144;
  const bits = await inPage('normals', count);
  const wrong = bits.findIndex((value, j) => value !== floatBits(normalAt([42, 5], 0, count, j, 7)));
  expect(wrong).toBe(-1);
});

test('every kernel of the table compiles', async () => {
  expect(
    await inPage(
      'compileAll',
      kernelSources.map(({ label, code }) => ({ label, code })),
    ),
  ).toEqual([]);
});

test('Adam equals its reference bit for bit, keeps gaps at 0, and flags the first step that is not finite', async () => {
  const start = [1, -2, 3, 99, 0.5, 0, -1, 99];
  const [computed, flag] = await inPage('adamOnGpu', { start, steps: 25 });
  using device = new ReferenceDevice();
  const [expected] = await adamSteps(device, start, 25);
  expect(computed).toEqual(expected);
  expect([computed[3], computed[7]]).toEqual([0, 0]);
  expect(flag).toBeGreaterThan(2 ** 31);
  const [, bad] = await inPage('adamOnGpu', { start: [1e30, 1, 1, 0, 1, 1, 1, 0].map((x) => x * 1e9), steps: 3 });
  expect(bad).toBe(0);
});
