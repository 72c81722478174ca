// The convolutional pair of Burgess et al. 2018 (four 4x4 convolutions of stride 2, 32 channels, three for 32 x 32 images,
// then two dense layers of 256) and the one of Locatello et al. 2019 (32, 32 channels with 4x4 kernels, 64, 64 with 2x2,
// dense 256), with their mirror images as decoders. Images are rows of height x width x channels, channels last.

import { convolve, convolveTransposed, InputError, relu, reshape, type Window } from '../../engine';
import type { ParameterSpec } from '../parameters';
import { chain, mlp, type Network } from './network';

interface Layer {
  readonly channels: number;
  readonly window: Window;
}

const STEP: Window = { kernel: [4, 4], stride: 2, padding: 1 };
const SMALL: Window = { kernel: [2, 2], stride: 2 };

const architectures = {
  burgess: (side: number): Layer[] =>
    Array.from({ length: side === 64 ? 4 : 3 }, () => ({ channels: 32, window: STEP })),
  locatello: (): Layer[] => [
    { channels: 32, window: STEP },
    { channels: 32, window: STEP },
    { channels: 64, window: SMALL },
    { channels: 64, window: SMALL },
  ],
};

export type ConvolutionalName = keyof typeof architectures;

const DENSE = { burgess: [256, 256], locatello: [256] } as const;

const convolutionSpecs = (
  name: string,
  inputs: number,
  outputs: number,
  fanIn: number,
  bias: number,
  gain: number,
): ParameterSpec[] => [
  { name: `${name}.weights`, shape: [inputs, outputs], deviation: Math.sqrt(gain / fanIn) },
  { name: `${name}.bias`, shape: [bias], deviation: 0 },
];

/** Every layer halves the side of the image. Throws InputError for sides other than 32 and 64. */
function layersOf(name: ConvolutionalName, side: number): Layer[] {
  if (side !== 64 && side !== 32)
    throw new InputError(`the ${name} network takes images of side 64 or 32, not ${side}`);
  return architectures[name](side);
}

/** Convolutions and the dense layers after them but the head: [R, rows, 256] of images [R or 1, rows, side side channels]. */
export function convolutionalTrunk(
  name: ConvolutionalName,
  side: number,
  channels: number,
): Network & { readonly outputs: number } {
  const layers = layersOf(name, side);
  const inputs = [channels, ...layers.map((layer) => layer.channels)];
  const smallest = side / 2 ** layers.length;
  const flat = smallest * smallest * inputs[layers.length];
  const convolutions: Network = {
    specs: layers.flatMap(({ channels: out, window: { kernel } }, i) => {
      const fanIn = kernel[0] * kernel[1] * inputs[i];
      return convolutionSpecs(`encoder.convolution${i}`, fanIn, out, fanIn, out, 2);
    }),
    apply(x, tensors) {
      const [replicas, rows] = x.shape;
      let image = reshape(x, [replicas, rows, side, side, channels]);
      for (const [i, { window }] of layers.entries())
        image = convolve(image, tensors[2 * i], tensors[2 * i + 1], window, 'relu');
      return reshape(image, [image.shape[0], rows, flat]);
    },
  };
  const dense = mlp('encoder.dense', [flat, ...DENSE[name]], 2);
  const trunk = chain(convolutions, dense);
  return { specs: trunk.specs, apply: (x, tensors) => relu(trunk.apply(x, tensors)), outputs: 256 };
}

/** The mirror image: [R, rows, side side channels] of latents [R, rows, latents]. */
export function convolutionalDecoder(
  name: ConvolutionalName,
  side: number,
  channels: number,
  latents: number,
): Network {
  // All transposed convolutions have 4x4 kernels, in both papers' programs.
  const ups = [...layersOf(name, side)].reverse();
  const outputs = [...ups.slice(1).map((layer) => layer.channels), channels];
  const smallest = side / 2 ** ups.length;
  const flat = smallest * smallest * ups[0].channels;
  const dense = mlp('decoder.dense', [latents, ...[...DENSE[name]].reverse(), flat], 2);
  const inputs = ups.map((layer) => layer.channels);
  const convolutions: Network = {
    specs: outputs.flatMap((out, i) =>
      // Each output pixel of a 4x4 kernel with stride 2 sums 2 x 2 inputs.
      convolutionSpecs(
        `decoder.convolution${i}`,
        inputs[i],
        16 * out,
        4 * inputs[i],
        out,
        i === outputs.length - 1 ? 1 : 2,
      ),
    ),
    apply(x, tensors) {
      const [replicas, rows] = x.shape;
      let image = reshape(relu(x), [replicas, rows, smallest, smallest, ups[0].channels]);
      for (let i = 0; i < outputs.length; i++) {
        const last = i === outputs.length - 1;
        image = convolveTransposed(image, tensors[2 * i], tensors[2 * i + 1], STEP, last ? 'none' : 'relu');
      }
      return reshape(image, [replicas, rows, side * side * channels]);
    },
  };
  return chain(dense, convolutions);
}
