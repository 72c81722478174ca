// The random streams: Threefry against the vectors of Random123, and the distributions built on it.

import { expect, test } from 'vitest';
import { constant, klToStandardNormal, ReferenceDevice } from '../../src/engine';
import { normalF } from '../../src/engine/random/normal';
import { indexBelow, threefry, uniformF } from '../../src/engine/random/threefry';

test.each([
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
  [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
])('Threefry2x32-20 known answer %#', (k0, k1, c0, c1, x0, x1) => {
  expect(threefry([k0, k1], [c0, c1])).toEqual([x0, x1]);
});

test('uniform numbers never reach 0 or 1, and are exact in f32', () => {
  for (const bits of [0, 0xffffffff, 0x80000000]) {
    const u = uniformF(bits);
    expect(u).toBeGreaterThan(0);
    expect(u).toBeLessThan(1);
    expect(Math.fround(u)).toBe(u);
  }
});

test('indices lie below n, and reach both ends', () => {
  expect(indexBelow(0, 737280)).toBe(0);
  expect(indexBelow(0xffffffff, 737280)).toBe(737279);
});

test('normals have the moments of a normal', () => {
  const n = 100_000;
  const values = Array.from({ length: n }, (_, i) => normalF(threefry([1, 2], [i, 0])[0]));
  const moment = (power: number) => values.reduce((total, z) => total + z ** power, 0) / n;
  // Four standard errors of each moment.
  expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
});

test.each([
  [[0, 0, Math.log(0.5), Math.log(0.4), 0.3], 0.859438],
  [[1, 0, 0, 0, 0.5], 0.625],
])('KL of a Cholesky Gaussian to the standard normal, known answer %#', async (packed, nats) => {
  using device = new ReferenceDevice();
  const kl = klToStandardNormal(constant(Float32Array.from(packed), [1, 1, 5]), 2);
  const program = await device.compile({ outputs: { kl } });
  await program.run();
  expect((await program.read('kl'))[0]).toBeCloseTo(nats, 6);
});
