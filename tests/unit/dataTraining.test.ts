// Training draws its batches from a data set as it is: the result is that of images that were drawn before.

import { expect, test } from 'vitest';
import { drawAll, sprites, stored, widthOf } from '../../src/data';
import { ReferenceDevice } from '../../src/engine';
import { betaVae, type ExampleSource, full, train, vae } from '../../src/models';

test('images that are drawn step by step train as images that are stored', async () => {
  using device = new ReferenceDevice();
  const data = sprites({ side: 16, factors: { scale: [5, 5], orientation: [3, 3], posX: [0, 3], posY: [10, 13] } });
  const run = (source: ExampleSource) =>
    train(device, vae({ replicas: 2, input: widthOf(data), hidden: [8], posterior: full(2, [false, true]) }), {
      data: source,
      objective: betaVae({ beta: 1 }),
      steps: 3,
      batch: 4,
      learningRate: 1e-3,
      seeds: [0, 1],
    });
  expect(data.count).toBe(48);
  expect(await run(data)).toEqual(await run(stored(await drawAll(device, data))));
});
