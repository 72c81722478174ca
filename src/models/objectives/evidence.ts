// What every objective of a VAE begins with: a batch, its posteriors, one sample of each, and the terms of the evidence lower
// bound (Kingma & Welling 2014).

import { mean, type Tensor } from '../../engine';
import type { StepInputs } from '../objective';
import type { Vae } from '../vae';

export interface Evidence {
  /** [R, batch, numbers]. */
  readonly batch: Tensor;
  /** Packed posteriors and a sample of each, [R, batch, ...]. */
  readonly packed: Tensor;
  readonly z: Tensor;
  /** Means over the batch, [R], nats: -ln p(x|z), KL(q(z|x) || N(0, I)), TC(z given x). */
  readonly terms: { readonly reconstruction: Tensor; readonly kl: Tensor; readonly conditionalTc: Tensor };
}

export function evidence(model: Vae, inputs: StepInputs): Evidence {
  const { posterior } = model;
  const batch = inputs.batch();
  const packed = model.encode(batch);
  const z = posterior.sample(packed, inputs.stream);
  return {
    batch,
    packed,
    z,
    terms: {
      reconstruction: mean(model.likelihood.nll(model.decode(z), batch), [1]),
      kl: mean(posterior.kl(packed), [1]),
      conditionalTc: mean(posterior.conditionalTc(packed), [1]),
    },
  };
}
