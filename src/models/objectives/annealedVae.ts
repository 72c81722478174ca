// AnnealedVAE, or controlled capacity increase (Burgess et al. 2018): reconstruction + gamma |KL - C|, where the capacity C
// grows linearly from 0 to its end over the first steps. The absolute value is of the mean KL of a batch.

import { abs, ramp, sub } from '../../engine';
import { refuseUnknown } from '../../engine/options';
import type { Objective, PerReplica } from '../objective';
import type { Vae } from '../vae';
import { type Dose, evidence, modelPlayer } from './evidence';

/** `capacity` in nats, reached after `steps`; gamma is 1000 in the published study. */
export function annealedVae(
  options: { readonly capacity: PerReplica; readonly gamma?: PerReplica; readonly steps: number } & Dose,
): Objective<Vae> {
  refuseUnknown<typeof options>('annealedVae', options, {
    capacity: true,
    gamma: true,
    steps: true,
    conditionalTc: true,
  });
  const { capacity, gamma = 1000, steps } = options;
  return {
    name: 'annealedVae',
    step(model, inputs) {
      const found = evidence(model, inputs);
      const target = ramp(inputs.stream.step, model.replicas, { from: 0, to: capacity, end: steps });
      const excess = abs(sub(found.terms.kl, target));
      const player = modelPlayer(model, found, options, [[excess, gamma]]);
      return { players: [player], terms: { ...found.terms, capacity: target } };
    },
  };
}
