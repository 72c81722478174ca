// Encoding the models of jobs: what a run's arrays hold, by family.

import { widthOf } from '../data/dataSet';
import type { Executor } from '../engine';
import {
  BATCH,
  type EncodedBatch,
  encodeBatches,
  type GaussianPosterior,
  type Reader,
  type Saved,
  together,
  unpackGaussians,
} from '../models';
import { posteriors } from './families';
import type { Job } from './job';
import { cut, stepOf } from './populations';
import { dataOf, type Encoder, lookUp, population } from './recipe';

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
  options: { readonly bound?: boolean } = {},
): Promise<void> {
  const { diagonal } = lookUp(posteriors, 'posterior', jobs[0].setting.posterior.name);
  const seeds = jobs.map(({ seed }) => seed);
  const each = (r: number, { packed, ...part }: EncodedBatch, done: number) =>
    take(r, { ...unpack(packed, model.posterior, r, diagonal), ...part }, done);
  await encodeBatches(executor, model, seeds, reader, each, options);
}

/** Posteriors [rows, width] as the arrays that say what they are: log-variances where there is nothing else. */
export function unpack(
  packed: Float32Array,
  posterior: Pick<GaussianPosterior, 'latents' | 'width' | 'cholesky'>,
  replica: number,
  diagonal: boolean,
): Pick<Encoded, 'means' | 'logvars' | 'cholesky'> {
  const { means, logvars, cholesky } = unpackGaussians(packed, posterior, replica);
  return diagonal ? { means, logvars } : { means, cholesky };
}
