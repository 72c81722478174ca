// beta-VAE (Higgins et al. 2017): reconstruction + beta KL. And what is left without the KL and the noise: an autoencoder.

import { mean } from '../../engine';
import { refuseUnknown } from '../../engine/options';
import type { Objective, PerReplica } from '../objective';
import type { Vae } from '../vae';
import { type Dose, evidence, modelPlayer } from './evidence';

/**
 * Reconstruction + beta KL (Higgins et al. 2017) + lambda TC(z given x). Throws InputError for weights that are not one for each
 * replica.
 */
export function betaVae(options: { readonly beta: PerReplica } & Dose): Objective<Vae> {
  refuseUnknown<typeof options>('betaVae', options, { beta: true, conditionalTc: true });
  return {
    name: 'betaVae',
    step(model, inputs) {
      const found = evidence(model, inputs);
      const player = modelPlayer(model, found, options, [[found.terms.kl, options.beta]]);
      return { players: [player], terms: found.terms };
    },
  };
}

/** Decodes the mean of the posterior, and asks nothing else of it. */
export function autoencoder(): Objective<Vae> {
  return {
    name: 'autoencoder',
    step(model, inputs) {
      const { batch, packed, terms } = evidence(model, inputs);
      const decoded = model.decode(model.posterior.means(packed));
      const reconstruction = mean(model.likelihood.nll(decoded, batch), [1]);
      return {
        players: [{ parameters: model.parameters, loss: reconstruction }],
        terms: { ...terms, reconstruction },
      };
    },
  };
}
