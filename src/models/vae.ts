// The variational autoencoder with an MLP encoder and decoder (Kingma & Welling 2014), a population of R at a time. It only
// builds graphs: parameters live wherever the graphs are run.

import { bernoulliNegativeLogLikelihood, linear, type Tensor } from '../engine';
import { type ParameterSpec, type Parameters, parameters } from './parameters';
import type { Posterior } from './posterior';

export interface VaeOptions {
  readonly replicas: number;
  /** Pixels of an example. */
  readonly input: number;
  /** Widths of the encoder's hidden layers; the decoder has them in reverse. */
  readonly hidden: readonly number[];
  readonly posterior: Posterior;
}

export interface Vae extends VaeOptions {
  readonly parameters: Parameters;
  /** Packed posteriors [R, rows, width] of examples [R or 1, rows, input]. */
  encode(examples: Tensor): Tensor;
  /** Bernoulli logits or Gaussian means [R, rows, input] of latents [R, rows, latents]. */
  decode(latents: Tensor): Tensor;
  /** -ln p(x | z), [R, rows], nats, of what `decode` gave. */
  reconstruction(decoded: Tensor, examples: Tensor): Tensor;
}

/** Weights normal with variance `gain` / in (He et al. 2015 for relu), biases 0. */
function dense(name: string, from: number, to: number, gain: number): ParameterSpec[] {
  return [
    { name: `${name}.weights`, shape: [from, to], deviation: Math.sqrt(gain / from) },
    { name: `${name}.bias`, shape: [to], deviation: 0 },
  ];
}

export function vae(options: VaeOptions): Vae {
  const { replicas, input, hidden, posterior } = options;
  const encoderWidths = [input, ...hidden, posterior.headWidth];
  const decoderWidths = [posterior.latents, ...[...hidden].reverse(), input];
  // A small head starts every posterior near the prior, with nothing off the diagonal: both arms start out alike.
  const chain = (name: string, widths: readonly number[], lastGain: number) =>
    widths.slice(1).flatMap((to, i) => dense(`${name}.${i}`, widths[i], to, i === widths.length - 2 ? lastGain : 2));
  const encoder = chain('encoder', encoderWidths, 0.01);
  const decoder = chain('decoder', decoderWidths, 1);
  const set = parameters(replicas, [...encoder, ...decoder]);

  const run = (x: Tensor, tensors: readonly Tensor[]): Tensor => {
    let activations = x;
    for (let i = 0; i < tensors.length; i += 2) {
      activations = linear(activations, tensors[i], tensors[i + 1], i === tensors.length - 2 ? 'none' : 'relu');
    }
    return activations;
  };
  return {
    ...options,
    parameters: set,
    encode: (examples) => posterior.bound(run(examples, set.tensors.slice(0, encoder.length))),
    decode: (latents) => run(latents, set.tensors.slice(encoder.length)),
    reconstruction: bernoulliNegativeLogLikelihood,
  };
}
