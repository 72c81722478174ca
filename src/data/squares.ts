// `squares`: the dSprites square at orientation 0, 6 scales x 32 horizontal x 12 vertical positions (10 ... 21 of 32),
// drawn at 64 x 64 and averaged to 16 x 16: 2,304 images. Small enough to train on in seconds, and its vertical range is
// smaller than the horizontal, so that its factors differ in scale and a factorized posterior can tell them apart.

import { assign, constant, type Executor, reshape, type Tensor, variable } from '../engine';
import { FactorSpace, linspace } from './factors';
import { areaMean, renderSprites } from './render';

const CANVAS = 64;
const SIDE = 16;

/** A data set whose factors are known. */
export interface DataSet {
  readonly name: string;
  readonly factors: FactorSpace;
  /** Side of the square images in pixels. */
  readonly side: number;
  /** Draws all images, once, into a variable [images, side * side] of values in 0 ... 1. */
  render(executor: Executor): Promise<Tensor>;
}

export function squares(): DataSet {
  const positions = linspace(0, 1, 32);
  const factors = new FactorSpace([
    { name: 'scale', values: linspace(0.5, 1, 6) },
    { name: 'posX', values: positions },
    { name: 'posY', values: positions.slice(10, 22) },
  ]);
  return {
    name: 'squares',
    factors,
    side: SIDE,
    async render(executor) {
      const sprites = Array.from({ length: factors.count }, (_, i) => {
        const [scale, posX, posY] = factors.valuesOf(i);
        return [scale, 1, 0, 16 + 32 * posX, 16 + 32 * posY];
      });
      const drawn = renderSprites(constant(Float32Array.from(sprites.flat()), [factors.count, 5]), CANVAS);
      const images = variable('squares', [factors.count, SIDE * SIDE]);
      const small = reshape(areaMean(drawn, CANVAS / SIDE), images.shape);
      using program = await executor.compile({ outputs: {}, updates: [assign(images, small)] });
      await program.run();
      return images;
    },
  };
}
