// This repository's engine. A step is the program that `train` replays: batch, loss, gradient, update and bookkeeping.

import { stored } from '../../../src/data';
import {
  arenaLayout,
  convolve,
  convolveTransposed,
  Device,
  type Executor,
  linear,
  matmul,
  reshape,
  type Tensor,
  variable,
} from '../../../src/engine';
import { CpuDevice } from '../../../src/engine/cpu';
import { bernoulli, betaVae, full, parameters, trainingStep, type Vae, vae } from '../../../src/models';
import { ADAM, BETA, flatOf, LATENTS, type Matmul, type Parameter, type Step } from '../cases';
import type { Competitor, Prepared } from './competitor';

export function ours(name: 'ours' | 'ours-cpu'): Competitor {
  let device: Executor;
  return {
    name,
    async open() {
      device = name === 'ours' ? await Device.open() : await CpuDevice.open();
    },
    activate: () => Promise.resolve(),
    prepare: (work) => (work.kind === 'matmul' ? prepareMatmul(device, work) : prepareStep(device, work)),
  };
}

async function prepareMatmul(device: Executor, { m, n, k, a, b }: Matmul): Promise<Prepared> {
  const operands = [variable('a', [1, m, k]), variable('b', [1, k, n])];
  device.write(operands[0], a);
  device.write(operands[1], b);
  const program = await device.compile({ outputs: { c: matmul(operands[0], operands[1]) } });
  return {
    async run(times) {
      await program.run(times);
      return program.read('c');
    },
    dispose() {
      program.dispose();
      device.free(operands);
    },
  };
}

async function prepareStep(device: Executor, work: Step): Promise<Prepared> {
  const { batch, pixels, images } = work;
  const model = work.kind === 'vae-mlp' ? mlp(pixels) : convolutional(Math.sqrt(pixels));
  const examples = variable('examples', [batch, pixels]);
  const step = trainingStep(model, {
    data: stored(examples),
    objective: betaVae({ beta: BETA }),
    batch,
    learningRate: ADAM.rate,
    seeds: [1],
  });
  device.write(examples, images);
  await step.start(device);
  device.write(model.parameters.arena, arenaOf(model, work.initial));
  const program = await device.compile(step.graph);
  let made = 0;
  return {
    async run(times) {
      await program.run(times);
      made += times;
      const { reconstruction, kl } = step.termsOf(await device.read(step.ring), made - 1);
      return Float32Array.of(reconstruction[0] + BETA * kl[0]);
    },
    dispose() {
      program.dispose();
      device.free([...Object.values(step.state), examples]);
    },
  };
}

const posterior = () => full(LATENTS, [true]);

const mlp = (pixels: number): Vae => vae({ replicas: 1, input: pixels, hidden: [64, 64], posterior: posterior() });

const WINDOW = { kernel: [4, 4], stride: 2, padding: 1 } as const;

/** Square images, 16 and 32 channels down and up again, a dense layer of 64 before the head. */
function convolutional(side: number): Vae {
  const flat = flatOf(side);
  const head = posterior();
  const layers = [
    ...[
      [16, 16],
      [256, 32],
      [flat, 64],
      [64, head.headWidth],
    ],
    ...[
      [LATENTS, flat],
      [32, 256],
      [16, 16],
    ],
  ];
  const biases = [16, 32, 64, head.headWidth, flat, 16, 1];
  const specs = layers.flatMap((shape, i) => [
    { name: `${i}.weights`, shape, deviation: 0 },
    { name: `${i}.bias`, shape: [biases[i]], deviation: 0 },
  ]);
  const set = parameters(1, specs);
  const [w1, b1, w2, b2, w3, b3, w4, b4, w5, b5, w6, b6, w7, b7] = set.tensors;
  const as = (x: Tensor, ...shape: number[]): Tensor => reshape(x, [1, x.shape[1], ...shape]);
  return {
    replicas: 1,
    input: side * side,
    posterior: head,
    parameters: set,
    likelihood: bernoulli,
    encode(examples) {
      const rows = examples.shape[examples.shape.length - 2];
      const first = convolve(reshape(examples, [1, rows, side, side, 1]), w1, b1, WINDOW, 'relu');
      const second = convolve(first, w2, b2, WINDOW, 'relu');
      return head.bound(linear(linear(as(second, flat), w3, b3, 'relu'), w4, b4), []);
    },
    decode(latents) {
      const grown = as(linear(latents, w5, b5, 'relu'), side / 4, side / 4, 32);
      const third = convolveTransposed(grown, w6, b6, WINDOW, 'relu');
      return as(convolveTransposed(third, w7, b7, WINDOW), side * side);
    },
  };
}

/** The initial values in the arena's layout; the entries of the head that only a full posterior has start at 0. */
function arenaOf({ parameters: { arena, tensors } }: Vae, initial: readonly Parameter[]): Float32Array {
  const { offsets } = arenaLayout(tensors.map(({ shape }) => shape));
  const result = new Float32Array(arena.shape[0]);
  for (const [i, { shape, values }] of initial.entries()) {
    const columns = tensors[i].shape[tensors[i].shape.length - 1];
    const given = columns === posterior().headWidth ? shape[shape.length - 1] : columns;
    for (const [j, value] of values.entries()) {
      result[offsets[i] + Math.floor(j / given) * columns + (j % given)] = value;
    }
  }
  return result;
}
