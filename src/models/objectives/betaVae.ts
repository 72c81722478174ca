// beta-VAE (Higgins et al. 2017): reconstruction + beta KL. `conditionalTc` adds lambda TC(z given x), the dose that drives
// a full posterior towards a factorized one; the closed-form KL is right for both.

import { add, mul } from '../../engine';
import { type Objective, type PerReplica, perReplica } from '../objective';
import type { Vae } from '../vae';
import { evidence } from './evidence';

export function betaVae(options: { readonly beta: PerReplica; readonly conditionalTc?: PerReplica }): Objective<Vae> {
  return {
    name: 'betaVae',
    step(model, inputs) {
      const { terms } = evidence(model, inputs);
      const weighted = [
        mul(terms.kl, perReplica(options.beta, model.replicas)),
        mul(terms.conditionalTc, perReplica(options.conditionalTc ?? 0, model.replicas)),
      ];
      return { players: [{ parameters: model.parameters, loss: weighted.reduce(add, terms.reconstruction) }], terms };
    },
  };
}
