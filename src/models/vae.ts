// The variational autoencoder (Kingma & Welling 2014), a population of R at a time: an encoder network, a posterior family, a
// decoder network and a likelihood. It only builds graphs: parameters live wherever the graphs are run.

import { relu, type Tensor } from '../engine';
import { bernoulli, type Likelihood } from './likelihoods';
import { type ConvolutionalName, convolutionalDecoder, convolutionalTrunk } from './networks/convolutional';
import { chain, mlp, type Network } from './networks/network';
import { splitHead } from './networks/split';
import { type Parameters, parameters } from './parameters';
import type { Posterior } from './posteriors/posterior';

export interface VaeOptions {
  readonly replicas: number;
  /** Numbers of an example. */
  readonly input: number;
  readonly posterior: Posterior;
  /** Widths of the encoder's hidden layers, the decoder's in reverse; none is a linear model. Or a convolutional pair. */
  readonly hidden?: readonly number[];
  readonly convolutional?: { readonly network: ConvolutionalName; readonly side: number; readonly channels: number };
  /** A Split Encoder whose branches have a hidden layer of this width after the shared layers. */
  readonly split?: number;
  /** Bernoulli by default. */
  readonly likelihood?: Likelihood;
}

export interface Vae {
  readonly replicas: number;
  readonly input: number;
  readonly posterior: Posterior;
  readonly likelihood: Likelihood;
  readonly parameters: Parameters;
  /** Packed posteriors [R, rows, width] of examples [R or 1, rows, input]. */
  encode(examples: Tensor): Tensor;
  /** Logits or means [R, rows, input] of latents [R, rows, latents]: see the likelihood. */
  decode(latents: Tensor): Tensor;
}

export function vae(options: VaeOptions): Vae {
  const { replicas, input, posterior, likelihood = bernoulli } = options;
  const encoder = encoderOf(options);
  const decoder = decoderOf(options);
  const { specs } = chain(encoder, decoder);
  const set = parameters(replicas, [...specs, ...posterior.parameters]);
  const [first, second] = [encoder.specs.length, specs.length];
  return {
    replicas,
    input,
    posterior,
    likelihood,
    parameters: set,
    encode: (examples) =>
      posterior.bound(encoder.apply(examples, set.tensors.slice(0, first)), set.tensors.slice(second)),
    decode: (latents) => decoder.apply(latents, set.tensors.slice(first, second)),
  };
}

/** A small head starts every posterior near the prior; what couples latents starts at 0. */
const HEAD_GAIN = 0.01;

function encoderOf({ input, hidden = [], convolutional, split, posterior }: VaeOptions): Network {
  const head = (inputs: number) =>
    split === undefined
      ? mlp('encoder.head', [inputs, posterior.headWidth], HEAD_GAIN, posterior.drawn)
      : splitHead(posterior, inputs, split);
  if (convolutional !== undefined) {
    const { network, side, channels } = convolutional;
    const trunk = convolutionalTrunk(network, side, channels);
    return chain(trunk, head(trunk.outputs));
  }
  if (split === undefined) return mlp('encoder', [input, ...hidden, posterior.headWidth], HEAD_GAIN, posterior.drawn);
  if (hidden.length === 0) return head(input);
  const shared = mlp('encoder', [input, ...hidden], 2);
  return chain({ ...shared, apply: (x, tensors) => relu(shared.apply(x, tensors)) }, head(hidden[hidden.length - 1]));
}

function decoderOf({ input, hidden = [], convolutional, posterior: { latents } }: VaeOptions): Network {
  if (convolutional !== undefined)
    return convolutionalDecoder(convolutional.network, convolutional.side, convolutional.channels, latents);
  return mlp('decoder', [latents, ...[...hidden].reverse(), input], 1);
}
