// Encoding with a trained population, a batch at a time, so that no program holds a whole data set: the posterior of every example, one sample
// of each, and what the bound is made of.

import { broadcastTo, type Executor, type Tensor, variable, withProgram } from '../engine';
import type { GaussianPosterior, Posterior } from './posteriors/posterior';
import type { ExampleSource } from './trainingStep';

/** What encodes examples: a VAE, or another population that has a posterior. */
export interface Encodes<P extends Posterior = Posterior> {
  readonly replicas: number;
  readonly posterior: P;
  /** Packed posteriors [R, rows, width] of examples [R or 1, rows, numbers]. */
  encode(examples: Tensor): Tensor;
  /** -ln p(x|z) of each row [R, rows], and the expected examples, of latents [R, rows, latents]: of models with a likelihood. */
  readonly decoder?: {
    /** -ln p(x|z), [R, rows], nats. */
    nll(z: Tensor, examples: Tensor): Tensor;
    /** E x given z, [R, rows, numbers]. */
    mean(z: Tensor): Tensor;
  };
}

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
export const BATCH = 512;

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

/** Steps of the noise of samples lie far beyond those of training, so the streams do not meet. */
const FIRST_STEP = 0x80000000;

/** Row-major numbers of one replica and a batch of rows. */
export interface EncodedBatch {
  /** As `[rows, width]`; what the numbers are is the posterior's affair. */
  readonly packed: Float32Array;
  /** One sample of each, [rows, latents]. */
  readonly samples: Float32Array;
  /** E z, [rows, latents], of posteriors that are not Gaussian: of those `unpackGaussians` says it. */
  readonly means?: Float32Array;
  /** -ln p(x|z) at the sample and KL(q(z|x) || N(0, I)), [rows], nats: of models with a likelihood. */
  readonly reconstruction?: Float32Array;
  readonly kl?: Float32Array;
}

/**
 * Encodes all examples of the reader in order, and closes it; `take` gets each batch of each replica by its number, and how many examples are
 * done. Samples follow from `seeds`, one for each replica.
 */
export async function encodeBatches(
  executor: Executor,
  model: Encodes,
  seeds: readonly number[],
  reader: Reader,
  take: (replica: number, part: EncodedBatch, done: number) => void | Promise<void>,
  { bound: withBound = true }: { readonly bound?: boolean } = {},
): Promise<void> {
  const { posterior, decoder, replicas } = model;
  const [ofReplicas, step] = [variable('encode.seeds', [replicas], 'u32'), variable('encode.step', [1], 'u32')];
  executor.write(ofReplicas, Uint32Array.from(seeds));
  const packed = model.encode(reader.examples);
  const samples = posterior.sample(packed, { seeds: ofReplicas, step });
  const bound: Record<string, Tensor> =
    decoder === undefined || !withBound
      ? {}
      : {
          reconstruction: decoder.nll(
            samples,
            broadcastTo(reader.examples, [replicas, ...reader.examples.shape.slice(1)]),
          ),
          kl: posterior.kl(packed, samples),
        };
  const outputs: Record<string, Tensor> = {
    packed,
    samples,
    ...('cholesky' in posterior ? {} : { means: posterior.means(packed) }),
    ...bound,
  };
  try {
    await withProgram(executor, { outputs }, async (program) => {
      for (let first = 0; first < reader.count; first += BATCH) {
        const rows = Math.min(BATCH, reader.count - first);
        await reader.seek(first);
        executor.write(step, Uint32Array.of(FIRST_STEP + first / BATCH));
        await program.run();
        const found: Record<string, Float32Array> = {};
        for (const name of Object.keys(outputs)) found[name] = await program.read(name);
        for (let r = 0; r < replicas; r++) {
          const part = (name: string) => {
            const each = found[name].length / (replicas * BATCH);
            return found[name].slice(r * BATCH * each, (r * BATCH + rows) * each);
          };
          const own = Object.fromEntries(Object.keys(outputs).map((name) => [name, part(name)]));
          await take(r, { packed: own.packed, samples: own.samples, ...own }, first + rows);
        }
      }
    });
  } finally {
    executor.free([ofReplicas, step]);
    reader.close();
  }
}

/** Gaussian posteriors [rows, width] as arrays: means and log-variances [rows, latents], Cholesky factors [rows, latents, latents]. */
export function unpackGaussians(
  packed: Float32Array,
  posterior: Pick<GaussianPosterior, 'latents' | 'width' | 'cholesky'>,
  replica: number,
): { readonly means: Float32Array; readonly logvars: Float32Array; readonly cholesky: Float32Array } {
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
  return { means, logvars, cholesky };
}
