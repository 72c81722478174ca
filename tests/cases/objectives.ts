// A small model and what objectives are checked with: tensors computed in f64, and slopes against central differences. Tests
// switch rounding off before they import this.

import { expect } from 'vitest';
import { constant, gradient, ReferenceDevice, sizeOf, type Tensor } from '../../src/engine';
import { gaussian, type Player, posteriorNamed, vae } from '../../src/models';
import { numbers } from './ops';

export const [R, BATCH, INPUT, K, EXAMPLES] = [2, 4, 5, 2, 50];
export const stream = { seeds: constant(Uint32Array.of(5, 6)), step: constant(Uint32Array.of(30)) };
export const batchOf = (seed: number) => constant(numbers(R * BATCH * INPUT, 0.05, 0.95, seed), [R, BATCH, INPUT]);

/** A linear model, and its inputs: the n-th batch asked for is always the same. */
export function setting(family = 'full') {
  const model = vae({ replicas: R, input: INPUT, posterior: posteriorNamed(family, K, R), likelihood: gaussian(0.7) });
  const inputs = () => {
    let asked = 0;
    return { batch: () => batchOf(70 + asked++), stream, examples: EXAMPLES, asked: () => asked };
  };
  return { model, inputs };
}

type Values = Record<string, ArrayLike<number>>;

/** Computes tensors in f64 with these parameters. */
export async function compute(
  outputs: Record<string, Tensor>,
  arenas: ReadonlyMap<Tensor, Float64Array>,
): Promise<Values> {
  using device = new ReferenceDevice(Float64Array);
  for (const [arena, values] of arenas) device.write(arena, values);
  const program = await device.compile<string>({ outputs });
  await program.run();
  return Object.fromEntries(await Promise.all(Object.keys(outputs).map(async (n) => [n, await program.readExact(n)])));
}

export const arenasOf = (players: readonly Player[]) =>
  new Map(
    players.map(({ parameters: { arena } }, p) => [
      arena,
      Float64Array.from(numbers(sizeOf(arena.shape), -0.5, 0.5, 90 + p)),
    ]),
  );

/** The slope of a player's loss along a direction of its parameters: by the gradient, and by a central difference. */
export async function expectSlope(players: readonly Player[], p: number): Promise<void> {
  const { loss, parameters } = players[p];
  const arenas = arenasOf(players);
  const outputs = Object.fromEntries(gradient(loss, parameters.tensors).map((g, i) => [`d${i}`, g]));
  const found = await compute(
    { ...outputs, ...Object.fromEntries(parameters.tensors.map((t, i) => [`p${i}`, t])) },
    arenas,
  );
  const own = arenas.get(parameters.arena) ?? new Float64Array();
  const direction = Float64Array.from(numbers(own.length, -1, 1, 7));
  // Directions of the tensors: where each value lies in the arena is found by its value, all of which differ.
  const at = new Map(Array.from(own, (value, i) => [value, i]));
  let slope = 0;
  let scale = 0;
  for (const i of parameters.tensors.keys())
    for (let j = 0; j < found[`d${i}`].length; j++) {
      const part = found[`d${i}`][j] * direction[at.get(found[`p${i}`][j]) ?? 0];
      slope += part;
      scale += Math.abs(part);
    }
  const h = 1e-4;
  const total = async (shift: number) => {
    const moved = new Map(arenas).set(
      parameters.arena,
      own.map((value, i) => value + shift * direction[i]),
    );
    const { value } = await compute({ value: loss }, moved);
    return Array.from(value).reduce((sum, v) => sum + v, 0);
  };
  const difference = ((await total(h)) - (await total(-h))) / (2 * h);
  expect(scale).toBeGreaterThan(1e-6);
  expect(Math.abs(difference - slope)).toBeLessThan(3e-4 * scale);
}

export const average = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
export const rowsOf = (values: ArrayLike<number>, replica: number, width: number): number[][] =>
  Array.from({ length: BATCH }, (_, b) =>
    Array.from({ length: width }, (__, c) => values[(replica * BATCH + b) * width + c]),
  );
