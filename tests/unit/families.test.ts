// Every posterior, objective and architecture trains on the CPU: to the reference's bits, and on from a checkpoint bit for bit,
// discriminators included. One step of each as WGSL: tests/gpu/families.

import { beforeAll, expect, test } from 'vitest';
import { ReferenceDevice } from '../../src/engine';
import { CpuDevice } from '../../src/engine/cpu';
import { checkConfig, replicasOf, type TrainingConfig } from '../../src/runs/config';
import { posteriors } from '../../src/runs/families';
import { architectures, families } from '../cases/families';
import { statesIn, trained } from '../cases/trained';

let executor: CpuDevice;
beforeAll(async () => {
  executor = await CpuDevice.open();
});

/** Rows of metrics.csv are there for every replica, and all numbers are finite. */
function expectRows(rows: string, config: TrainingConfig): void {
  const values = rows
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  expect(values.length).toBe((config.steps / config.every) * replicasOf(config).length);
  expect(values.flat().every((value) => value !== '' && Number.isFinite(Number(value)))).toBe(true);
}

test('there are more objectives than posteriors, so every posterior is trained', () => {
  expect(families.length).toBeGreaterThanOrEqual(Object.keys(posteriors).length);
});

test.each(families)('%s goes on from a checkpoint bit for bit', async (_, config) => {
  checkConfig(config);
  const whole = await trained(executor, config);
  expectRows(whole.rows, config);
  const resumed = await trained(executor, config, await statesIn(whole.saves[0], config));
  const [a, b] = [whole, resumed].map(({ saves }) => Buffer.concat(saves[saves.length - 1]));
  expect(a.equals(b)).toBe(true);
});

test.each([
  ...families.map(([name, config]): (typeof families)[number] => [
    name,
    { ...config, steps: 20, every: 1, seeds: [7] },
  ]),
  ...architectures.map(([name, config]): (typeof families)[number] => [name, { ...config, steps: 20, batch: 2 }]),
])(
  "twenty steps of %s: every bit of the state and of the metrics is the reference's",
  async (_, config) => {
    checkConfig(config);
    const found = await trained(executor, config);
    expectRows(found.rows, config);
    using reference = new ReferenceDevice();
    const expected = await trained(reference, config);
    expect(found.rows).toBe(expected.rows);
    expect(Buffer.concat(found.saves[0]).equals(Buffer.concat(expected.saves[0]))).toBe(true);
  },
  120_000,
);
