// Networks: sizes of the published ones, gradients that reach every parameter, and branches that share nothing.

import { expect, test } from 'vitest';
import { constant, gradient, ReferenceDevice, sizeOf, sum, type Tensor, variable } from '../../src/engine';
import { posteriorNamed, vae } from '../../src/models';
import { numbers } from '../cases/ops';

const parametersOf = (specs: readonly Tensor[]) => specs.reduce((total, { shape }) => total + sizeOf(shape), 0);

test.each([
  ['burgess', 64, 1],
  ['burgess', 32, 1],
  ['locatello', 64, 3],
] as const)('%s at %d pixels, %d channels: heads and images of the right size', (network, side, channels) => {
  const model = vae({
    replicas: 1,
    input: side * side * channels,
    posterior: posteriorNamed('factorized', 10, 1),
    convolutional: { network, side, channels },
  });
  const images = constant(new Float32Array(2 * side * side * channels), [1, 2, side * side * channels]);
  expect(model.encode(images).shape).toEqual([1, 2, 20]);
  expect(model.decode(constant(new Float32Array(20), [1, 2, 10])).shape).toEqual([1, 2, side * side * channels]);
  const weights = model.parameters.tensors.map(({ shape }) => shape.slice(1));
  if (network === 'burgess') {
    // The published network: 32 channels throughout, dense 256 twice on either side.
    const convolutions = side === 64 ? 4 : 3;
    const encoder = 16 * channels * 32 + 32 + (convolutions - 1) * (512 * 32 + 32);
    const dense = 512 * 256 + 256 + 256 * 256 + 256;
    const decoder = (convolutions - 1) * (512 * 32 + 32) + 512 * channels + channels;
    const mirrored = 10 * 256 + 256 + 256 * 256 + 256 + 256 * 512 + 512;
    expect(parametersOf(model.parameters.tensors)).toBe(encoder + dense + (256 * 20 + 20) + mirrored + decoder);
  } else {
    expect(weights.filter((shape) => shape.length === 2).slice(0, 4)).toEqual([
      [16 * channels, 32],
      [512, 32],
      [128, 64],
      [256, 64],
    ]);
  }
});

test('every parameter of a convolutional model with a split head has a gradient that is not 0', async () => {
  const model = vae({
    replicas: 1,
    input: 32 * 32,
    posterior: posteriorNamed('full', 3, 1),
    convolutional: { network: 'locatello', side: 32, channels: 1 },
    split: 6,
  });
  const x = constant(numbers(32 * 32, 0, 1, 3), [1, 1, 32 * 32]);
  const packed = model.encode(x);
  const loss = sum(model.likelihood.nll(model.decode(model.posterior.means(packed)), x));
  using device = new ReferenceDevice();
  device.write(model.parameters.arena, numbers(sizeOf(model.parameters.arena.shape), -0.1, 0.1, 5));
  const outputs = Object.fromEntries(gradient(loss, model.parameters.tensors).map((g, i) => [`d${i}`, g]));
  const program = await device.compile<string>({ outputs });
  await program.run();
  for (const i of model.parameters.tensors.keys()) {
    const g = await program.read(`d${i}`);
    expect(g.every(Number.isFinite)).toBe(true);
    expect(g.some((value) => value !== 0)).toBe(true);
  }
});

test.each(['full', 'factorized', 'lowRank'])(
  'split encoder, %s: a branch moves its own latent and no other',
  async (family) => {
    const K = 4;
    const posterior = posteriorNamed(family, K, 1);
    const model = vae({ replicas: 1, input: 5, hidden: [6], posterior, split: 3 });
    const x = constant(numbers(10, 0, 1, 3), [1, 2, 5]);
    const packed = model.encode(x);
    const found = {
      means: posterior.means(packed),
      variances: posterior.variances(packed),
      covariances: posterior.covariances(packed),
    };
    const run = async (nudge: number) => {
      using device = new ReferenceDevice();
      const arena = numbers(sizeOf(model.parameters.arena.shape), -0.4, 0.4, 5);
      device.write(model.parameters.arena, arena);
      // The second latent's branch: its head's biases are the last tensor of the encoder.
      const biases = model.parameters.tensors.findIndex(
        ({ shape }) => shape.length === 3 && shape[1] === K && shape[2] < 12 && shape[2] % 4 === 0,
      );
      const tensor = model.parameters.tensors[biases];
      const offset = tensor.source.kind === 'view' ? tensor.source.offset : 0;
      for (let o = 0; o < tensor.shape[2]; o++) arena[offset + tensor.shape[2] + o] += nudge;
      device.write(model.parameters.arena, arena);
      const program = await device.compile({ outputs: found });
      await program.run();
      return { means: await program.read('means'), covariances: await program.read('covariances') };
    };
    const [before, after] = [await run(0), await run(0.1)];
    for (let row = 0; row < 2; row++)
      for (let i = 0; i < K; i++) {
        const moved = after.means[row * K + i] !== before.means[row * K + i];
        expect(moved).toBe(i === 1);
        for (let j = 0; j < K; j++) {
          const at = (row * K + i) * K + j;
          if (i !== 1 && j !== 1) expect(after.covariances[at]).toBe(before.covariances[at]);
        }
      }
  },
);

test.each([
  ['dense', {}],
  ['split', { split: 4 }],
] as const)('%s: what couples latents starts at 0, and nothing else of the head does', async (_, given) => {
  const posterior = posteriorNamed('full', 3, 2);
  const model = vae({ replicas: 2, input: 5, hidden: [6], posterior, ...given });
  using device = new ReferenceDevice();
  const seeds = variable('seeds', [2], 'u32');
  const step = variable('step', [1], 'u32');
  device.write(seeds, Uint32Array.of(3, 4));
  using start = await device.compile({ outputs: {}, updates: [model.parameters.initialise({ seeds, step })] });
  await start.run();
  const examples = constant(numbers(5, 0, 1, 6), [1, 1, 5]);
  using program = await device.compile({ outputs: { packed: model.encode(examples) } });
  await program.run();
  const packed = await program.read('packed');
  for (let r = 0; r < 2; r++) {
    const [means, coupling] = [packed.subarray(9 * r, 9 * r + 6), packed.subarray(9 * r + 6, 9 * r + 9)];
    expect(Array.from(means).every((value) => value !== 0)).toBe(true);
    expect(Array.from(coupling, Math.abs)).toEqual([0, 0, 0]);
  }
});
