// Optimisers and schedules against formulas worked out by hand in f64.

import { expect, test } from 'vitest';
import {
  adamW,
  constant,
  GAP,
  increment,
  mul,
  type Ramp,
  ReferenceDevice,
  ramp,
  scalar,
  sgd,
  type Tensor,
  variable,
} from '../../src/engine';

const START = [1, -2, 3, 50];
const RATES = [0.1, 0.1, 0.05, GAP];

type Make = (state: {
  parameters: Tensor;
  gradients: Tensor;
  rates: Tensor;
  step: Tensor;
  nonFinite: Tensor;
}) => Tensor[];

/** The parameters after some updates with the gradient of sum(p^2)/2, which is p itself. */
async function descend(make: Make, steps: number): Promise<number[]> {
  using device = new ReferenceDevice();
  const parameters = variable('p', [4]);
  const step = variable('step', [1], 'u32');
  const nonFinite = variable('flag', [1], 'u32');
  device.write(parameters, Float32Array.from(START));
  device.write(nonFinite, Uint32Array.of(0xffffffff));
  const rates = constant(Float32Array.from(RATES));
  const updates = make({ parameters, gradients: mul(parameters, scalar(1)), rates, step, nonFinite });
  const program = await device.compile({ outputs: {}, updates: [...updates, increment(step)] });
  await program.run(steps);
  return Array.from(await device.read(parameters));
}

test('sgd with momentum: v = mu v + g, p = p - rate v; gaps stay 0', async () => {
  const found = await descend((state) => [sgd({ ...state, velocity: variable('v', [4]) }, 0.9)], 5);
  for (const [i, start] of START.slice(0, 3).entries()) {
    let [p, v] = [start, 0];
    for (let t = 0; t < 5; t++) {
      v = 0.9 * v + p;
      p -= RATES[i] * v;
    }
    expect(found[i]).toBeCloseTo(p, 5);
  }
  expect(found[3]).toBe(0);
});

test('AdamW: decay is decoupled from the moments', async () => {
  const decays = [0.5, 0, 0.5, 0.5];
  const make: Make = (state) =>
    adamW({ ...state, first: variable('m', [4]), second: variable('s', [4]) }, constant(Float32Array.from(decays)));
  const found = await descend(make, 4);
  for (const [i, start] of START.slice(0, 3).entries()) {
    let [p, m, s] = [start, 0, 0];
    for (let t = 1; t <= 4; t++) {
      const g = p;
      m = 0.9 * m + 0.1 * g;
      s = 0.999 * s + 0.001 * g * g;
      p -= RATES[i] * decays[i] * p;
      p -= (RATES[i] * m) / (1 - 0.9 ** t) / (Math.sqrt(s / (1 - 0.999 ** t)) + 1e-8);
    }
    expect(found[i]).toBeCloseTo(p, 4);
  }
});

async function rampAt(step: number, options: Ramp): Promise<number[]> {
  using device = new ReferenceDevice();
  const value = ramp(constant(Uint32Array.of(step)), 2, options);
  const program = await device.compile({ outputs: { value } });
  await program.run();
  return Array.from(await program.read('value'));
}

test.each([
  [0, 'linear', 2, 4],
  [50, 'linear', 2, 4],
  [75, 'linear', 1.5, 7],
  [100, 'linear', 1, 10],
  [900, 'linear', 1, 10],
  [75, 'cosine', 1.5, 7],
  [60, 'cosine', 2 - 0.5 * (1 - Math.cos(0.2 * Math.PI)), 4 + 3 * (1 - Math.cos(0.2 * Math.PI))],
  [75, 'exponential', Math.sqrt(2), Math.sqrt(40)],
] as const)('at step %d a %s ramp from 50 to 100 is %d and %d', async (step, curve, first, second) => {
  const [a, b] = await rampAt(step, { from: [2, 4], to: [1, 10], start: 50, end: 100, curve });
  expect(a).toBeCloseTo(first, 5);
  expect(b).toBeCloseTo(second, 5);
});

test('ramps that make no sense are refused', async () => {
  await expect(rampAt(0, { from: 1, to: 2, start: 5, end: 5 })).rejects.toThrow(/must end later/);
  await expect(rampAt(0, { from: 0, to: 2, end: 5, curve: 'exponential' })).rejects.toThrow(/positive/);
  await expect(rampAt(0, { from: [1, 2, 3], to: 2, end: 5 })).rejects.toThrow(/needs 2 values/);
});
