// Objectives: what is minimised. An objective turns a batch into one loss per replica and the named terms it is made of.

import { add, bernoulliNegativeLogLikelihood, constant, mean, mul, type Stream, type Tensor } from '../engine';
import type { Vae } from './vae';

/** A number, or one for each replica. */
export type PerReplica = number | readonly number[];

export const termNames = ['reconstruction', 'kl', 'conditionalTc'] as const;
export type TermName = (typeof termNames)[number];

export interface Loss {
  /** [R], nats. */
  readonly total: Tensor;
  /** The means over the batch of the unweighted terms, each [R], nats. */
  readonly terms: Readonly<Record<TermName, Tensor>>;
}

export type Objective = (model: Vae, batch: Tensor, stream: Stream) => Loss;

export const valuesOf = (value: PerReplica, replicas: number): readonly number[] =>
  typeof value === 'number' ? new Array<number>(replicas).fill(value) : value;

/** A number for every replica as a tensor [R]. */
export const perReplica = (value: PerReplica, replicas: number): Tensor =>
  constant(Float32Array.from(valuesOf(value, replicas)), [replicas]);

/**
 * Reconstruction + beta KL + lambda TC(z given x), Bernoulli likelihood (Higgins et al. 2017). `conditionalTc` is lambda,
 * the dose that drives a full posterior towards a factorized one; the closed-form KL is right for both.
 */
export function betaVae(options: { readonly beta: PerReplica; readonly conditionalTc?: PerReplica }): Objective {
  return (model, batch, stream) => {
    const { posterior, replicas } = model;
    const packed = model.encode(batch);
    const logits = model.decode(posterior.sample(packed, stream));
    const reconstruction = mean(bernoulliNegativeLogLikelihood(logits, batch), [1]);
    const kl = mean(posterior.kl(packed), [1]);
    const conditionalTc = mean(posterior.conditionalTc(packed), [1]);
    const weighted = [
      mul(kl, perReplica(options.beta, replicas)),
      mul(conditionalTc, perReplica(options.conditionalTc ?? 0, replicas)),
    ];
    return { total: weighted.reduce(add, reconstruction), terms: { reconstruction, kl, conditionalTc } };
  };
}
