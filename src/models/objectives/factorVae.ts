// FactorVAE (Kim & Mnih 2018): reconstruction + KL + gamma TC(z), the total correlation read off a discriminator that tells samples
// of q(z) from samples whose latents were shuffled over the batch one by one. The discriminator's samples to shuffle come from
// a second batch; its loss reaches its own parameters only, so nothing flows into the encoder from there.

import {
  add,
  argsort,
  gatherColumns,
  linear,
  maximum,
  mean,
  mul,
  neg,
  permute,
  randomUniform,
  reshape,
  type Stream,
  scalar,
  softplus,
  type Tensor,
} from '../../engine';
import { refuseUnknown } from '../../engine/options';
import { denseSpecs } from '../networks/network';
import type { Objective, PerReplica } from '../objective';
import { OTHER_PLAYER, parameters, purposes } from '../parameters';
import type { Vae } from '../vae';
import { type Dose, evidence, modelPlayer } from './evidence';

export interface FactorVaeOptions extends Dose {
  readonly gamma: PerReplica;
  /** Of the discriminator: 6 layers of 1000 in the paper, Adam 1e-4 with beta1 .5 and beta2 .9. */
  readonly layers?: number;
  readonly width?: number;
  readonly discriminatorRate?: PerReplica;
}

const SHUFFLE = purposes.objective;
/** The noise of the second batch. */
const SECOND_NOISE = purposes.objective + 1;
const SLOPE = 0.2;

/** Every latent of z [R, rows, K] in another random order of the rows, independently. */
export function shuffleLatents(z: Tensor, stream: Stream, purpose: number): Tensor {
  const [, rows, latents] = z.shape;
  const byLatent = permute(z, [0, 2, 1]);
  const order = argsort(randomUniform(stream, purpose, [latents, rows]));
  return permute(gatherColumns(byLatent, order), [0, 2, 1]);
}

/** The log odds that z is a sample of q(z) and not a shuffled one, [R, rows]. */
function logOdds(z: Tensor, tensors: readonly Tensor[]): Tensor {
  let activations = z;
  for (let i = 0; i < tensors.length; i += 2) {
    const y = linear(activations, tensors[i], tensors[i + 1]);
    activations = i === tensors.length - 2 ? y : maximum(y, mul(y, scalar(SLOPE)));
  }
  return reshape(activations, activations.shape.slice(0, 2));
}

/** Reconstruction + KL + gamma TC(z) by a discriminator, the second player (Kim & Mnih 2018). */
export function factorVae(options: FactorVaeOptions): Objective<Vae> {
  refuseUnknown<FactorVaeOptions>('factorVae', options, {
    gamma: true,
    layers: true,
    width: true,
    discriminatorRate: true,
    conditionalTc: true,
  });
  const { gamma, layers = 6, width = 1000, discriminatorRate = 1e-4 } = options;
  return {
    name: 'factorVae',
    step(model, inputs) {
      const { posterior, replicas, encode } = model;
      const widths = [posterior.latents, ...new Array<number>(layers).fill(width), 1];
      const specs = widths
        .slice(1)
        .flatMap((to, i) => denseSpecs(`discriminator.${i}`, widths[i], to, i === layers ? 1 : 2));
      const discriminator = parameters(replicas, specs, OTHER_PLAYER);

      const found = evidence(model, inputs);
      const odds = logOdds(found.z, discriminator.tensors);
      const tc = mean(odds, [1]);
      const others = posterior.sample(encode(inputs.batch()), inputs.stream, SECOND_NOISE);
      const shuffledOdds = logOdds(shuffleLatents(others, inputs.stream, SHUFFLE), discriminator.tensors);
      // Cross entropy of the true label: softplus(-odds) for a sample, softplus(odds) for a shuffled one.
      const loss = mul(add(mean(softplus(neg(odds)), [1]), mean(softplus(shuffledOdds), [1])), scalar(0.5));
      const player = modelPlayer(model, found, options, [
        [found.terms.kl, 1],
        [tc, gamma],
      ]);
      const adam = { beta1: 0.5, beta2: 0.9 };
      return {
        players: [player, { parameters: discriminator, loss, learningRate: discriminatorRate, adam }],
        terms: { ...found.terms, totalCorrelation: tc, discriminator: loss },
      };
    },
  };
}
