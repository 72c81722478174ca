// What training minimises, as a graph. One step has one player, a model, or two who work against each other: FactorVAE's
// model and discriminator, InfoGAN's generator and discriminator. Every player has parameters, a loss and an optimiser of
// its own; gradients flow to a player's own parameters only.

import { type AdamOptions, constant, InputError, type Stream, type Tensor } from '../engine';
import type { Parameters } from './parameters';

/** A number, or one for each replica. */
export type PerReplica = number | readonly number[];

/** Who minimises what, with parameters and an optimiser of its own. */
export interface Player {
  readonly parameters: Parameters;
  /** What it minimises, [R], nats. */
  readonly loss: Tensor;
  /** By default the learning rate and Adam of the training options. */
  readonly learningRate?: PerReplica;
  readonly adam?: Partial<AdamOptions>;
}

/** One step: who minimises what, and what is measured. */
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

/** What training minimises, as a graph of one step. */
export interface Objective<Model> {
  readonly name: string;
  /** The step, made once for a run: parameters of the objective's own, such as a discriminator's, are made with it. */
  step(model: Model, inputs: StepInputs): Step;
}

/** Throws InputError, naming the list, unless it has one entry for each replica. */
export function checkPerReplica(what: string, list: readonly unknown[], replicas: number): void {
  if (list.length !== replicas) {
    const given = `${list.length} value${list.length === 1 ? '' : 's'}`;
    throw new InputError(
      `${what} has ${given} for ${replicas} replica${replicas === 1 ? '' : 's'}: one each, or a number for all`,
    );
  }
}

/** One number for each replica. Throws InputError, naming `what`, for a list of another length or a value that is no number. */
export function valuesOf(what: string, value: PerReplica, replicas: number): readonly number[] {
  const list = typeof value === 'number' ? new Array<number>(replicas).fill(value) : value;
  checkPerReplica(what, list, replicas);
  const wrong = list.find((each) => !Number.isFinite(each));
  if (wrong !== undefined) throw new InputError(`${what} is ${wrong}, not a finite number`);
  return list;
}

const LARGEST_SEED = 2 ** 32 - 1;

/** Throws InputError unless there is one seed for each replica, a whole number that 32 bits hold. */
export function checkSeeds(seeds: readonly number[], replicas: number): void {
  checkPerReplica('seeds', seeds, replicas);
  const wrong = seeds.find((seed) => !Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED);
  if (wrong !== undefined) throw new InputError(`the seed ${wrong} must be a whole number from 0 to ${LARGEST_SEED}`);
}

/** A number for every replica as a tensor [R]. */
export const perReplica = (what: string, value: PerReplica, replicas: number): Tensor =>
  constant(valuesOf(what, value, replicas), [replicas]);
