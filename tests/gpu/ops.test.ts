// Every op on the GPU against its reference in TypeScript. The kernels' order of operations is fixed, and this adapter
// rounds correctly and does not fuse, so the two must agree exactly: not closely, exactly.

import { expect, test } from 'vitest';
import { ReferenceDevice } from '../../src/engine';
import { rules } from '../../src/engine/ops';
import { cases } from '../cases/ops';
import { inPage } from './inPage';

test.each(Object.keys(rules))('%s equals its reference bit for bit', async (op) => {
  const own = cases.filter((c) => c.op === op);
  expect(own.length).toBeGreaterThan(0);
  const computed = await inPage('runCases', op);
  expect(computed.map(({ name }) => name)).toEqual(own.map(({ name }) => name));
  using reference = new ReferenceDevice();
  for (const [i, c] of own.entries()) {
    const output = c.build(...c.inputs);
    const program = await reference.compile({ outputs: { output } });
    await program.run();
    const expected = output.dtype === 'f32' ? await program.read('output') : await program.readIntegers('output');
    const { values } = computed[i];
    const wrong = Array.from(expected).findIndex((value, at) => value !== values[at]);
    const detail = wrong < 0 ? '' : `${op} ${c.name}: entry ${wrong} is ${values[wrong]}, should be ${expected[wrong]}`;
    expect(detail).toBe('');
    expect(values.length).toBe(expected.length);
  }
});
