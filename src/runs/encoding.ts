// Encodes examples with a trained population, a batch at a time, so that no program holds a whole data set: the posterior
// of every example as means with log-variances or Cholesky factors, and one sample of each.

import { type Executor, type Tensor, variable } from '../engine';
import type { ExampleSource, Posterior, Saved } from '../models';
import type { Replica, TrainingConfig } from './config';
import { posteriors } from './families';
import { lookUp, population } from './recipe';

/** Where the examples to encode come from. */
export interface Reader {
  readonly count: number;
  /** One batch [1, BATCH, inputs], as a graph. */
  readonly examples: Tensor;
  /** Makes `examples` those from number `first` on; what follows the last is of no account. */
  seek(first: number): Promise<void>;
}

/** Examples of a batch. */
const BATCH = 512;

/** Examples of a data set in order: all, or those of the numbers given. */
export function dataReader(executor: Executor, { count: all, batch }: ExampleSource, chosen?: Uint32Array): Reader {
  const count = chosen?.length ?? all;
  const indices = variable('encode.indices', [1, BATCH], 'u32');
  return {
    count,
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
  readonly replica: number;
  readonly means: Float32Array;
  /** [rows, latents]: of a posterior whose covariance is diagonal. */
  readonly logvars?: Float32Array;
  /** [rows, latents, latents], lower triangular, otherwise. */
  readonly cholesky?: Float32Array;
  readonly samples: Float32Array;
}

/** Steps of the noise of samples lie far beyond those of training, so the streams do not meet. */
const FIRST_STEP = 0x80000000;

/** Encodes all examples in order; `take` gets each batch of each replica, and how many examples are done. */
export async function encodePopulation(
  executor: Executor,
  config: TrainingConfig,
  replicas: readonly Replica[],
  saved: Saved,
  reader: Reader,
  take: (part: Encoded, done: number) => Promise<void>,
): Promise<void> {
  const { model, options } = population(config, replicas);
  const { diagonal } = lookUp(posteriors, 'posterior', config.posterior.name);
  const { latents, width } = model.posterior;
  for (const [name, arena] of Object.entries(model.arenas)) executor.write(arena, saved.values[name]);
  const seeds = variable('encode.seeds', [replicas.length], 'u32');
  const step = variable('encode.step', [1], 'u32');
  executor.write(seeds, Uint32Array.from(options.seeds));
  const packed = model.encode(reader.examples);
  const samples = model.posterior.sample(packed, { seeds, step });
  using program = await executor.compile({ outputs: { packed, samples } });
  for (let first = 0; first < reader.count; first += BATCH) {
    const rows = Math.min(BATCH, reader.count - first);
    await reader.seek(first);
    executor.write(step, Uint32Array.of(FIRST_STEP + first / BATCH));
    await program.run();
    const posteriorsOf = await program.read('packed');
    const samplesOf = await program.read('samples');
    for (const [r, { replica }] of replicas.entries()) {
      const from = r * BATCH;
      const part = unpack(posteriorsOf.subarray(from * width, (from + rows) * width), model.posterior, r, diagonal);
      await take({ replica, ...part, samples: samplesOf.slice(from * latents, (from + rows) * latents) }, first + rows);
    }
  }
}

/** Posteriors [rows, width] as separate arrays. */
export function unpack(
  packed: Float32Array,
  posterior: Pick<Posterior, 'latents' | 'width' | 'cholesky'>,
  replica: number,
  diagonal: boolean,
): Omit<Encoded, 'replica' | 'samples'> {
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
