// Every op on the GPU against its reference in TypeScript. The kernels' order of operations is fixed, and this adapter
// rounds correctly and does not fuse, so the two must agree exactly: not closely, exactly.

import { expect, test } from 'vitest';
import { ReferenceDevice, type Tensor } from '../../src/engine';
import { rules } from '../../src/engine/ops';
import { measureCases } from '../cases/measures';
import { cases } from '../cases/ops';
import { inPage } from './inPage';
import type { CaseValues } from './page/ops';

/** `ulps` is 0 for exact agreement, else how many units in the last place of the value may differ. */
async function expectEqual(
  own: readonly { name: string; tensor: Tensor }[],
  computed: readonly CaseValues[],
  ulps = 0,
) {
  expect(own.length).toBeGreaterThan(0);
  expect(computed.map(({ name }) => name)).toEqual(own.map(({ name }) => name));
  using reference = new ReferenceDevice();
  for (const [i, { name, tensor }] of own.entries()) {
    const program = await reference.compile({ outputs: { output: tensor } });
    await program.run();
    const expected = tensor.dtype === 'f32' ? await program.read('output') : await program.readIntegers('output');
    const { values } = computed[i];
    const wrong = Array.from(expected).findIndex(
      (value, at) => !(Math.abs(value - values[at]) <= ulps * 2 ** -23 * Math.max(1, Math.abs(value))),
    );
    expect(wrong < 0 ? '' : `${name}: entry ${wrong} is ${values[wrong]}, should be ${expected[wrong]}`).toBe('');
    expect(values.length).toBe(expected.length);
  }
}

test.each(Object.keys(rules))('%s equals its reference bit for bit', async (op) => {
  const own = cases.filter((c) => c.op === op).map(({ name, inputs, build }) => ({ name, tensor: build(...inputs) }));
  await expectEqual(own, await inPage('runCases', op));
});

const exactMeasures = [
  ...['nearestPoints', 'nearCounts', 'ksgPairs'],
  ...['factorNumbers', 'exampleNoise', 'unpack', 'renderSprites', 'areaMean', 'sprites', 'otherSets', 'shapes3d'],
];

test.each(exactMeasures)('%s equals its reference bit for bit', async (op) => {
  const own = measureCases.filter((c) => c.op === op).map(({ name, build }) => ({ name, tensor: build() }));
  await expectEqual(own, await inPage('runMeasureCases', op));
});

test('mixtureLogDensity equals its reference within 4 units in the last place', async () => {
  // All but about one point in a hundred agree exactly; why that one does not is an open question.
  const own = measureCases
    .filter((c) => c.op === 'mixtureLogDensity')
    .map(({ name, build }) => ({ name, tensor: build() }));
  await expectEqual(own, await inPage('runMeasureCases', 'mixtureLogDensity'), 4);
});
