// `sprites`: dSprites (Matthey et al. 2017, github.com/google-deepmind/dsprites-dataset) without the download: all 737,280
// images from their factors, drawn on the GPU batch by batch. Orientations 0 and 39 are one image, here as in the original.
// The variants are those of disentanglement_lib (Locatello et al. 2019).

import { add, minimum, mul, reshape, scalar, sizeOf, type Tensor } from '../engine';
import { oneOf, refuseUnknown } from '../engine/options';
import type { DataSet } from './dataSet';
import { exampleNoise, noisePurposes } from './exampleNoise';
import { type Coordinate, factorNumbers } from './factorNumbers';
import { FactorSpace, linspace } from './factors';
import { areaMean, renderSprites } from './render';
import { type Restriction, restrict } from './restriction';

export const CANVAS = 64;
const sides = [64, 32, 16] as const;
export type Side = (typeof sides)[number];

const variants = ['plain', 'colour', 'noisy'] as const;
export type SpriteVariant = (typeof variants)[number];

/** Side of the images in pixels, which values the factors keep, and what is done to the picture. */
export interface SpriteOptions {
  /** Pixels of a side: 64, or area means of 2 x 2 or 4 x 4 of them. */
  readonly side?: number;
  readonly factors?: Restriction;
  /**
   * `plain`: one channel; `colour`: three, the sprite in a colour uniform on (0.5, 1)^3; `noisy`: three, uniform noise on
   * the background. Colour and noise belong to the example: the same each time it is drawn.
   */
  readonly variant?: string;
  /** Of colours and noise. */
  readonly seed?: number;
}

/** The factors of dSprites that vary: 3 x 6 x 40 x 32 x 32 (its sixth, colour, has one value). */
export function spriteFactors(): FactorSpace {
  const positions = linspace(0, 1, 32);
  return new FactorSpace([
    { name: 'shape', values: [0, 1, 2] },
    { name: 'scale', values: linspace(0.5, 1, 6) },
    { name: 'orientation', values: linspace(0, 2 * Math.PI, 40) },
    { name: 'posX', values: positions },
    { name: 'posY', values: positions },
  ]);
}

const itself = (value: number): number => value;
/** Pixels of a position: the centre moves through the middle half of the canvas. */
export const toPixels = (position: number): number => CANVAS / 4 + (CANVAS / 2) * position;

/** The six numbers of a sprite of the renderer. */
const numbers: readonly Coordinate[] = [
  { factor: 'shape', of: itself },
  { factor: 'scale', of: itself },
  { factor: 'orientation', of: Math.cos },
  { factor: 'orientation', of: Math.sin },
  { factor: 'posX', of: toPixels },
  { factor: 'posY', of: toPixels },
];

export const checkSide = (side: number): Side => oneOf('side', side, sides);

/** Images [n, 64, 64] as [n, side, side]. */
export const shrink = (images: Tensor, side: Side): Tensor =>
  side === CANVAS ? images : areaMean(images, CANVAS / side);

/** Images [n, side, side] of sprites [n, 6], drawn at 64 x 64 and shrunk. */
export const drawSprites = (sprites: Tensor, side: Side): Tensor => shrink(renderSprites(sprites, CANVAS), side);

/** Images [side, side, 1 or 3] of dSprites. Throws InputError for options that there are not. */
export function sprites(options: SpriteOptions = {}): DataSet {
  refuseUnknown<SpriteOptions>('sprites', options, { side: true, factors: true, variant: true, seed: true });
  const side = checkSide(options.side ?? CANVAS);
  const variant = oneOf('variant', options.variant ?? 'plain', variants);
  const seed = options.seed ?? 0;
  const factors = restrict(spriteFactors(), options.factors);
  const channels = variant === 'plain' ? 1 : 3;
  return {
    name: variant === 'plain' ? 'sprites' : `sprites-${variant}`,
    factors,
    shape: [side, side, channels],
    count: factors.count,
    batch(indices) {
      const each = sizeOf(indices.shape);
      const shape = [...indices.shape, side * side * channels];
      const drawn = drawSprites(reshape(factorNumbers(indices, factors, numbers), [each, numbers.length]), side);
      if (variant === 'plain') return reshape(drawn, shape);
      const grey = reshape(drawn, [each, side * side, 1]);
      if (variant === 'colour') {
        const uniform = exampleNoise(indices, { kind: 'uniform', seed, purpose: noisePurposes.colour, width: 3 });
        const colour = add(mul(uniform, scalar(0.5)), scalar(0.5));
        return reshape(mul(grey, reshape(colour, [each, 1, 3])), shape);
      }
      const width = side * side * channels;
      const noise = exampleNoise(indices, { kind: 'uniform', seed, purpose: noisePurposes.observation, width });
      return reshape(minimum(add(grey, reshape(noise, [each, side * side, 3])), scalar(1)), shape);
    },
  };
}
