// Gradients against central differences. Rounding to f32 is switched off and the reference keeps f64, so the differences
// are accurate; what remains is the error of the f32 polynomials (exp, log) against their true derivatives.

import { expect, test, vi } from 'vitest';

vi.hoisted(() => {
  Math.fround = (x) => x;
});

const { gradient, ReferenceDevice, sizeOf, variable } = await import('../../src/engine');
const { differentiableCases, numbers, weightedLoss } = await import('../cases/ops');

const H = 1e-3;
const TOLERANCE = 3e-4;

test.each(differentiableCases.map((c) => [`${c.op} ${c.name}`, c] as const))('%s', async (_, c) => {
  const inputs = c.inputs.map((tensor, i) => variable(`x${i}`, tensor.shape));
  const wanted = c.differentiate ?? inputs.length;
  const loss = weightedLoss(c.build(...inputs));
  using device = new ReferenceDevice(Float64Array);
  const outputs = Object.fromEntries(gradient(loss, inputs.slice(0, wanted)).map((g, i) => [`d${i}`, g]));
  const program = await device.compile<string>({ outputs: { loss, ...outputs } });
  const values = c.inputs.map(({ source }) => Float64Array.from(source.kind === 'constant' ? source.data : []));
  const directions = inputs.map(({ shape }, i) => Float64Array.from(numbers(sizeOf(shape), -1, 1, 500 + i)));

  const lossAt = async (shift: number): Promise<number> => {
    for (const [i, input] of inputs.entries())
      device.write(
        input,
        values[i].map((x, at) => x + (i < wanted ? shift : 0) * directions[i][at]),
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
  expect(scale > 0).toBe(c.flat !== true);
  expect(Math.abs(difference - slope)).toBeLessThan(TOLERANCE * Math.max(scale, 1e-3));
});
