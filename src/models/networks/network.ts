// Layers as values: what parameters they need and what they compute. Networks are put together from them; parameters live
// in the model's arena, every one with the leading replica axis.

import { linear, type Tensor } from '../../engine';
import type { ParameterSpec } from '../parameters';

/** Layers as a value: what parameters they need, and what they compute with their tensors. */
export interface Network {
  readonly specs: readonly ParameterSpec[];
  /** [R, rows, outputs] of inputs [R or 1, rows, inputs], with the tensors of `specs` in order. */
  apply(x: Tensor, tensors: readonly Tensor[]): Tensor;
}

/** What follows a dense layer. */
export type Activation = 'none' | 'relu' | 'tanh';

/** Weights normal with variance `gain` / inputs (He et al. 2015 for relu: 2) into the first `drawn` outputs, all others 0. */
export function denseSpecs(
  name: string,
  inputs: number,
  outputs: number,
  gain: number,
  drawn?: number,
): ParameterSpec[] {
  return [
    { name: `${name}.weights`, shape: [inputs, outputs], deviation: Math.sqrt(gain / inputs), drawn },
    { name: `${name}.bias`, shape: [outputs], deviation: 0 },
  ];
}

/**
 * Dense layers of these widths with relu between them; the last has weights of variance `lastGain` / inputs, into the first
 * `lastDrawn` outputs.
 */
export function mlp(name: string, widths: readonly number[], lastGain: number, lastDrawn?: number): Network {
  const last = widths.length - 2;
  return {
    specs: widths.slice(1).flatMap((to, i) => {
      const [gain, drawn] = i === last ? [lastGain, lastDrawn] : [2];
      return denseSpecs(`${name}.${i}`, widths[i], to, gain, drawn);
    }),
    apply(x, tensors) {
      let activations = x;
      for (let i = 0; i <= last; i++)
        activations = linear(activations, tensors[2 * i], tensors[2 * i + 1], i === last ? 'none' : 'relu');
      return activations;
    },
  };
}

/** One network after the other. */
export function chain(...networks: readonly Network[]): Network {
  return {
    specs: networks.flatMap(({ specs }) => specs),
    apply(x, tensors) {
      let first = 0;
      return networks.reduce((activations, network) => {
        const own = tensors.slice(first, first + network.specs.length);
        first += network.specs.length;
        return network.apply(activations, own);
      }, x);
    },
  };
}
