// Encodes examples with a trained population, a batch at a time, so that no program holds a whole data set: the posterior
// of every example as means with log-variances or Cholesky factors, one sample of each, and what the bound is made of.

import { widthOf } from '../data/dataSet';
import { broadcastTo, type Executor, type Tensor, variable, withProgram } from '../engine';
import { type ExampleSource, type Posterior, type Saved, together } from '../models';
import { posteriors } from './families';
import type { Job } from './job';
import { cut, stepOf } from './populations';
import { dataOf, type Encoder, lookUp, population } from './recipe';

/** Where the examples to encode come from. */
export interface Reader {
  readonly count: number;
  /** One batch [1, BATCH, inputs], as a graph. */
  readonly examples: Tensor;
  /** Makes `examples` those from number `first` on; what follows the last is of no account. */
  seek(first: number): Promise<void>;
  /** Gives back what it keeps where the executor computes. */
  close(): void;
}

/** Examples of a batch. */
const BATCH = 512;

/** Examples of a data set in order: all, or those of the numbers given. */
export function dataReader(executor: Executor, { count: all, batch }: ExampleSource, chosen?: Uint32Array): Reader {
  const count = chosen?.length ?? all;
  const indices = variable('encode.indices', [1, BATCH], 'u32');
  return {
    count,
    close: () => executor.free([indices]),
    examples: batch(indices),
    async seek(first) {
      executor.write(
        indices,
        Uint32Array.from({ length: BATCH }, (_, i) => {
          const at = Math.min(first + i, count - 1);
          return chosen?.[at] ?? at;
        }),
      );
    },
  };
}

/** Examples from elsewhere: `read` gives `rows` of them, row-major, from number `first` on. */
export function rowsReader(
  executor: Executor,
  count: number,
  inputs: number,
  read: (first: number, rows: number) => Promise<Float32Array>,
): Reader {
  const examples = variable('encode.examples', [1, BATCH, inputs]);
  return {
    count,
    close: () => executor.free([examples]),
    examples,
    async seek(first) {
      const padded = new Float32Array(BATCH * inputs);
      padded.set(await read(first, Math.min(BATCH, count - first)));
      executor.write(examples, padded);
    },
  };
}

/** Row-major arrays of one replica and `rows` examples. */
export interface Encoded {
  readonly means: Float32Array;
  /** [rows, latents]: of a posterior whose covariance is diagonal. */
  readonly logvars?: Float32Array;
  /** [rows, latents, latents], lower triangular, otherwise. */
  readonly cholesky?: Float32Array;
  readonly samples: Float32Array;
  /** -ln p(x|z) at the sample and KL(q(z|x) || N(0, I)), [rows], nats: of models with a likelihood. */
  readonly reconstruction?: Float32Array;
  readonly kl?: Float32Array;
}

/** Steps of the noise of samples lie far beyond those of training, so the streams do not meet. */
const FIRST_STEP = 0x80000000;

/** Numbers that encoding a population may hold for its largest tensor, about: what 64 MiB hold. */
const MOST_NUMBERS = 2 ** 24;

/** Jobs in groups that encode, or also decode, at once: a batch of examples takes more than a step of training does. */
export const encodable = <T extends { readonly job: Job }>(items: readonly T[]): T[][] => {
  if (items.length === 0) return [];
  const width = widthOf(dataOf(items[0].job.setting));
  return cut(items, Math.max(1, Math.floor(MOST_NUMBERS / (BATCH * width))));
};

/** Models of these jobs with the parameters of their states, which are written to the executor. */
export function restored(executor: Executor, jobs: readonly Job[], states: readonly Saved[]): Encoder {
  const { model } = population(jobs);
  const { values } = together(stepOf(jobs), states);
  for (const [name, arena] of Object.entries(model.arenas)) executor.write(arena, values[name]);
  return model;
}

/** Encodes all examples in order; `take` gets each batch of each job by its number, and how many examples are done. */
export async function encodePopulation(
  executor: Executor,
  jobs: readonly Job[],
  model: Encoder,
  reader: Reader,
  take: (job: number, part: Encoded, done: number) => void | Promise<void>,
  { bound: withBound = true }: { readonly bound?: boolean } = {},
): Promise<void> {
  const { diagonal } = lookUp(posteriors, 'posterior', jobs[0].setting.posterior.name);
  const { posterior } = model;
  const { latents, width } = posterior;
  const seeds = variable('encode.seeds', [jobs.length], 'u32');
  const step = variable('encode.step', [1], 'u32');
  executor.write(
    seeds,
    Uint32Array.from(jobs, ({ seed }) => seed),
  );
  const packed = model.encode(reader.examples);
  const samples = posterior.sample(packed, { seeds, step });
  const { decoder } = model;
  const bound: Record<string, Tensor> =
    decoder === undefined || !withBound
      ? {}
      : {
          reconstruction: decoder.nll(
            samples,
            broadcastTo(reader.examples, [jobs.length, ...reader.examples.shape.slice(1)]),
          ),
          kl: posterior.kl(packed),
        };
  const outputs: Record<string, Tensor> = { packed, samples, ...bound };
  try {
    await withProgram(executor, { outputs }, async (program) => {
      for (let first = 0; first < reader.count; first += BATCH) {
        const rows = Math.min(BATCH, reader.count - first);
        await reader.seek(first);
        executor.write(step, Uint32Array.of(FIRST_STEP + first / BATCH));
        await program.run();
        const found: Record<string, Float32Array> = {};
        for (const name of Object.keys(outputs)) found[name] = await program.read(name);
        for (const r of jobs.keys()) {
          const part = (name: string, each: number) => found[name].slice(r * BATCH * each, (r * BATCH + rows) * each);
          const own = Object.fromEntries(Object.keys(bound).map((name) => [name, part(name, 1)]));
          const gaussians = unpack(part('packed', width), posterior, r, diagonal);
          await take(r, { ...gaussians, samples: part('samples', latents), ...own }, first + rows);
        }
      }
    });
  } finally {
    executor.free([seeds, step]);
    reader.close();
  }
}

/** Posteriors [rows, width] as separate arrays. */
export function unpack(
  packed: Float32Array,
  posterior: Pick<Posterior, 'latents' | 'width' | 'cholesky'>,
  replica: number,
  diagonal: boolean,
): Pick<Encoded, 'means' | 'logvars' | 'cholesky'> {
  const { latents, width } = posterior;
  const rows = packed.length / width;
  const means = new Float32Array(rows * latents);
  const logvars = new Float32Array(rows * latents);
  const cholesky = new Float32Array(rows * latents * latents);
  for (let row = 0; row < rows; row++) {
    const numbers = posterior.cholesky(packed.subarray(row * width, (row + 1) * width), replica);
    let at = 2 * latents;
    for (let i = 0; i < latents; i++) {
      const line = (row * latents + i) * latents;
      means[row * latents + i] = numbers[i];
      logvars[row * latents + i] = 2 * numbers[latents + i];
      for (let j = 0; j < i; j++) cholesky[line + j] = numbers[at++];
      cholesky[line + i] = Math.exp(numbers[latents + i]);
    }
  }
  return diagonal ? { means, logvars } : { means, cholesky };
}
