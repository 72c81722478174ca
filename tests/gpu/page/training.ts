import { squares } from '../../../src/data';
import { Device } from '../../../src/engine';
import { betaVae, encode, full, train, vae } from '../../../src/models';

export interface TrainingArguments {
  readonly seeds: readonly number[];
  readonly offDiagonal: readonly boolean[];
  readonly steps: number;
}

export interface TrainingResult {
  /** The last loss terms of every replica, and the posteriors of the first image. */
  readonly reconstruction: number[];
  readonly kl: number[];
  readonly conditionalTc: number[];
  readonly posterior: number[][];
  readonly firstReconstruction: number[];
}

/** Trains a small population for a few steps. */
export async function trainBriefly({ seeds, offDiagonal, steps }: TrainingArguments): Promise<TrainingResult> {
  using device = await Device.open();
  const examples = await squares().render(device);
  const model = vae({ replicas: seeds.length, input: 256, hidden: [64, 64], posterior: full(6, offDiagonal) });
  const history = await train(device, model, {
    examples,
    objective: betaVae({ beta: 4 }),
    steps,
    batch: 64,
    learningRate: 2e-3,
    seeds,
  });
  const packed = await encode(device, model, examples);
  const each = packed.length / seeds.length;
  const width = model.posterior.headWidth;
  return {
    reconstruction: Array.from(history.reconstruction[steps - 1]),
    kl: Array.from(history.kl[steps - 1]),
    conditionalTc: Array.from(history.conditionalTc[steps - 1]),
    firstReconstruction: Array.from(history.reconstruction[0]),
    posterior: seeds.map((_, r) => Array.from(packed.subarray(r * each, r * each + width))),
  };
}

/** Live buffers and bytes after 10 and after 110 steps of one training. */
export async function ledgers(_: null): Promise<{ live: number; liveBytes: number; pooled: number }[]> {
  using device = await Device.open();
  const examples = await squares().render(device);
  const model = vae({ replicas: 1, input: 256, hidden: [64, 64], posterior: full(6, [true]) });
  const seen: { live: number; liveBytes: number; pooled: number }[] = [];
  const options = { examples, objective: betaVae({ beta: 4 }), steps: 200, batch: 64, learningRate: 2e-3, seeds: [0] };
  await train(device, model, { ...options, onProgress: () => seen.push({ ...device.ledger }) });
  return seen;
}

/** Trains with a learning rate that blows up, and returns the error. */
export async function explode(_: null): Promise<string> {
  using device = await Device.open();
  const examples = await squares().render(device);
  const model = vae({ replicas: 1, input: 256, hidden: [64, 64], posterior: full(6, [true]) });
  const options = { examples, objective: betaVae({ beta: 4 }), steps: 300, batch: 64, learningRate: 1e30, seeds: [0] };
  return await train(device, model, options).then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}
