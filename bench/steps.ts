// Whole training steps: batch, loss, gradient, update and bookkeeping in one program, as `train` replays it.

import { stored } from '../src/data';
import {
  adam,
  add,
  bernoulliNegativeLogLikelihood,
  convolve,
  convolveTransposed,
  gatherRows,
  gradient,
  increment,
  linear,
  mean,
  pack,
  randomIndices,
  reshape,
  variable,
} from '../src/engine';
import { betaVae, full, parameters, purposes, trainingStep, vae } from '../src/models';
import type { BenchCase, BenchGraph } from './case';
import { floats } from './data';

/** The quick study's step: 256-64-64, 6 latents with a full posterior, batch 64, Adam. */
function mlpStep(replicas: number): BenchGraph {
  const offDiagonal = Array.from({ length: replicas }, (_, r) => r % 2 === 0);
  const model = vae({ replicas, input: 256, hidden: [64, 64], posterior: full(6, offDiagonal) });
  const seeds = Array.from({ length: replicas }, (_, r) => r);
  const step = trainingStep(model, {
    data: stored(floats([2304, 256], 0, 1)),
    objective: betaVae({ beta: 4 }),
    batch: 64,
    learningRate: 2e-3,
    seeds,
  });
  return { graph: step.graph, start: (device) => step.start(device) };
}

/** Multiply-adds of the dense layers of that step: forward, and twice as many backward. */
const mlpFlops = (replicas: number, batch = 64): number => {
  const layers = [256 * 64, 64 * 64, 64 * 27, 6 * 64, 64 * 64, 64 * 256];
  return 6 * replicas * batch * layers.reduce((sum, each) => sum + each, 0);
};

const WINDOW = { kernel: [4, 4], stride: 2, padding: 1 } as const;

/** A small convolutional VAE: 32x32 images, 16 and 32 channels, 6 latents, batch 16, Adam. */
function convStep(): BenchGraph {
  const latents = 6;
  const batch = 16;
  const posterior = full(latents, [false]);
  const shapes = [
    ...[[16, 16], [16], [256, 32], [32], [2048, 64], [64], [64, posterior.headWidth], [posterior.headWidth]],
    ...[[latents, 2048], [2048], [32, 256], [16], [16, 16], [1]],
  ];
  const set = parameters(
    1,
    shapes.map((shape, i) => ({ name: `p${i}`, shape, deviation: shape.length === 2 ? Math.sqrt(1 / shape[0]) : 0 })),
  );
  const [w1, b1, w2, b2, w3, b3, w4, b4, w5, b5, w6, b6, w7, b7] = set.tensors;
  const step = variable('step', [1], 'u32');
  const seeds = variable('seeds', [1], 'u32');
  const stream = { seeds, step };
  const examples = floats([1024, 1024], 0, 1);
  const images = gatherRows(examples, randomIndices(stream, purposes.batch, [batch], 1024));
  const first = convolve(reshape(images, [1, batch, 32, 32, 1]), w1, b1, WINDOW, 'relu');
  const second = convolve(first, w2, b2, WINDOW, 'relu');
  const hidden = linear(reshape(second, [1, batch, 2048]), w3, b3, 'relu');
  const codes = posterior.bound(linear(hidden, w4, b4), []);
  const grown = linear(posterior.sample(codes, stream), w5, b5, 'relu');
  const third = convolveTransposed(reshape(grown, [1, batch, 8, 8, 32]), w6, b6, WINDOW, 'relu');
  const logits = reshape(convolveTransposed(third, w7, b7, WINDOW), [1, batch, 1024]);
  const loss = add(mean(bernoulliNegativeLogLikelihood(logits, images), [1]), mean(posterior.kl(codes), [1]));
  const update = adam({
    parameters: set.arena,
    gradients: pack(gradient(loss, set.tensors)),
    first: variable('first', set.arena.shape),
    second: variable('second', set.arena.shape),
    rates: set.spread([1e-3]),
    step,
    nonFinite: variable('nonFinite', [1], 'u32'),
  });
  return {
    graph: { outputs: {}, updates: [update, increment(step)] },
    async start(device) {
      device.write(seeds, Uint32Array.of(3));
      using program = await device.compile({ outputs: {}, updates: [set.initialise(stream)] });
      await program.run();
    },
  };
}

const convFlops =
  6 * 16 * (256 * 16 * 16 + 64 * 256 * 32 + 2048 * 64 + 64 * 27 + 6 * 2048 + 64 * 32 * 256 + 256 * 16 * 16);

export const steps: readonly BenchCase[] = [
  { name: 'step/vae-mlp', shape: [1, 64, 256], flops: mlpFlops(1), bytes: 0, build: () => mlpStep(1) },
  { name: 'step/vae-mlp-12', shape: [12, 64, 256], flops: mlpFlops(12), bytes: 0, build: () => mlpStep(12) },
  { name: 'step/vae-conv', shape: [1, 16, 32, 32], flops: convFlops, bytes: 0, build: convStep },
];
