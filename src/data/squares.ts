// `squares`: the dSprites square at orientation 0, 6 scales x 32 horizontal x 12 vertical positions (10 ... 21 of 32),
// drawn at 64 x 64 and averaged to 16 x 16: 2,304 images. Small enough to train on in seconds, and its vertical range is
// smaller than the horizontal, so that its factors differ in scale and a factorized posterior can tell them apart.

import { type Executor, reshape, sizeOf, type Tensor } from '../engine';
import { refuseUnknown } from '../engine/options';
import { type DataSet, drawAll } from './dataSet';
import { type Coordinate, factorNumbers } from './factorNumbers';
import { FactorSpace, linspace } from './factors';
import { shapes } from './render';
import { type Restriction, restrict } from './restriction';
import { checkSide, drawSprites, toPixels } from './sprites';

/** Images of one channel, few enough to be drawn all at once. */
export interface Squares extends DataSet {
  /** Side of the square images in pixels. */
  readonly side: number;
  /** Draws all images, once, into a variable [images, side * side] of values in 0 ... 1. */
  render(executor: Executor): Promise<Tensor>;
}

/** Side of the images in pixels, and which values the factors keep. */
export interface SquareOptions {
  /** 64, 32 or 16 pixels; 16 by default. */
  readonly side?: number;
  readonly factors?: Restriction;
}

const sprite: readonly Coordinate[] = [
  shapes.square,
  { factor: 'scale', of: (scale) => scale },
  1,
  0,
  { factor: 'posX', of: toPixels },
  { factor: 'posY', of: toPixels },
];

/**
 * The dSprites square at six scales and 32 x 32 places: 2,304 images with values in 0 ... 1 (Matthey et al. 2017, drawn anew).
 * Throws InputError for a side or a factor that there is not.
 */
export function squares(options: SquareOptions = {}): Squares {
  refuseUnknown<SquareOptions>('squares', options, { side: true, factors: true });
  const side = checkSide(options.side ?? 16);
  const positions = linspace(0, 1, 32);
  const all = new FactorSpace([
    { name: 'scale', values: linspace(0.5, 1, 6) },
    { name: 'posX', values: positions },
    { name: 'posY', values: positions.slice(10, 22) },
  ]);
  const factors = restrict(all, options.factors);
  return {
    name: 'squares',
    factors,
    shape: [side, side, 1],
    count: factors.count,
    side,
    batch(indices) {
      const numbers = reshape(factorNumbers(indices, factors, sprite), [sizeOf(indices.shape), sprite.length]);
      return reshape(drawSprites(numbers, side), [...indices.shape, side * side]);
    },
    render(executor) {
      return drawAll(executor, this);
    },
  };
}
