import { constant, type Executor, gatherRows } from '../../src/engine';
import { normalF } from '../../src/engine/random/normal';
import { threefry } from '../../src/engine/random/threefry';
import { mig } from '../../src/metrics';
import { correlationsOf } from '../../src/metrics/disentanglement/scores/mcc';
import { betaVae, full, gaussian, randomRotation, train, vae } from '../../src/models';
import { packedOf } from './packedOf';

/**
 * x = A s + noise: A with orthogonal columns of these lengths, s uniform on 32 levels with unit variance. As the data set
 * `linear`, with another seed and half as many examples: a full posterior ends at any rotation, one near the axes scores
 * higher, and the bound on its score was set on these.
 */
function linearData(lengths: readonly number[], noise: number, observed: number, count: number) {
  const directions = randomRotation(observed, 77);
  const normal = (i: number, j: number) => normalF(threefry([5, 1], [i, j])[0]);
  const levels = Array.from({ length: count }, (_, i) => lengths.map((__, f) => threefry([5, 2], [i, f])[0] % 32));
  // 32 equally spaced levels from -a to a have variance a^2 (33 / 93).
  const value = (level: number) => ((2 * level) / 31 - 1) * Math.sqrt(93 / 33);
  const examples = Float32Array.from(
    levels.flatMap((own, i) =>
      Array.from({ length: observed }, (_, d) =>
        own.reduce((sum, level, f) => sum + lengths[f] * directions[f][d] * value(level), noise * normal(i, d)),
      ),
    ),
  );
  return { examples: constant(examples, [count, observed]), levels, values: levels.map((own) => own.map(value)) };
}

interface LinearAnchor {
  readonly lengths: readonly number[];
  readonly noise: number;
  readonly steps: number;
  readonly seeds: readonly number[];
  readonly batch: number;
  readonly learningRate: number;
}

/** Linear VAEs with a diagonal and with a full posterior: MIG and mean largest |correlation| with a factor, by replica. */
export async function linearAnchor(
  device: Executor,
  { lengths, noise, steps, seeds, batch, learningRate }: LinearAnchor,
) {
  const { examples, levels, values } = linearData(lengths, noise, 20, 16384);
  const both = [false, true].flatMap((off) => seeds.map((seed) => ({ off, seed })));
  const K = lengths.length;
  const model = vae({
    replicas: both.length,
    input: 20,
    posterior: full(
      K,
      both.map(({ off }) => off),
    ),
    likelihood: gaussian(noise),
  });
  await train(device, model, {
    data: { count: 16384, batch: (indices) => gatherRows(examples, indices) },
    objective: betaVae({ beta: 1 }),
    batch,
    learningRate,
    seeds: both.map(({ seed }) => seed),
    steps,
  });
  const packed = await packedOf(device, model, examples);
  const count = 10_000;
  const width = model.posterior.width;
  const factors = lengths.map((_, f) => levels.slice(0, count).map((own) => own[f]));
  const truth = lengths.map((_, f) => values.slice(0, count).map((own) => own[f]));
  const replicas = both.map(({ off, seed }, r) => {
    const codes = lengths.map((_, k) => Array.from({ length: count }, (__, n) => packed[(r * 16384 + n) * width + k]));
    const ofFactor = correlationsOf(truth, codes, 'pearson').map((row) => Math.max(...row));

    return { full: off, seed, mig: mig(codes, factors).score, correlation: ofFactor.reduce((a, b) => a + b, 0) / K };
  });
  return { replicas };
}
