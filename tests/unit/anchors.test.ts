// The sharpest test of the whole stack: a linear VAE on x = A s + noise, whose optimum is known. With a diagonal posterior it is
// the principal axes, so each latent's mean correlates with its factor by l / sqrt(l^2 + sigma^2); with a full posterior any
// rotation is as good, and where all columns of A are equally long it is so for the diagonal one too.

import { expect, test } from 'vitest';
import { CpuDevice } from '../../src/engine/cpu';
import { linearAnchor } from '../cases/anchors';

const settings = { noise: 0.5, batch: 128, learningRate: 1.2e-2, seeds: [0, 1] };

test('columns of lengths 3, 2, 1: a diagonal posterior finds the factors in every seed, a full one in none', async () => {
  using executor = await CpuDevice.open();
  const { replicas } = await linearAnchor(executor, { ...settings, lengths: [3, 2, 1], steps: 4000 });
  const predicted = [3, 2, 1].reduce((sum, l) => sum + l / Math.hypot(l, 0.5) / 3, 0);
  expect(predicted).toBeCloseTo(0.95, 3);
  for (const { full, mig, correlation } of replicas) {
    if (full) {
      expect(mig).toBeLessThan(0.2);
      expect(correlation).toBeLessThan(0.9);
    } else {
      // Adam's noise at this learning rate turns the axes by less than .1 rad.
      expect(Math.abs(correlation - predicted)).toBeLessThan(0.01);
      expect(mig).toBeGreaterThan(0.3);
      expect(mig).toBeLessThan(0.38);
    }
  }
});

test('columns of equal lengths: the diagonal posterior is as free as the full one, and as entangled', async () => {
  using executor = await CpuDevice.open();
  const { replicas } = await linearAnchor(executor, { ...settings, lengths: [2, 2, 2], steps: 1500 });
  for (const { mig, correlation } of replicas) {
    expect(mig).toBeLessThan(0.26);
    expect(correlation).toBeLessThan(0.9);
  }
  const mean = (full: boolean) =>
    replicas.filter((each) => each.full === full).reduce((sum, { mig }) => sum + mig / settings.seeds.length, 0);
  expect(Math.abs(mean(true) - mean(false))).toBeLessThan(0.08);
});
