// `circles`: a disc at polar coordinates, after Circular dSprites (Lin et al., InfoGAN-CR, 2020). Its factors, radius and
// angle, are not those that the picture suggests: a latent pair (x, y) describes it as well, and scores say otherwise.

import { add, concat, mul, reshape, scalar, sizeOf, slice } from '../engine';
import { refuseUnknown } from '../engine/options';
import type { DataSet } from './dataSet';
import { factorNumbers } from './factorNumbers';
import { FactorSpace, linspace } from './factors';
import { DISC_RADIUS, shapes } from './render';
import { type Restriction, restrict } from './restriction';
import { CANVAS, checkSide, drawSprites } from './sprites';

/** Side of the images in pixels, and which values the factors keep. */
export interface CircleOptions {
  readonly side?: number;
  readonly factors?: Restriction;
}

const DISC = 5;

/** Images [side, side, 1]: 27 radii of 1 ... 27 pixels, 40 angles; the disc has a radius of 5. */
export function circles(options: CircleOptions = {}): DataSet {
  refuseUnknown<CircleOptions>('circles', options, { side: true, factors: true });
  const side = checkSide(options.side ?? CANVAS);
  const all = new FactorSpace([
    { name: 'radius', values: linspace(1, 27, 27) },
    { name: 'angle', values: Array.from({ length: 40 }, (_, i) => (2 * Math.PI * i) / 40) },
  ]);
  const factors = restrict(all, options.factors);
  return {
    name: 'circles',
    factors,
    shape: [side, side, 1],
    count: factors.count,
    batch(indices) {
      const each = sizeOf(indices.shape);
      const numbers = factorNumbers(reshape(indices, [each]), factors, [
        shapes.disc,
        DISC / DISC_RADIUS,
        1,
        0,
        { factor: 'radius', of: (radius) => radius },
        { factor: 'angle', of: Math.cos },
        { factor: 'angle', of: (angle) => -Math.sin(angle) },
      ]);
      const away = mul(slice(numbers, [0, 5], [each, 2]), slice(numbers, [0, 4], [each, 1]));
      const sprites = concat([slice(numbers, [0, 0], [each, 4]), add(away, scalar(CANVAS / 2))], 1);
      return reshape(drawSprites(sprites, side), [...indices.shape, side * side]);
    },
  };
}
