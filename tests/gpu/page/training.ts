import { squares, stored } from '../../../src/data';
import { Device, type Ledger } from '../../../src/engine';
import { betaVae, full, type History, type TrainOptions, train, type Vae, vae } from '../../../src/models';

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

/** The losses of 800 steps, and of the same run when the GPU is destroyed twice on the way. */
export async function loseGpu(_: null): Promise<{ whole: number[]; interrupted: number[]; losses: number }> {
  using calm = await Device.open();
  const whole = await trainOne(calm, { steps: 300 });
  using device = await Device.open();
  // The first before there is a save, the second after one.
  const destroyAt = [0, 200];
  let losses = 0;
  device.onLost(() => losses++);
  const onProgress = (done: number) => {
    if (done !== destroyAt[losses]) return;
    // In the middle of the next block: its first submits are on their way by then.
    setTimeout(() => device.gpu.destroy(), 100);
  };
  const interrupted = await trainOne(device, { steps: 300, saveEvery: 100, onProgress });
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
  const { history } = await train(device, model, {
    data: stored(examples),
    objective,
    batch: 64,
    learningRate: 2e-3,
    seeds: [0],
    ...options,
  });
  return history;
}
