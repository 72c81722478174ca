// What training minimises, as a graph. One step has one player, a model, or two who work against each other: FactorVAE's
// model and discriminator, InfoGAN's generator and discriminator. Every player has parameters, a loss and an optimiser of
// its own; gradients flow to a player's own parameters only.

import { type AdamOptions, constant, type Stream, type Tensor } from '../engine';
import type { Parameters } from './parameters';

/** A number, or one for each replica. */
export type PerReplica = number | readonly number[];

export interface Player {
  readonly parameters: Parameters;
  /** What it minimises, [R], nats. */
  readonly loss: Tensor;
  /** By default the learning rate and Adam of the training options. */
  readonly learningRate?: PerReplica;
  readonly adam?: Partial<AdamOptions>;
}

export interface Step {
  readonly players: readonly Player[];
  /** What is measured in every step, by name, each [R]: means over the batch, unweighted, nats. */
  readonly terms: Readonly<Record<string, Tensor>>;
}

/** What a step may look at. */
export interface StepInputs {
  /** A batch [R, batch, numbers]; every call draws another, by a random stream of its own. */
  batch(): Tensor;
  readonly stream: Stream;
  /** Examples in the data set: minibatch estimates of aggregated densities need it. */
  readonly examples: number;
}

export interface Objective<Model> {
  readonly name: string;
  /** The step, made once for a run: parameters of the objective's own, such as a discriminator's, are made with it. */
  step(model: Model, inputs: StepInputs): Step;
}

export const valuesOf = (value: PerReplica, replicas: number): readonly number[] =>
  typeof value === 'number' ? new Array<number>(replicas).fill(value) : value;

/** A number for every replica as a tensor [R]. */
export const perReplica = (value: PerReplica, replicas: number): Tensor =>
  constant(Float32Array.from(valuesOf(value, replicas)), [replicas]);
