// Gradients against central differences. Rounding to f32 is switched off and the reference keeps f64, so the differences
// are accurate; what remains is the error of the f32 polynomials (exp, log) against their true derivatives.

import { expect, test, vi } from 'vitest';
import type { Tensor } from '../../src/engine';

vi.hoisted(() => {
  Math.fround = (x) => x;
});

const { add, gradient, mul, ReferenceDevice, sizeOf, sum, variable, view } = await import('../../src/engine');
const { differentiableCases, numbers, weightedLoss } = await import('../cases/ops');

const H = 1e-3;
const TOLERANCE = 3e-4;

/** How many of a case's inputs have a gradient: by default all that are f32. */
const wantedOf = ({ differentiate, inputs }: (typeof differentiableCases)[number]): number =>
  differentiate ?? inputs.filter(({ dtype }) => dtype === 'f32').length;

type Loss = (inputs: readonly Tensor[]) => Tensor;

/** Compares the gradient of `lossOf` along a random direction with a central difference. */
async function expectSlope(c: (typeof differentiableCases)[number], lossOf: Loss, flat: boolean): Promise<void> {
  const inputs = c.inputs.map((tensor, i) => variable(`x${i}`, tensor.shape, tensor.dtype));
  const wanted = wantedOf(c);
  const loss = lossOf(inputs);
  using device = new ReferenceDevice(Float64Array);
  const outputs = Object.fromEntries(gradient(loss, inputs.slice(0, wanted)).map((g, i) => [`d${i}`, g]));
  const program = await device.compile<string>({ outputs: { loss, ...outputs } });
  const values = c.inputs.map(({ source }) => (source.kind === 'constant' ? source.data : Float64Array.of()));
  const directions = inputs.map(({ shape }, i) => Float64Array.from(numbers(sizeOf(shape), -1, 1, 500 + i)));

  const lossAt = async (shift: number): Promise<number> => {
    for (const [i, input] of inputs.entries())
      device.write(
        input,
        i < wanted ? Float64Array.from(values[i], (x, at) => x + shift * directions[i][at]) : values[i],
      );
    await program.run();
    return (await program.readExact('loss'))[0];
  };
  const above = await lossAt(H);
  const below = await lossAt(-H);
  await lossAt(0);
  let slope = 0;
  let scale = 0;
  for (const [i, direction] of directions.slice(0, wanted).entries()) {
    const g = await program.readExact(`d${i}`);
    for (const [at, value] of direction.entries()) {
      slope += g[at] * value;
      scale += Math.abs(g[at] * value);
    }
  }
  const difference = (above - below) / (2 * H);
  expect(scale > 0).toBe(!flat);
  expect(Math.abs(difference - slope)).toBeLessThan(TOLERANCE * Math.max(scale, 1e-3));
}

const named = differentiableCases.map((c) => [`${c.op} ${c.name}`, c] as const);

test.each(named)('%s', (_, c) => expectSlope(c, (inputs) => weightedLoss(c.build(...inputs)), c.flat === true));

/** Their gradients are kernels that have no gradient of their own. */
const firstOrderOnly = new Set(['gaussianTotalCorrelation', 'sampleGaussian']);

/** The sum of squares of a gradient, weighted: a loss whose gradient is of second order. */
function slopeLoss(c: (typeof differentiableCases)[number], inputs: readonly Tensor[]): Tensor {
  const output = c.build(...inputs);
  const slopes = gradient(weightedLoss(add(output, mul(output, output))), inputs.slice(0, wantedOf(c)));
  return slopes.map((slope) => weightedLoss(mul(slope, slope))).reduce(add);
}

test.each(named.filter(([, c]) => !firstOrderOnly.has(c.op)))('second order: %s', (_, c) =>
  expectSlope(c, (inputs) => slopeLoss(c, inputs), c.flat === true),
);

test.each(named.filter(([, c]) => firstOrderOnly.has(c.op)))('second order refused, by name: %s', (_, c) => {
  const inputs = c.inputs.map((tensor, i) => variable(`x${i}`, tensor.shape, tensor.dtype));
  expect(() => gradient(slopeLoss(c, inputs), inputs)).toThrow(`${c.op}Gradient has no gradient`);
});

test('the gradient is total: a wanted tensor may lie behind another, whole or as a view, in any order and twice', async () => {
  const w = variable('w', [128]);
  const part = view(w, 64, [64]);
  const h = mul(part, part);
  const loss = sum(add(mul(h, h), part));
  using device = new ReferenceDevice(Float64Array);
  const x = Float64Array.from(numbers(128, -1, 1, 71));
  device.write(w, x);
  const [dh, dw, dPart, again, dLoss] = gradient(loss, [h, w, part, h, loss]);
  const program = await device.compile({ outputs: { dh, dw, dPart, again, dLoss } });
  await program.run();
  const seen = async (name: 'dh' | 'dw' | 'dPart' | 'again' | 'dLoss') => Array.from(await program.readExact(name));
  const own = Array.from(x.subarray(64));
  expect(await seen('dh')).toEqual(own.map((p) => 2 * (p * p)));
  expect(await seen('again')).toEqual(await seen('dh'));
  const slopes = await seen('dPart');
  for (const [i, p] of own.entries()) expect(slopes[i]).toBeCloseTo(4 * p ** 3 + 1, 12);
  expect(await seen('dw')).toEqual([...new Array<number>(64).fill(0), ...slopes]);
  expect(await seen('dLoss')).toEqual([1]);
});

test('gradients are a tuple as long as what is asked for', () => {
  const [a, b] = [variable('a', [2]), variable('b', [2])];
  const both: [Tensor, Tensor] = gradient(sum(mul(a, b)), [a, b]);
  // @ts-expect-error: there is no third gradient
  const third = gradient(sum(mul(a, b)), [a, b])[2];
  expect([both.length, third]).toEqual([2, undefined]);
});

test('a chain of 20,000 operations is differentiated and scheduled', () => {
  const w = variable('w', [4]);
  let x: Tensor = w;
  for (let i = 0; i < 20_000; i++) x = add(x, w);
  const [slope] = gradient(sum(x), [w]);
  expect(slope.shape).toEqual([4]);
});
