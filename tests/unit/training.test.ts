// Laws of training: determinism, independence of the population, and what does not go well is said.

import { beforeAll, expect, test } from 'vitest';
import { squares, stored } from '../../src/data';
import { DeviceLostError, NonFiniteError } from '../../src/engine';
import { CpuDevice } from '../../src/engine/cpu';
import { betaVae, full, train, vae } from '../../src/models';
import { trainBriefly } from '../cases/trainBriefly';

let executor: CpuDevice;
beforeAll(async () => {
  executor = await CpuDevice.open();
});

const population = { seeds: [3, 3, 5], offDiagonal: [false, true, true], steps: 60 };

test('a run is bitwise equal twice, and a replica alone is itself in a population', async () => {
  const once = await trainBriefly(executor, population);
  const twice = await trainBriefly(executor, population);
  expect(twice).toEqual(once);
  const alone = await trainBriefly(executor, { seeds: [5], offDiagonal: [true], steps: 60 });
  expect(alone.reconstruction[0]).toBe(once.reconstruction[2]);
  expect(alone.posterior[0]).toEqual(once.posterior[2]);
});

test('the switch changes the posterior and nothing else: arms of one seed start alike, then part', async () => {
  const { firstReconstruction, conditionalTc, posterior, reconstruction } = await trainBriefly(executor, population);
  // Same parameters, same batch; the heads start small, so the couplings move the first loss only in its last digits.
  expect(Math.abs(firstReconstruction[0] - firstReconstruction[1])).toBeLessThan(0.5);
  expect(conditionalTc[0]).toBe(0);
  expect(conditionalTc[1]).toBeGreaterThan(0);
  expect(posterior[0].slice(12).every((entry) => entry === 0)).toBe(true);
  expect(reconstruction[0]).not.toBe(reconstruction[1]);
});

test('training learns', async () => {
  const { firstReconstruction, reconstruction } = await trainBriefly(executor, population);
  for (const [r, first] of firstReconstruction.entries()) expect(reconstruction[r]).toBeLessThan(0.5 * first);
});

test('a gradient that is not finite stops training and names the step', async () => {
  const exploding = trainBriefly(executor, { seeds: [0], offDiagonal: [true], steps: 300, learningRate: 1e30 });
  await expect(exploding).rejects.toThrow(NonFiniteError);
  await expect(exploding).rejects.toThrow(/^training stopped at step \d+: .*lower learning rate/);
});

test.each([1, 2, 3])(
  'a GPU lost while save %i is looked at: the save is told again, and nothing else is another',
  async (lost) => {
    const saves = async (loseAt: number) => {
      using device = await CpuDevice.open();
      let told = 0;
      const recovering = Object.assign(device, { recover: async () => undefined });
      const data = squares({ factors: { scale: [3, 3], posY: [0, 3] } });
      const model = vae({ replicas: 1, input: 256, hidden: [8], posterior: full(2, [true]) });
      const found: [step: number, sum: number][] = [];
      await train(recovering, model, {
        data: stored(await data.render(device)),
        objective: betaVae({ beta: 4 }),
        steps: 250,
        batch: 8,
        learningRate: 1e-3,
        seeds: [4],
        saveEvery: 100,
        onSave({ step, values }) {
          told += 1;
          if (told === loseAt) throw new DeviceLostError('gone');
          found.push([step, Array.from(values.parameters).reduce((a, b) => a + b, 0)]);
        },
      });
      return found;
    };
    const whole = await saves(0);
    expect(whole.map(([step]) => step)).toEqual([100, 200, 250]);
    expect(await saves(lost)).toEqual(whole);
  },
);
