// Measuring a trained population: the whole data set is encoded once, and everything here reads those posteriors.

import type { DataSet } from '../data';
import {
  bernoulliNegativeLogLikelihood,
  broadcastTo,
  type Executor,
  mean,
  reshape,
  type Tensor,
  variable,
} from '../engine';
import { indexBelow, threefry } from '../engine/random/threefry';
import {
  type AggregateInformation,
  aggregateInformation,
  type BatchProblem,
  componentsFromPacked,
  estimateBatch,
  mig,
  samplesOf,
} from '../metrics';
import type { Vae } from '../models';
import type { ReplicaResult, StudyConfig } from './results';

type Measures = Omit<ReplicaResult, 'seed' | 'curves'>;

/** Evaluation draws its own streams: the seed of the reference protocol. */
const EVALUATION_SEED = 0;
const MIG_PURPOSE = 3000;

/** Measures every replica of `model`, in order; `packed` holds the posteriors of all examples (see `encode`). */
export async function measureReplicas(
  executor: Executor,
  model: Vae,
  data: DataSet,
  examples: Tensor,
  packed: Float32Array,
  config: StudyConfig,
  onProgress: (share: number) => void,
): Promise<Measures[]> {
  const { latents, width } = model.posterior;
  const losses = await evaluateLosses(executor, model, examples);
  const each = packed.length / model.replicas;
  const rowsOf = (replica: number) => packed.subarray(replica * each, (replica + 1) * each);
  const mixtures = Array.from({ length: model.replicas }, (_, r) => componentsFromPacked(rowsOf(r), latents, width));
  onProgress(0.1);
  const aggregate = await aggregateInformation(
    executor,
    mixtures,
    { samplesPerComponent: config.samplesPerComponent, seed: EVALUATION_SEED },
    (share) => onProgress(0.1 + 0.5 * share),
  );
  const measures: Measures[] = [];
  for (const [r, components] of mixtures.entries()) {
    const means = columns(rowsOf(r), width, latents);
    const samples = columns(samplesOf(components, { samplesPerComponent: 1, seed: EVALUATION_SEED }), latents, latents);
    const scored = scoreMig(data, means, config.migSamples);
    measures.push({
      mig: scored.score,
      migByFactor: scored.gaps,
      reconstruction: losses.reconstruction[r],
      kl: losses.kl[r],
      ...flatten(aggregate[r]),
      ksg: await crossCheck(executor, samples, means, config.ksgNeighbours),
    });
    onProgress(0.6 + (0.4 * (r + 1)) / mixtures.length);
  }
  return measures;
}

/** Reconstruction (one sample an example) and KL, means over the whole data set, [replica]. */
async function evaluateLosses(executor: Executor, model: Vae, examples: Tensor) {
  const { posterior, replicas } = model;
  const [count, width] = examples.shape;
  const stream = {
    seeds: variable('evaluation.seeds', [replicas], 'u32'),
    step: variable('evaluation.step', [1], 'u32'),
  };
  const batch = reshape(examples, [1, count, width]);
  const posteriors = model.encode(batch);
  const logits = model.decode(posterior.sample(posteriors, stream));
  const nll = bernoulliNegativeLogLikelihood(logits, broadcastTo(batch, logits.shape));
  using program = await executor.compile({
    outputs: { reconstruction: mean(nll, [1]), kl: mean(posterior.kl(posteriors), [1]) },
  });
  await program.run();
  return { reconstruction: await program.read('reconstruction'), kl: await program.read('kl') };
}

/** MIG by the reference protocol: examples drawn with replacement, means as codes. */
function scoreMig(data: DataSet, means: readonly Float32Array[], samples: number) {
  const drawn = Array.from({ length: samples }, (_, i) =>
    indexBelow(threefry([EVALUATION_SEED, MIG_PURPOSE], [i, 0])[0], data.factors.count),
  );
  const table = data.factors.table();
  const codes = means.map((mean) => drawn.map((index) => mean[index]));
  const factors = data.factors.sizes.map((_, f) => drawn.map((index) => table[index][f]));
  return mig(codes, factors);
}

/** KSG1, which knows nothing of the model: I(z_i; mean_i(x)), a lower bound of I_i, and I(z_i; z_j) of all pairs. */
async function crossCheck(
  executor: Executor,
  samples: readonly Float32Array[],
  means: readonly Float32Array[],
  k: number,
) {
  // A latent whose mean is the same for every example knows nothing, exactly; there is nothing to estimate.
  const problems: BatchProblem[] = samples.map((z, i) => ({ variables: [[z], [isConstant(means[i]) ? z : means[i]]] }));
  const pairs = samples.flatMap((_, i) => samples.slice(0, i).map((_unused, j) => [i, j] as const));
  for (const [i, j] of pairs) problems.push({ variables: [[samples[i]], [samples[j]]] });
  const results = await estimateBatch(executor, 'ksg1', problems, { k });
  const matrix = samples.map(() => samples.map(() => 0));
  for (const [p, [i, j]] of pairs.entries()) {
    const { nats } = results[samples.length + p];
    matrix[i][j] = nats;
    matrix[j][i] = nats;
  }
  return {
    meanInformation: means.map((mean, i) => (isConstant(mean) ? 0 : results[i].nats)),
    pairs: matrix,
    ceiling: results[0].ceiling,
  };
}

const isConstant = (values: Float32Array): boolean => values.every((value) => value === values[0]);

function flatten(info: AggregateInformation) {
  const worst = info.bridgeResidual.reduce((a, b) => (Math.abs(b.value) > Math.abs(a.value) ? b : a));
  return {
    conditionalTc: info.conditionalTotalCorrelation,
    information: info.information,
    conditionalInformation: info.conditionalInformation.map(({ value }) => value),
    redundancy: info.redundancy.map(({ value }) => value),
    synergy: info.synergy,
    gap: info.gap,
    bridgeResidual: worst.value,
    bridgeStandardError: worst.standardError,
    standardErrors: {
      conditionalInformation: info.conditionalInformation.map(({ standardError }) => standardError),
      redundancy: info.redundancy.map(({ standardError }) => standardError),
    },
  };
}

/** The first `count` columns of row-major rows of `width`, each as an array of its own. */
function columns(rows: Float32Array, width: number, count: number): Float32Array[] {
  return Array.from({ length: count }, (_, c) =>
    Float32Array.from({ length: rows.length / width }, (_unused, n) => rows[n * width + c]),
  );
}
