// Every op on the GPU against its reference in TypeScript. The kernels' order of operations is fixed, and this adapter
// rounds correctly and does not fuse, so the two must agree exactly: not closely, exactly.

import { expect, test } from 'vitest';
import { ReferenceDevice, type Tensor } from '../../src/engine';
import { rules } from '../../src/engine/ops';
import { measureCases } from '../cases/measures';
import { cases } from '../cases/ops';
import { inPage } from './inPage';
import type { CaseValues } from './page/ops';

async function expectEqual(own: readonly { name: string; tensor: Tensor }[], computed: readonly CaseValues[]) {
  expect(own.length).toBeGreaterThan(0);
  expect(computed.map(({ name }) => name)).toEqual(own.map(({ name }) => name));
  using reference = new ReferenceDevice();
  for (const [i, { name, tensor }] of own.entries()) {
    const program = await reference.compile({ outputs: { output: tensor } });
    await program.run();
    const expected = tensor.dtype === 'f32' ? await program.read('output') : await program.readIntegers('output');
    const { values } = computed[i];
    const wrong = Array.from(expected).findIndex((value, at) => value !== values[at]);
    expect(wrong < 0 ? '' : `${name}: entry ${wrong} is ${values[wrong]}, should be ${expected[wrong]}`).toBe('');
    expect(values.length).toBe(expected.length);
  }
}

test.each(Object.keys(rules))('%s equals its reference bit for bit', async (op) => {
  const own = cases.filter((c) => c.op === op).map(({ name, inputs, build }) => ({ name, tensor: build(...inputs) }));
  await expectEqual(own, await inPage('runCases', op));
});

test.each([...new Set(measureCases.map(({ op }) => op))])('%s equals its reference bit for bit', async (op) => {
  const own = measureCases.filter((c) => c.op === op).map(({ name, build }) => ({ name, tensor: build() }));
  await expectEqual(own, await inPage('runMeasureCases', op));
});
