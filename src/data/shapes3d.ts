// `shapes3d`: a scene with the factors of 3D Shapes (Burgess & Kim 2018, github.com/google-deepmind/3d-shapes): hues of
// floor, walls and object, scale, shape and the camera's azimuth; 480,000 images without the download. The original was
// drawn with another renderer, so the images are like it, not the same; the factors, their order and sizes are.

import { permute, reshape, sizeOf } from '../engine';
import { refuseUnknown } from '../engine/options';
import type { DataSet } from './dataSet';
import { type Coordinate, factorNumbers } from './factorNumbers';
import { FactorSpace, linspace } from './factors';
import { type Restriction, restrict } from './restriction';
import { renderScene } from './scene';
import { CANVAS, checkSide, shrink } from './sprites';

/** Side of the images in pixels, and which values the factors keep. */
export interface Shapes3dOptions {
  readonly side?: number;
  readonly factors?: Restriction;
}

/** Red, green or blue (0, 1, 2) of a hue in 0 ... 1 of full saturation and value. */
const channelOf =
  (channel: number) =>
  (hue: number): number => {
    const place = (6 * hue + [0, 4, 2][channel]) % 6;
    return Math.min(Math.max(Math.abs(place - 3) - 1, 0), 1);
  };

const surfaces = ['floorHue', 'wallHue', 'objectHue'];
const itself = (value: number): number => value;
const toRadians = (degrees: number): number => (degrees * Math.PI) / 180;

const scene: readonly Coordinate[] = [
  ...surfaces.flatMap((factor) => [0, 1, 2].map((channel) => ({ factor, of: channelOf(channel) }))),
  { factor: 'scale', of: itself },
  { factor: 'shape', of: itself },
  { factor: 'orientation', of: (degrees) => Math.cos(toRadians(degrees)) },
  { factor: 'orientation', of: (degrees) => Math.sin(toRadians(degrees)) },
];

/** Images [side, side, 3]; shapes are cube, cylinder, sphere, capsule, orientations -30 ... 30 degrees. */
export function shapes3d(options: Shapes3dOptions = {}): DataSet {
  refuseUnknown<Shapes3dOptions>('shapes3d', options, { side: true, factors: true });
  const side = checkSide(options.side ?? CANVAS);
  const hues = Array.from({ length: 10 }, (_, i) => i / 10);
  const all = new FactorSpace([
    ...surfaces.map((name) => ({ name, values: hues })),
    { name: 'scale', values: linspace(0.75, 1.25, 8) },
    { name: 'shape', values: [0, 1, 2, 3] },
    { name: 'orientation', values: linspace(-30, 30, 15) },
  ]);
  const factors = restrict(all, options.factors);
  return {
    name: 'shapes3d',
    factors,
    shape: [side, side, 3],
    count: factors.count,
    batch(indices) {
      const each = sizeOf(indices.shape);
      const scenes = reshape(factorNumbers(indices, factors, scene), [each, scene.length]);
      const drawn = shrink(reshape(renderScene(scenes, CANVAS), [3 * each, CANVAS, CANVAS]), side);
      const channelsLast = permute(reshape(drawn, [each, 3, side * side]), [0, 2, 1]);
      return reshape(channelsLast, [...indices.shape, side * side * 3]);
    },
  };
}
