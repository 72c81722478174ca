// Channels from a few bits to latents, whose information is known exactly: a noisy gate, an exclusive or, two copies. They
// show which of independence, conditional independence and invariance go together, and what every estimator must find. An
// example is a draw of the latents, as an encoder would give it; the factors are the bits.

import { constant, gatherRows, InputError } from '../engine';
import { threefry, uniformF } from '../engine/random/threefry';
import type { DataSet } from './dataSet';
import { noisePurposes } from './exampleNoise';
import { FactorSpace } from './factors';

/** Exact answers in nats, one entry a latent. */
export interface ChannelAnswers {
  /** I(z_i; x). */
  readonly information: readonly number[];
  /** I(z_i; x | z_-i). */
  readonly conditionalInformation: readonly number[];
  /** I(z_i; z_-i). */
  readonly redundancy: readonly number[];
  /** I(z_i; z_-i | x). */
  readonly synergy: readonly number[];
  /** M_i(c): information about x at the values c of the other latents, [latent][value of the others in mixed radix]. */
  readonly pointwise: readonly (readonly number[])[];
}

export interface Channel extends DataSet {
  readonly exact: ChannelAnswers;
}

/** How examples of a channel are drawn. */
export interface ChannelOptions {
  /** Examples of each combination of the factors. */
  readonly draws?: number;
  readonly seed?: number;
}

/** The probabilities of all values of the latents in mixed radix, given the values of the factors. */
type Conditional = (factors: readonly number[]) => readonly number[];

const bit = [0, 1];
const noiseless = 0;

/** z_1 = a flipped with probability `flips[b]`, z_2 = b flipped with `flip`: independent in every sense, yet M_1 depends on z_2. */
export function gated(options: ChannelOptions & { flips?: readonly number[]; flip?: number } = {}): Channel {
  const { flips = [0, 0.5], flip = noiseless } = options;
  if (!Array.isArray(flips) || flips.length !== 2)
    throw new InputError(`flips is ${flips}; it takes a probability for each of the 2 values of b, such as 0,0.5`);
  const given: Conditional = ([a, b]) => outcomes([bernoulli(a, flips[b]), bernoulli(b, flip)]);
  return channel('gated', ['a', 'b'], 2, given, options);
}

/** z_1 a fair coin, z_2 = x xor z_1: each alone knows nothing, both together all. */
export const xor = (options: ChannelOptions = {}): Channel =>
  channel('xor', ['x'], 2, ([x]) => [0, 1, 2, 3].map((z) => (((z >> 1) ^ (z & 1)) === x ? 0.5 : 0)), options);

/** z_1 and z_2 are x, each flipped with probability `flip`: redundant. */
export function copies(options: ChannelOptions & { flip?: number } = {}): Channel {
  const { flip = 0.1 } = options;
  return channel('copies', ['x'], 2, ([x]) => outcomes([bernoulli(x, flip), bernoulli(x, flip)]), options);
}

/** Probabilities of 0 and 1 for a bit that is flipped with probability `flip`. Throws InputError for no probability. */
function bernoulli(value: number, flip: number): readonly [number, number] {
  if (!(flip >= 0 && flip <= 1)) throw new InputError(`${flip} is no probability of a flip`);
  return value === 0 ? [1 - flip, flip] : [flip, 1 - flip];
}

/** Joint probabilities of independent bits, the last fastest. */
const outcomes = (bits: readonly (readonly [number, number])[]): number[] =>
  bits.reduce<number[]>((joint, p) => joint.flatMap((q) => p.map((each) => q * each)), [1]);

function channel(
  name: string,
  names: readonly string[],
  latents: number,
  given: Conditional,
  { draws = 1024, seed = 0 }: ChannelOptions,
): Channel {
  if (!(Number.isInteger(draws) && draws > 0)) throw new InputError(`draws is ${draws}; it must be at least 1`);
  const factors = new FactorSpace(names.map((each) => ({ name: each, values: bit })));
  const table = Array.from({ length: factors.count }, (_, x) => given(factors.valuesOf(x)));
  const count = factors.count * draws;
  const examples = new Float32Array(count * latents);
  for (let i = 0; i < count; i++) {
    const outcome = choose(table[i % factors.count], uniformF(threefry([seed, noisePurposes.draw], [i, 0])[0]));
    for (let z = 0; z < latents; z++) examples[i * latents + z] = bitOf(outcome, z, latents);
  }
  const stored = constant(examples, [count, latents]);
  return {
    name,
    factors,
    shape: [latents],
    count,
    combinationOf: (index) => index % factors.count,
    batch: (indices) => gatherRows(stored, indices),
    exact: answers(table, latents),
  };
}

/** The outcome whose share of (0, 1) holds u. */
function choose(probabilities: readonly number[], u: number): number {
  let rest = u;
  const found = probabilities.findIndex((p) => {
    rest -= p;
    return rest < 0;
  });
  return found < 0 ? probabilities.length - 1 : found;
}

const bitOf = (outcome: number, z: number, latents: number): number => (outcome >> (latents - 1 - z)) & 1;

/** The value of all latents but z. */
const othersOf = (outcome: number, z: number, latents: number): number => {
  const low = latents - 1 - z;
  return ((outcome >> (low + 1)) << low) | (outcome & ((1 << low) - 1));
};

/** Everything by summing over the joint distribution of a uniform x and z. */
function answers(table: readonly (readonly number[])[], latents: number): ChannelAnswers {
  const joint = table.flatMap((row, x) => row.map((p, outcome) => ({ x, outcome, p: p / table.length })));
  type Event = (typeof joint)[number];
  /** Mutual information of two labels among events, in the distribution these make. */
  const information = (events: readonly Event[], of: (e: Event) => number, and: (e: Event) => number): number => {
    const total = events.reduce((sum, { p }) => sum + p, 0);
    const entropy = (label: (e: Event) => string): number => {
      const masses = new Map<string, number>();
      for (const e of events) masses.set(label(e), (masses.get(label(e)) ?? 0) + e.p / total);
      return -[...masses.values()].reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
    };
    return entropy((e) => `${of(e)}`) + entropy((e) => `${and(e)}`) - entropy((e) => `${of(e)},${and(e)}`);
  };
  /** Information given a third label: its mean, and its value at each of them. */
  const conditional = (of: (e: Event) => number, and: (e: Event) => number, on: (e: Event) => number) => {
    const values = [...new Set(joint.map(on))].sort((a, b) => a - b);
    const parts = values.map((value) => joint.filter((e) => on(e) === value));
    const each = parts.map((part) => information(part, of, and));
    const weights = parts.map((part) => part.reduce((sum, { p }) => sum + p, 0));
    return { each, mean: each.reduce((sum, nats, i) => sum + (weights[i] > 0 ? weights[i] * nats : 0), 0) };
  };
  const all = Array.from({ length: latents }, (_, z) => {
    const own = ({ outcome }: Event) => bitOf(outcome, z, latents);
    const others = ({ outcome }: Event) => othersOf(outcome, z, latents);
    const x = (e: Event) => e.x;
    const given = conditional(own, x, others);
    return {
      information: information(joint, own, x),
      conditionalInformation: given.mean,
      redundancy: information(joint, own, others),
      synergy: conditional(own, others, x).mean,
      pointwise: given.each,
    };
  });
  return {
    information: all.map((each) => each.information),
    conditionalInformation: all.map((each) => each.conditionalInformation),
    redundancy: all.map((each) => each.redundancy),
    synergy: all.map((each) => each.synergy),
    pointwise: all.map((each) => each.pointwise),
  };
}
