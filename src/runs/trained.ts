// A trained replica as measures see it, whatever its family: Gaussians by mean and Cholesky factor, samples, the decoder, the true
// factors. What an encoder's numbers mean is the posterior's affair alone (models/posteriors).

import '../engine/disposal';
import { type DataSet, widthOf } from '../data/dataSet';
import { constant, type Executor, InputError, withProgram } from '../engine';
import { someOf } from '../metrics/disentanglement/protocol';
import { Draw } from '../metrics/information/draw';
import { type Component, component } from '../metrics/information/posterior';
import type { Saved } from '../models';
import { dataReader } from '../models';
import { type Encoded, encodePopulation, restored } from './encoding';
import type { Job } from './job';
import { dataOf, type Encoder, openData } from './recipe';

export interface TrainedReplica {
  readonly job: Job;
  readonly data: DataSet;
  readonly latents: number;
  /** True where the rows are all examples of the data set, once each; else they are a sample of it. */
  readonly complete: boolean;
  /** Posteriors of the rows. */
  readonly components: readonly Component[];
  /** [latent][row]: means and deviations of the marginal posteriors, and one sample of each posterior. */
  readonly means: readonly Float64Array[];
  readonly deviations: readonly Float64Array[];
  readonly samples: readonly Float64Array[];
  /** [factor][row]: value numbers of the factors that vary, and their names. */
  readonly factors: readonly Float64Array[];
  readonly factorNames: readonly string[];
  /** Mean -ln p(x|z) and KL(q(z|x) || N(0, I)) of the rows, nats: of models with a likelihood. */
  readonly losses?: { readonly reconstruction: number; readonly kl: number };
  /** Expected examples [rows, width] of latents [rows, latents]: of models with a decoder. */
  decode?(latents: Float32Array): Promise<Float32Array>;
}

/** Rows of a larger data set that are looked at: a sample without replacement, the same for all models. */
export const MOST_ROWS = 4096;
const PURPOSE = 3400;

/** Numbers of the examples to look at: all in order, or a sample. */
export const rowsOf = (count: number, most = MOST_ROWS): Uint32Array =>
  count <= most
    ? Uint32Array.from({ length: count }, (_, i) => i)
    : Uint32Array.from(someOf(count, most, new Draw(0, PURPOSE))).sort();

/** Value numbers, by row, of the factors that have more than one value. */
export function factorColumns(
  data: DataSet,
  rows: Uint32Array,
): { readonly name: string; readonly column: Float64Array }[] {
  const numbers = Array.from(rows, (row) => data.factors.indicesOf(data.combinationOf?.(row) ?? row));
  return data.factors.factors.flatMap(({ name, values }, f) =>
    values.length > 1 ? [{ name, column: Float64Array.from(numbers, (each) => each[f]) }] : [],
  );
}

/** The models of these jobs, encoded; their parameters stay where the executor computes until they are disposed of. Throws InputError where a posterior is not a number. */
export async function trainedReplicas(
  executor: Executor,
  jobs: readonly Job[],
  states: readonly Saved[],
): Promise<Disposable & { readonly replicas: TrainedReplica[] }> {
  if (jobs.length === 0) return { replicas: [], [Symbol.dispose]: () => undefined };
  const [{ setting }] = jobs;
  const data = dataOf(setting);
  const rows = rowsOf(data.count);
  const source = await openData(executor, setting);
  const model = restored(executor, jobs, states);
  const gathered = jobs.map(() => new Gathered(rows.length, setting.latents));
  const free = () => executor.free(Object.values(model.arenas));
  try {
    await encodePopulation(executor, jobs, model, dataReader(executor, source, rows), (r, part, done) =>
      gathered[r].take(part, done),
    );
  } catch (error) {
    free();
    throw error;
  }
  const columns = factorColumns(data, rows);
  const replicas = jobs.map((job, r): TrainedReplica => {
    const decode = decoderOf(executor, model, r, widthOf(data));
    return {
      job,
      data,
      latents: setting.latents,
      complete: rows.length === data.count,
      ...gathered[r].finished(),
      factors: columns.map(({ column }) => column),
      factorNames: columns.map(({ name }) => name),
      ...(decode === undefined ? {} : { decode }),
    };
  });
  return { replicas, [Symbol.dispose]: free };
}

/** Decoding runs for the whole population at once, as its parameters are stored: all replicas are given the same latents. */
function decoderOf(executor: Executor, { decoder, replicas, posterior }: Encoder, replica: number, width: number) {
  if (decoder === undefined) return undefined;
  return async (latents: Float32Array): Promise<Float32Array> => {
    const rows = latents.length / posterior.latents;
    const all = new Float32Array(replicas * latents.length);
    for (let r = 0; r < replicas; r++) all.set(latents, r * latents.length);
    const images = decoder.mean(constant(all, [replicas, rows, posterior.latents]));
    const found = await withProgram(executor, { outputs: { images } }, async (program) => {
      await program.run();
      return program.read('images');
    });
    return found.slice(replica * rows * width, (replica + 1) * rows * width);
  };
}

/** One row's posterior, of a family whose head gives log-variances or Cholesky factors: its mean, and its factor [latent][latent]. */
export function gaussianAt(
  { means, logvars, cholesky }: Pick<Encoded, 'means' | 'logvars' | 'cholesky'>,
  row: number,
  latents: number,
): { readonly mean: number[]; readonly factor: number[][] } {
  const mean = Array.from(means.subarray(row * latents, (row + 1) * latents));
  const factor = mean.map((_, i) =>
    mean.map((__, j) => {
      if (cholesky !== undefined) return j > i ? 0 : cholesky[(row * latents + i) * latents + j];
      return i === j ? Math.exp((logvars?.[row * latents + i] ?? 0) / 2) : 0;
    }),
  );
  return { mean, factor };
}

/** The batches of one replica, put together. */
class Gathered {
  private readonly components: Component[] = [];
  private readonly samples: Float64Array[];
  private reconstruction = 0;
  private kl = 0;
  private bounded = false;

  constructor(
    private readonly rows: number,
    private readonly latents: number,
  ) {
    this.samples = Array.from({ length: latents }, () => new Float64Array(rows));
  }

  take(part: Encoded, done: number): void {
    const { means, samples, reconstruction, kl } = part;
    const { latents } = this;
    const count = means.length / latents;
    for (let row = 0; row < count; row++) {
      const { mean, factor } = gaussianAt(part, row, latents);
      if (!mean.every(Number.isFinite) || !factor.flat().every(Number.isFinite))
        throw new InputError(`the posterior of example ${done - count + row} is not a number`);
      this.components.push(component(mean, factor));
      for (let i = 0; i < latents; i++) this.samples[i][done - count + row] = samples[row * latents + i];
      this.reconstruction += reconstruction?.[row] ?? 0;
      this.kl += kl?.[row] ?? 0;
    }
    this.bounded = reconstruction !== undefined;
  }

  finished(): Pick<TrainedReplica, 'components' | 'means' | 'deviations' | 'samples' | 'losses'> {
    const { components, samples, rows } = this;
    const per = (value: (component: Component, i: number) => number) =>
      samples.map((_, i) => Float64Array.from(components, (each) => value(each, i)));
    return {
      components,
      samples,
      means: per(({ mean }, i) => mean[i]),
      deviations: per(({ covariance }, i) => Math.sqrt(covariance[i][i])),
      ...(this.bounded ? { losses: { reconstruction: this.reconstruction / rows, kl: this.kl / rows } } : {}),
    };
  }
}
