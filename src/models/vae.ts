// The variational autoencoder (Kingma & Welling 2014), a population of R at a time: an encoder network, a posterior family, a
// decoder network and a likelihood. It only builds graphs: parameters live wherever the graphs are run. Networks are the usual ones by their
// widths, or one's own: a `Network` is what parameters it needs and what it computes.

import { InputError, relu, type Tensor } from '../engine';
import { refuseUnknown } from '../engine/options';
import { bernoulli, type Likelihood } from './likelihoods';
import { type ConvolutionalName, convolutionalDecoder, convolutionalTrunk } from './networks/convolutional';
import { chain, mlp, type Network } from './networks/network';
import { splitHead } from './networks/split';
import { type Parameters, parameters } from './parameters';
import type { Posterior } from './posteriors/posterior';

/** Sizes, posterior, networks and likelihood. */
export interface VaeOptions<P extends Posterior = Posterior> {
  readonly replicas: number;
  /** Numbers of an example. */
  readonly input: number;
  readonly posterior: P;
  /** Widths of the encoder's hidden layers, the decoder's in reverse; none is a linear model. Or a convolutional pair. */
  readonly hidden?: readonly number[];
  readonly convolutional?: { readonly network: ConvolutionalName; readonly side: number; readonly channels: number };
  /** A Split Encoder whose branches have a hidden layer of this width after the shared layers. */
  readonly split?: number;
  /** An encoder of one's own, instead: from `input` numbers to the posterior's `headWidth`. */
  readonly encoder?: Network;
  /** A decoder of one's own, instead: from the latents to `input` numbers. */
  readonly decoder?: Network;
  /** Bernoulli by default. */
  readonly likelihood?: Likelihood;
}

/** A population of VAEs as graphs. */
export interface Vae<P extends Posterior = Posterior> {
  readonly replicas: number;
  readonly input: number;
  readonly posterior: P;
  readonly likelihood: Likelihood;
  readonly parameters: Parameters;
  /** Packed posteriors [R, rows, width] of examples [R or 1, rows, input]. */
  encode(examples: Tensor): Tensor;
  /** Logits or means [R, rows, input] of latents [R, rows, latents]: see the likelihood. */
  decode(latents: Tensor): Tensor;
}

/**
 * A population of `replicas` models as graphs. Throws InputError for an option that there is not, for numbers that are not whole and
 * above 0, and for a network beside widths that it would replace; what a network of one's own puts out is checked when a graph is made.
 */
export function vae<P extends Posterior>(options: VaeOptions<P>): Vae<P> {
  checkVae(options);
  const { replicas, input, posterior, likelihood = bernoulli } = options;
  const encoder = options.encoder ?? encoderOf(options);
  const decoder = options.decoder ?? decoderOf(options);
  const { specs } = chain(encoder, decoder);
  const set = parameters(replicas, [...specs, ...posterior.parameters]);
  const [first, second] = [encoder.specs.length, specs.length];
  return {
    replicas,
    input,
    posterior,
    likelihood,
    parameters: set,
    encode: (examples) => {
      const head = encoder.apply(examples, set.tensors.slice(0, first));
      checkWidth('encoder', head, posterior.headWidth, `the posterior ${posterior.name} takes as its headWidth`);
      return posterior.bound(head, set.tensors.slice(second));
    },
    decode: (latents) => {
      const decoded = decoder.apply(latents, set.tensors.slice(first, second));
      checkWidth('decoder', decoded, input, 'an example has');
      return decoded;
    },
  };
}

function checkVae(options: VaeOptions): void {
  refuseUnknown<VaeOptions>('vae', options, {
    replicas: true,
    input: true,
    posterior: true,
    hidden: true,
    convolutional: true,
    split: true,
    encoder: true,
    decoder: true,
    likelihood: true,
  });
  const { replicas, input, hidden = [], encoder, decoder, convolutional, split } = options;
  for (const [what, value] of Object.entries<number>({ replicas, input, ...hidden }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new InputError(
        `vae: ${/^\d/.test(what) ? 'a width of hidden' : what} is ${value}; it must be a whole number above 0`,
      );
  const unread =
    options.hidden !== undefined && convolutional !== undefined
      ? 'hidden, beside convolutional'
      : encoder !== undefined && decoder !== undefined && (options.hidden ?? convolutional) !== undefined
        ? 'hidden and convolutional, beside an encoder and a decoder'
        : encoder !== undefined && split !== undefined
          ? 'split, beside an encoder'
          : undefined;
  if (unread !== undefined) throw new InputError(`vae: ${unread}, would change nothing: leave one of them out`);
}

function checkWidth(whose: string, x: Tensor, wanted: number, whatFor: string): void {
  const width = x.shape[x.shape.length - 1];
  if (x.shape.length !== 3 || width !== wanted)
    throw new InputError(
      `the ${whose} puts out [${x.shape.join(', ')}]; it must be [R, rows, ${wanted}]: ${wanted} numbers ${whatFor}`,
    );
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
