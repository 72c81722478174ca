// Using a trained population: posteriors of examples, as many as there are; expected examples of latents; and putting a saved state back.

import { constant, type Executor, gatherRows, InputError, type Tensor, withProgram } from '../engine';
import { refuseUnknown } from '../engine/options';
import { dataReader, encodeBatches, unpackGaussians } from './encoding';
import { checkSeeds } from './objective';
import type { GaussianPosterior } from './posteriors/posterior';
import type { Saved } from './train';
import type { ExampleSource } from './trainingStep';
import type { Vae } from './vae';

/** Which examples are encoded, and from which seeds their samples are drawn. */
export interface EncodeOptions {
  /** Numbers of the examples to encode; all in order by default. */
  readonly rows?: ArrayLike<number>;
  /** One for each replica: the samples follow from them. 0 for all by default, so that replicas share their noise. */
  readonly seeds?: readonly number[];
}

/** Posteriors of `rows` examples. */
export interface Encoding {
  readonly rows: number;
  /** [replica][latent], each [rows]: means of the posteriors, and one sample of each. */
  readonly means: readonly (readonly Float32Array[])[];
  readonly samples: readonly (readonly Float32Array[])[];
  /** [replica], each [rows, latents, latents] row-major, lower triangular L with Sigma = L L': of Gaussian posteriors. */
  readonly cholesky?: readonly Float32Array[];
  /** [replica][latent], each [rows]: standard deviations of the marginal posteriors, of Gaussian ones. */
  readonly deviations?: readonly (readonly Float32Array[])[];
}

/**
 * The posterior of every example in every replica, 512 examples at a time: any number fits. `examples` is a data set, or a tensor
 * [examples, numbers] whose values the executor has. Throws InputError for examples of another width, for rows that there are not and
 * for seeds that are not one for each replica.
 */
export async function encode(
  executor: Executor,
  model: Vae,
  examples: ExampleSource | Tensor,
  options: EncodeOptions = {},
): Promise<Encoding> {
  refuseUnknown<EncodeOptions>('encode', options, { rows: true, seeds: true });
  const { posterior, replicas } = model;
  const { seeds = new Array<number>(replicas).fill(0), rows: chosen } = options;
  checkSeeds(seeds, replicas);
  const source = sourceOf(examples, model.input);
  const wanted = chosen === undefined ? undefined : Uint32Array.from(chosen);
  const stray =
    chosen === undefined
      ? undefined
      : Array.from(chosen).find((row) => !(row >= 0 && row < source.count && Number.isInteger(row)));
  if (stray !== undefined) throw new InputError(`encode: there is no example ${stray}; there are ${source.count}`);
  await source.open?.(executor);
  const rows = wanted?.length ?? source.count;
  const { latents } = posterior;
  const columns = () =>
    Array.from({ length: replicas }, () => Array.from({ length: latents }, () => new Float32Array(rows)));
  const gaussian = 'cholesky' in posterior ? (posterior as GaussianPosterior) : undefined;
  const [means, samples, deviations] = [columns(), columns(), columns()];
  const cholesky = Array.from(
    { length: gaussian === undefined ? 0 : replicas },
    () => new Float32Array(rows * latents ** 2),
  );
  const reader = dataReader(executor, source, wanted);
  const width = reader.examples.shape[reader.examples.shape.length - 1];
  if (width !== model.input)
    throw new InputError(`the model takes examples of ${model.input} numbers, and these have ${width}`);
  await encodeBatches(executor, { replicas, posterior, encode: model.encode }, seeds, reader, (r, part, done) => {
    const found = gaussian === undefined ? undefined : unpackGaussians(part.packed, gaussian, r);
    const first = done - part.samples.length / latents;
    spread(found?.means ?? part.means ?? new Float32Array(), means[r], first);
    spread(part.samples, samples[r], first);
    if (found === undefined) return;
    cholesky[r].set(found.cholesky, first * latents ** 2);
    spread(deviationsOf(found.cholesky, latents), deviations[r], first);
  });
  return { rows, means, samples, ...(gaussian === undefined ? {} : { cholesky, deviations }) };
}

/** Examples as training takes them. Throws InputError for a tensor that is no matrix of examples of this width. */
function sourceOf(examples: ExampleSource | Tensor, input: number): ExampleSource {
  if ('batch' in examples) return examples;
  const { shape } = examples;
  if (shape.length !== 2 || shape[1] !== input)
    throw new InputError(`encode takes examples [examples, ${input}]; this tensor is [${shape.join(', ')}]`);
  return { count: shape[0], batch: (indices) => gatherRows(examples, indices) };
}

/** Rows [rows, latents] into columns, from row `first` on. */
function spread(values: Float32Array, columns: readonly Float32Array[], first: number): void {
  const latents = columns.length;
  for (const [at, value] of values.entries()) columns[at % latents][first + Math.floor(at / latents)] = value;
}

/** sqrt(Sigma_ii) of every row, [rows, latents]. */
function deviationsOf(cholesky: Float32Array, latents: number): Float32Array {
  return Float32Array.from({ length: cholesky.length / latents }, (_, at) =>
    Math.hypot(...cholesky.subarray(at * latents, (at + 1) * latents)),
  );
}

/**
 * Expected examples [R, rows, input], pixel probabilities or means, of latents [R, rows, latents], both row-major. Throws InputError
 * for a number of latents that is no whole number of rows for every replica.
 */
export async function decode(
  executor: Executor,
  model: Vae,
  latents: Float32Array,
): Promise<Float32Array<ArrayBuffer>> {
  const width = model.posterior.latents;
  const rows = latents.length / width / model.replicas;
  if (!Number.isInteger(rows) || rows === 0)
    throw new InputError(
      `decode takes [${model.replicas}, rows, ${width}] latents; these are ${latents.length} numbers`,
    );
  const pixels = model.likelihood.mean(model.decode(constant(latents, [model.replicas, rows, width])));
  return withProgram(executor, { outputs: { pixels } }, async (program) => {
    await program.run();
    return program.read('pixels');
  });
}

/** Puts the parameters of a saved state into the model, to encode and decode with it. Throws InputError where they are another model's. */
export function restore(executor: Executor, model: Vae, { values: { parameters } }: Saved): void {
  const { arena } = model.parameters;
  const [size] = arena.shape;
  if (parameters?.length !== size)
    throw new InputError(
      `the saved parameters are ${parameters?.length ?? 0} numbers, not ${size}: they belong to another model`,
    );
  executor.write(arena, parameters);
}
