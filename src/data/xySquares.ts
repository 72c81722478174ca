// `xySquares`: three squares of 8 pixels, one in each colour channel, anywhere on a grid of 8 x 8 positions (disent, Michlo
// 2021). The known negative control: at a grid spacing of 8 pixels squares of neighbouring positions do not overlap, so a
// reconstruction loss says nothing about which positions are neighbours, and models should fail; from 4 down they recover.

import { InputError, permute, reshape, sizeOf } from '../engine';
import { refuseUnknown } from '../engine/options';
import type { DataSet } from './dataSet';
import { type Coordinate, factorNumbers } from './factorNumbers';
import { FactorSpace } from './factors';
import { HALF_SIDE, shapes } from './render';
import { type Restriction, restrict } from './restriction';
import { CANVAS, checkSide, drawSprites } from './sprites';

/** Side of the images in pixels, spacing of the grid, and which values the factors keep. */
export interface XYSquareOptions {
  /** Pixels between neighbouring positions, 1 ... 8; 8 by default. */
  readonly spacing?: number;
  readonly side?: number;
  readonly factors?: Restriction;
}

const SQUARE = 8;
const POSITIONS = 8;
const channels = ['red', 'green', 'blue'] as const;

/** Images [side, side, 3]; 8^6 of them. Throws InputError for a spacing that there is not. */
export function xySquares(options: XYSquareOptions = {}): DataSet {
  refuseUnknown<XYSquareOptions>('xySquares', options, { side: true, factors: true, spacing: true });
  const { spacing = 8 } = options;
  const side = checkSide(options.side ?? CANVAS);
  if (!(Number.isInteger(spacing) && spacing >= 1 && spacing <= 8)) {
    throw new InputError(`spacing is ${spacing}; the grid's spacing is 1 to 8 pixels`);
  }
  const values = Array.from({ length: POSITIONS }, (_, i) => i);
  const all = channels.flatMap((channel) => ['X', 'Y'].map((axis) => ({ name: `${channel}${axis}`, values })));
  const factors = restrict(new FactorSpace(all), options.factors);
  // The grid lies in the middle of the canvas.
  const first = Math.floor((CANVAS - (POSITIONS - 1) * spacing - SQUARE) / 2) + SQUARE / 2;
  const toPixels = (position: number) => first + spacing * position;
  const sprites: readonly Coordinate[] = channels.flatMap((channel) => [
    shapes.square,
    SQUARE / 2 / HALF_SIDE,
    1,
    0,
    { factor: `${channel}X`, of: toPixels },
    { factor: `${channel}Y`, of: toPixels },
  ]);
  return {
    name: 'xySquares',
    factors,
    shape: [side, side, 3],
    count: factors.count,
    batch(indices) {
      const each = sizeOf(indices.shape);
      const drawn = drawSprites(reshape(factorNumbers(indices, factors, sprites), [3 * each, 6]), side);
      const channelsLast = permute(reshape(drawn, [each, 3, side * side]), [0, 2, 1]);
      return reshape(channelsLast, [...indices.shape, side * side * 3]);
    },
  };
}
