// A training step of every posterior, objective and architecture as WGSL: the state after it is, bit for bit, the CPU's.

import { expect, test } from 'vitest';
import { CpuDevice } from '../../src/engine/cpu';
import { architectures, families } from '../cases/families';
import { trained } from '../cases/trained';
import { inPage } from './inPage';

test.each([...families, ...architectures])('one step of %s', async (_, config) => {
  const one = { ...config, steps: 1, every: 1 };
  using executor = await CpuDevice.open();
  const { rows, saves } = await trained(executor, one);
  const found = await inPage('trainOnce', one);
  expect(found.rows).toBe(rows);
  expect(Buffer.from(found.saved).equals(Buffer.concat(saves[0]))).toBe(true);
});
