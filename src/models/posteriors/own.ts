// A posterior of one's own, of any kind: how to sample it and what its density is. The KL to the prior is then that of the sample, ln q(z|x) -
// ln p(z), whose expectation it is (Kingma & Welling 2014, section 2.3), and whose gradient flows through the sample.

import { InputError, mul, type Stream, square, sub, sum, type Tensor } from '../../engine';
import { refuseUnknown } from '../../engine/options';
import { type ParameterSpec, purposes } from '../parameters';
import { headFor, type Posterior } from './posterior';

/** A posterior of one's own: how it is sampled, and its density. */
export interface OwnPosterior {
  readonly name: string;
  readonly latents: number;
  /** Numbers that the encoder puts out for one example: a row of `head`. */
  readonly width: number;
  /** z [R, rows, latents] from `head` [R, rows, width or more], differentiable in it; noise comes from the stream under this purpose. */
  sample(head: Tensor, stream: Stream, purpose: number): Tensor;
  /** ln q(z|x) of each row's point z [R, rows, latents]: [R, rows], nats. */
  logDensity(head: Tensor, z: Tensor): Tensor;
  /** E z given x, [R, rows, latents]. */
  means(head: Tensor): Tensor;
  /** KL(q(z|x) || N(0, I)), [R, rows], nats, where there is a closed form. */
  kl?(head: Tensor): Tensor;
  /** TC(z given x), [R, rows], nats, where it is known: without it there is no dose. */
  conditionalTc?(head: Tensor): Tensor;
  /** Parameters that do not depend on the example; `bound` is then given their tensors. */
  readonly parameters?: readonly ParameterSpec[];
  /** What the functions above are given, from the encoder's output: itself by default. Keep deviations within bounds here. */
  bound?(head: Tensor, own: readonly Tensor[]): Tensor;
}

const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

/** ln N(z; 0, I) of every row, [R, rows]. */
const logPrior = (z: Tensor): Tensor => sum(sub(mul(square(z), -0.5), HALF_LOG_TAU), [2]);

/**
 * A posterior from its sample and its density. Objectives that need only the evidence lower bound take it (betaVae, annealedVae,
 * factorVae, infoVae, autoencoder, your own); betaTcVae and dipVae need a Gaussian one, and say so. Throws InputError for
 * latents or a width that are no whole numbers above 0, and for an option that there is not.
 */
export function ownPosterior(given: OwnPosterior): Posterior {
  refuseUnknown<OwnPosterior>('ownPosterior', given, {
    name: true,
    latents: true,
    width: true,
    sample: true,
    logDensity: true,
    means: true,
    kl: true,
    conditionalTc: true,
    parameters: true,
    bound: true,
  });
  const { name, latents, width, parameters = [], kl, conditionalTc } = given;
  for (const [what, value] of Object.entries({ latents, width }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new InputError(`${what} of the posterior ${name} is ${value}; it must be a whole number above 0`);
  const headWidth = headFor(width);
  return {
    name,
    latents,
    width: headWidth,
    headWidth,
    owners: Array.from({ length: headWidth }, () => undefined),
    drawn: headWidth,
    parameters,
    bound: (head, own) => given.bound?.(head, own) ?? head,
    sample: (packed, stream, purpose = purposes.noise) => given.sample(packed, stream, purpose),
    kl: (packed, z) => (kl === undefined ? sub(given.logDensity(packed, z), logPrior(z)) : kl.call(given, packed)),
    means: (packed) => given.means(packed),
    logDensity: (packed, z) => given.logDensity(packed, z),
    ...(conditionalTc === undefined ? {} : { conditionalTc: (packed: Tensor) => conditionalTc.call(given, packed) }),
  };
}
