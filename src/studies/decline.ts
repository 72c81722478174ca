// The study `decline`: does a posterior that is not factorized disentangle less? Two arms that differ in one switch (the
// entries below the diagonal of the posterior's Cholesky factor), the same seeds, one population; then everything that
// the theory speaks of is measured on every replica.

import { type DataSet, squares, stored } from '../data';
import type { Executor } from '../engine';
import { betaVae, decode, encode, full, type History, train, type Vae, vae } from '../models';
import { measureReplicas } from './measure';
import { type ReplicaResult, SCHEMA_VERSION, type StudyConfig, type StudyResults, type Traversals } from './results';
import { compare } from './statistics';

const arms = [
  { name: 'factorized', offDiagonal: false },
  { name: 'full', offDiagonal: true },
];

const quick: StudyConfig = {
  study: 'decline',
  preset: 'quick',
  data: 'squares',
  arms,
  seeds: [0, 1, 2, 3, 4, 5],
  hidden: [64, 64],
  latents: 6,
  beta: 4,
  conditionalTcPenalty: 0,
  batch: 64,
  steps: 3000,
  learningRate: 2e-3,
  migSamples: 10_000,
  samplesPerComponent: 1,
  ksgNeighbours: 5,
};

/** `quick` is the study; `smoke` runs the same path in seconds, to see that it runs, and finds nothing. */
export const presets: Readonly<Record<string, StudyConfig>> = {
  quick,
  smoke: { ...quick, preset: 'smoke', seeds: [0, 1], steps: 40, migSamples: 1000 },
};

/** Shares of the whole that the stages take, roughly. */
const TRAINED = 0.88;

/** One trained model, measured, with the images of its traversals. */
export interface Measured {
  readonly arm: number;
  readonly result: ReplicaResult;
  /** [latent][step] images, pixel by pixel. */
  readonly images: readonly (readonly (readonly number[])[])[];
}

/**
 * Trains and measures a model for each arm and seed of `config`, in one population. A model does not depend on the others, so a study
 * may be cut by seed. Throws what training throws; see `train`.
 */
export async function trainAndMeasure(
  executor: Executor,
  config: StudyConfig,
  onProgress: (stage: string, share: number) => void,
): Promise<Measured[]> {
  const data = squares();
  const examples = await data.render(executor);
  const replicas = config.arms.flatMap((arm) => config.seeds.map((seed) => ({ arm, seed })));
  const model = vae({
    replicas: replicas.length,
    input: data.side ** 2,
    hidden: config.hidden,
    posterior: full(
      config.latents,
      replicas.map(({ arm }) => arm.offDiagonal),
    ),
  });
  const history = await train(executor, model, {
    data: stored(examples),
    objective: betaVae({ beta: config.beta, conditionalTc: config.conditionalTcPenalty }),
    steps: config.steps,
    batch: config.batch,
    learningRate: config.learningRate,
    seeds: replicas.map(({ seed }) => seed),
    onProgress: (done) => onProgress('training', (TRAINED * done) / config.steps),
  });
  const packed = await encode(executor, model, examples);
  const measured = await measureReplicas(executor, model, data, examples, packed, config, (share) =>
    onProgress('measuring', TRAINED + (1 - TRAINED) * share),
  );
  const images = await traverse(executor, model, data, packed);
  return replicas.map(({ arm, seed }, r) => ({
    arm: config.arms.indexOf(arm),
    result: { seed, ...measured[r], curves: curvesOf(history, r) },
    images: images[r],
  }));
}

/** What the parts of a study found, seeds in the config's order: the results, and the traversals that the report shows. */
export function putTogether(
  config: StudyConfig,
  parts: readonly Measured[],
  origin: Pick<StudyResults, 'adapter' | 'versions' | 'seconds'>,
): StudyOutcome {
  const ofArm = (arm: number) =>
    config.seeds.flatMap((seed) => parts.filter((m) => m.arm === arm && m.result.seed === seed));
  const arms = config.arms.map(({ name }, arm) => ({ name, measured: ofArm(arm) }));
  const [first, second] = arms.map(({ measured }) => measured.map(({ result }) => result.mig));
  return {
    results: {
      schemaVersion: SCHEMA_VERSION,
      study: config.study,
      preset: config.preset,
      config,
      ...origin,
      arms: arms.map(({ name, measured }) => ({ name, replicas: measured.map(({ result }) => result) })),
      comparison: compare(first, second),
    },
    traversals: arms.map(({ name, measured }) => {
      const ranked = [...measured].sort((x, y) => x.result.mig - y.result.mig);
      const { result, images } = ranked[Math.floor(ranked.length / 2)];
      return { arm: name, seed: result.seed, images };
    }),
  };
}

export interface StudyOutcome {
  readonly results: StudyResults;
  readonly traversals: Traversals[];
}

/** Points of a curve: each the mean of this many steps. */
const CURVE_STEPS = 50;

function curvesOf(history: History, replica: number) {
  const blocks = Math.max(1, Math.floor(history.kl.length / CURVE_STEPS));
  const averages = (term: readonly Float32Array[]) =>
    Array.from({ length: blocks }, (_, b) => {
      const part = term.slice(b * CURVE_STEPS, (b + 1) * CURVE_STEPS);
      return part.reduce((total, values) => total + values[replica], 0) / part.length;
    });
  return {
    step: Array.from({ length: blocks }, (_, b) => (b + 0.5) * CURVE_STEPS),
    reconstruction: averages(history.reconstruction),
    kl: averages(history.kl),
  };
}

const TRAVERSAL_STEPS = 9;
const TRAVERSAL_REACH = 2;

/** Every latent of every replica moved from -2 to 2 around one example's mean: images by replica, latent and step. */
async function traverse(executor: Executor, model: Vae, data: DataSet, packed: Float32Array): Promise<number[][][][]> {
  const { latents, width } = model.posterior;
  const count = data.factors.count;
  const middle = Math.floor(count / 2);
  const rows = latents * TRAVERSAL_STEPS;
  const codes = new Float32Array(model.replicas * rows * latents);
  for (let at = 0; at < codes.length; at++) {
    const i = at % latents;
    const row = Math.floor(at / latents) % rows;
    const replica = Math.floor(at / latents / rows);
    const mean = packed[(replica * count + middle) * width + i];
    const place = ((row % TRAVERSAL_STEPS) / (TRAVERSAL_STEPS - 1)) * 2 - 1;
    codes[at] = i === Math.floor(row / TRAVERSAL_STEPS) ? TRAVERSAL_REACH * place : mean;
  }
  const pixels = await decode(executor, model, codes);
  const [side] = data.shape;
  const size = side ** 2;
  const image = (row: number) => Array.from(pixels.subarray(row * size, (row + 1) * size));
  const each = <T>(length: number, of: (i: number) => T): T[] => Array.from({ length }, (_, i) => of(i));
  return each(model.replicas, (r) =>
    each(latents, (latent) => each(TRAVERSAL_STEPS, (step) => image((r * latents + latent) * TRAVERSAL_STEPS + step))),
  );
}
