// The study `decline`: does a posterior that is not factorized disentangle less? Two arms that differ in one switch (the
// entries below the diagonal of the posterior's Cholesky factor), the same seeds, one population; then everything that
// the theory speaks of is measured on every replica.

import { type DataSet, squares, stored } from '../data';
import type { AdapterDescription, Executor } from '../engine';
import { betaVae, decode, encode, full, type History, train, type Vae, vae } from '../models';
import { measureReplicas } from './measure';
import { SCHEMA_VERSION, type StudyConfig, type StudyResults, type Traversals } from './results';
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

export interface StudyHooks {
  /** Called with the stage and the share of the whole study that is done. */
  readonly onProgress: (stage: string, share: number) => void;
}

/** Shares of the whole that the stages take, roughly. */
const TRAINED = 0.88;

export interface StudyOutcome {
  readonly results: StudyResults;
  readonly traversals: Traversals[];
}

/** Runs the whole study. Throws what training throws; see `train`. */
export async function runDecline(
  executor: Executor,
  adapter: AdapterDescription,
  config: StudyConfig,
  { onProgress }: StudyHooks,
): Promise<StudyOutcome> {
  const started = performance.now();
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
  const armResults = config.arms.map((arm) => ({
    name: arm.name,
    replicas: replicas.flatMap((replica, r) =>
      replica.arm === arm ? [{ seed: replica.seed, ...measured[r], curves: curvesOf(history, r) }] : [],
    ),
  }));
  const [first, second] = armResults.map(({ replicas: list }) => list.map(({ mig }) => mig));
  const traversals = await traverse(
    executor,
    model,
    data,
    packed,
    config,
    armResults.map(({ replicas: list }) => list),
  );
  return {
    results: {
      schemaVersion: SCHEMA_VERSION,
      study: config.study,
      preset: config.preset,
      config,
      adapter,
      versions: {},
      seconds: (performance.now() - started) / 1000,
      arms: armResults,
      comparison: compare(first, second),
    },
    traversals,
  };
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

/** For the replica of each arm whose MIG is the median: every latent moved from -2 to 2 around one example's mean. */
async function traverse(
  executor: Executor,
  model: Vae,
  data: DataSet,
  packed: Float32Array,
  config: StudyConfig,
  arms: readonly { readonly seed: number; readonly mig: number }[][],
): Promise<Traversals[]> {
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
  return arms.map((list, a) => {
    const ranked = [...list].sort((x, y) => x.mig - y.mig);
    const { seed } = ranked[Math.floor(ranked.length / 2)];
    const replica = a * config.seeds.length + config.seeds.indexOf(seed);
    const image = (latent: number, step: number) => {
      const at = (replica * rows + latent * TRAVERSAL_STEPS + step) * size;
      return pixels.slice(at, at + size);
    };
    const images = Array.from({ length: latents }, (_, latent) =>
      Array.from({ length: TRAVERSAL_STEPS }, (_unused, step) => image(latent, step)),
    );
    return { arm: config.arms[a].name, seed, side, images };
  });
}
