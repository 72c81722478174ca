import { drawAll, linearGaussianMixture, stored, widthOf } from '../../../src/data';
import { Device } from '../../../src/engine';
import { Draw, mig } from '../../../src/metrics';
import { correlationsOf } from '../../../src/metrics/disentanglement/mcc';
import { betaVae, encode, full, gaussian, train, vae } from '../../../src/models';

interface LinearAnchor {
  readonly lengths: readonly number[];
  readonly noise: number;
  readonly steps: number;
  readonly seeds: readonly number[];
  readonly batch: number;
  readonly learningRate: number;
}

/** Linear VAEs with a diagonal and with a full posterior: MIG and mean largest |correlation| with a factor, by replica. */
export async function linearAnchor({ lengths, noise, steps, seeds, batch, learningRate }: LinearAnchor) {
  using device = await Device.open();
  const data = linearGaussianMixture({ lengths, noise });
  const examples = await drawAll(device, data);
  const both = [false, true].flatMap((off) => seeds.map((seed) => ({ off, seed })));
  const K = lengths.length;
  const model = vae({
    replicas: both.length,
    input: widthOf(data),
    posterior: full(
      K,
      both.map(({ off }) => off),
    ),
    likelihood: gaussian(noise),
  });
  await train(device, model, {
    data: stored(examples),
    objective: betaVae({ beta: 1 }),
    batch,
    learningRate,
    seeds: both.map(({ seed }) => seed),
    steps,
  });
  const packed = await encode(device, model, examples);
  const width = model.posterior.width;
  const draw = new Draw(1, 1);
  const drawn = Array.from({ length: 10_000 }, () => draw.below(data.count));
  const factors = lengths.map((_, f) => drawn.map((n) => data.factors.indicesOf(n)[f]));
  const replicas = both.map(({ off, seed }, r) => {
    const codes = lengths.map((_, k) => drawn.map((n) => packed[(r * data.count + n) * width + k]));
    const ofFactor = correlationsOf(factors, codes, 'pearson').map((row) => Math.max(...row));
    return { full: off, seed, mig: mig(codes, factors).score, correlation: ofFactor.reduce((a, b) => a + b, 0) / K };
  });
  return { replicas };
}
