// What every objective of a VAE begins with: a batch, its posteriors, one sample of each, and the terms of the evidence lower
// bound (Kingma & Welling 2014); and what it ends with: terms times weights, with the dose added.

import { add, InputError, mean, mul, named, type Tensor } from '../../engine';
import { type PerReplica, type Player, perReplica, type StepInputs } from '../objective';
import type { Vae } from '../vae';

/** What an objective of a VAE begins with: a batch, its posteriors, a sample of each, and the terms of the bound. */
export interface Evidence {
  /** [R, batch, numbers]. */
  readonly batch: Tensor;
  /** Posteriors and a sample of each, [R, batch, ...]. */
  readonly packed: Tensor;
  readonly z: Tensor;
  /** Means over the batch, [R], nats: -ln p(x|z), KL(q(z|x) || N(0, I)), TC(z given x) where the posterior knows it. */
  readonly terms: Readonly<Record<string, Tensor>> & { readonly reconstruction: Tensor; readonly kl: Tensor };
}

/** The terms of one batch as graphs, with a sample of each posterior. */
export function evidence({ posterior, likelihood, encode, decode }: Vae, inputs: StepInputs): Evidence {
  const batch = named(inputs.batch(), 'batch');
  const packed = named(encode(batch), 'posteriors');
  const z = named(posterior.sample(packed, inputs.stream), 'z');
  const decoded = named(decode(z), 'decoded');
  return {
    batch,
    packed,
    z,
    terms: {
      reconstruction: named(mean(likelihood.nll(decoded, batch), [1]), 'reconstruction'),
      kl: named(mean(posterior.kl(packed, z), [1]), 'kl'),
      ...(posterior.conditionalTc === undefined
        ? {}
        : { conditionalTc: named(mean(posterior.conditionalTc(packed), [1]), 'conditionalTc') }),
    },
  };
}

/** Every objective of a VAE can add lambda TC(z given x), the dose that drives any posterior towards a factorized one. */
export interface Dose {
  readonly conditionalTc?: PerReplica;
}

/**
 * The model as a player that minimises reconstruction + sum of weight x term + lambda TC(z given x). Throws InputError where lambda is
 * given and the posterior does not know its TC(z given x), and for a weight that is not one number or one for each replica.
 */
export function modelPlayer(
  { parameters, replicas, posterior }: Vae,
  { terms }: Pick<Evidence, 'terms'>,
  { conditionalTc = 0 }: Dose,
  weighted: readonly (readonly [term: Tensor, weight: PerReplica])[],
): Player {
  const dosed = [conditionalTc].flat().some((each) => each !== 0);
  const known = Object.hasOwn(terms, 'conditionalTc');
  if (dosed && !known)
    throw new InputError(`the posterior ${posterior.name} does not know TC(z given x): there is no dose for it`);
  const dose = known ? [[terms.conditionalTc, conditionalTc] as const] : [];
  const parts = [...weighted, ...dose].map(([term, weight]) =>
    weight === 1 ? term : mul(term, perReplica('a weight of the objective', weight, replicas)),
  );
  return { parameters, loss: named(parts.reduce(add, terms.reconstruction), 'loss') };
}
