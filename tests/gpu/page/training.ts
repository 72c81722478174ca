import { squares, stored } from '../../../src/data';
import { Device, type Ledger } from '../../../src/engine';
import { betaVae, encode, full, type History, type TrainOptions, train, type Vae, vae } from '../../../src/models';

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
    data: stored(examples),
    objective: betaVae({ beta: 4 }),
    steps,
    batch: 64,
    learningRate: 2e-3,
    seeds,
  });
  const packed = await encode(device, model, examples);
  const each = packed.length / seeds.length;
  const width = model.posterior.width;
  return {
    reconstruction: Array.from(history.reconstruction[steps - 1]),
    kl: Array.from(history.kl[steps - 1]),
    conditionalTc: Array.from(history.conditionalTc[steps - 1]),
    firstReconstruction: Array.from(history.reconstruction[0]),
    posterior: seeds.map((_, r) => Array.from(packed.subarray(r * each, r * each + width))),
  };
}

/** Live buffers and bytes after 100 and after 200 steps of one training. */
export async function ledgers(_: null): Promise<Omit<Ledger, 'holders'>[]> {
  using device = await Device.open();
  const seen: Omit<Ledger, 'holders'>[] = [];
  const look = () => {
    const { holders: _holders, ...counts } = device.ledger;
    seen.push(counts);
  };
  await trainOne(device, { steps: 200, onProgress: look });
  return seen;
}

/** Trains with a learning rate that blows up, and returns the error. */
export async function explode(_: null): Promise<string> {
  using device = await Device.open();
  return await trainOne(device, { steps: 300, learningRate: 1e30 }).then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

/** The losses of 800 steps, and of the same run when the GPU is destroyed twice on the way. */
export async function loseGpu(_: null): Promise<{ whole: number[]; interrupted: number[]; losses: number }> {
  using calm = await Device.open();
  const whole = await trainOne(calm, { steps: 800 });
  using device = await Device.open();
  const destroyAt = [300, 700];
  let losses = 0;
  device.onLost(() => losses++);
  const onProgress = (done: number) => {
    if (done !== destroyAt[losses]) return;
    // In the middle of the next block: its first submits are on their way by then.
    setTimeout(() => device.gpu.destroy(), 100);
  };
  const interrupted = await trainOne(device, { steps: 800, onProgress });
  const values = (history: History) => history.reconstruction.map(([value]) => value);
  return { whole: values(whole), interrupted: values(interrupted), losses };
}

async function trainOne(
  device: Device,
  options: Pick<TrainOptions<Vae>, 'steps'> & Partial<TrainOptions<Vae>>,
): Promise<History> {
  const examples = await squares().render(device);
  const model = vae({ replicas: 1, input: 256, hidden: [64, 64], posterior: full(6, [true]) });
  const objective = betaVae({ beta: 4 });
  return train(device, model, {
    data: stored(examples),
    objective,
    batch: 64,
    learningRate: 2e-3,
    seeds: [0],
    ...options,
  });
}
