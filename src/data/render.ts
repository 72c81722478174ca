// Rendering as ops: the dSprites square from its parameters, and shrinking by area means. The renderer was fitted to the
// original frames (dSprites, Matthey et al. 2017); a square at orientation 0 whose centre lies between pixels has sides of
// exactly 10, 12, ..., 20 pixels.

import { apply, type Rule, sizeOf, type Tensor } from '../engine';
import { ShapeError } from '../engine/errors';
import { input, output, workgroupsFor } from '../engine/graph/dispatch';

const f = Math.fround;

/** Numbers that describe a sprite: scale, cosine and sine of its orientation, centre x and y in pixels. */
export const SPRITE_NUMBERS = 5;

export const renderRule: Rule<{ readonly side: number }> = {
  name: 'renderSprites',
  infer([sprites], { side }) {
    if (sprites.shape.length !== 2 || sprites.shape[1] !== SPRITE_NUMBERS) {
      throw new ShapeError('renderSprites', `takes [images, ${SPRITE_NUMBERS}]`, [sprites.shape]);
    }
    return { shape: [sprites.shape[0], side, side], dtype: 'f32' };
  },
  kernels(_inputs, { shape }, { side }) {
    const count = sizeOf(shape);
    const sizes = [count, side];
    return {
      dispatches: [{ kernel: 'render_sprites', sizes, slots: [input(0), output], workgroups: workgroupsFor(count) }],
    };
  },
  gradient: { reason: 'a rendered image is data' },
  reference([sprites], result, { side }) {
    for (let i = 0; i < result.data.length; i++) {
      const at = Math.floor(i / (side * side)) * SPRITE_NUMBERS;
      const [scale, cosine, sine, x, y] = sprites.data.subarray(at, at + SPRITE_NUMBERS);
      const place = i % (side * side);
      const dx = f((place % side) + 0.5 - x);
      const dy = f(Math.floor(place / side) + 0.5 - y);
      const u = f(f(f(cosine * dx) - f(sine * dy)) / scale);
      const v = f(f(f(sine * dx) + f(cosine * dy)) / scale);
      result.data[i] = Math.abs(u) <= f(9.6) && Math.abs(v) <= f(9.6) ? 1 : 0;
    }
  },
};

/** Images [n, side, side] of 0 and 1 from sprites [n, 5], on a canvas of 64 pixels (so `side` is 64). */
export const renderSprites = (sprites: Tensor, side: number): Tensor => apply(renderRule, [sprites], { side });

export const areaMeanRule: Rule<{ readonly factor: number }> = {
  name: 'areaMean',
  infer([images], { factor }) {
    const [count, rows, columns] = images.shape;
    if (images.shape.length !== 3 || rows !== columns || rows % factor !== 0) {
      throw new ShapeError('areaMean', `takes square images whose side ${factor} divides`, [images.shape]);
    }
    return { shape: [count, rows / factor, rows / factor], dtype: 'f32' };
  },
  kernels([images], { shape }, { factor }) {
    const count = sizeOf(shape);
    const sizes = [count, images.shape[1], factor];
    return {
      dispatches: [{ kernel: 'area_mean', sizes, slots: [input(0), output], workgroups: workgroupsFor(count) }],
    };
  },
  gradient: { reason: 'shrunk images are data' },
  reference([images], result, { factor }) {
    const side = images.shape[1];
    const small = side / factor;
    for (let i = 0; i < result.data.length; i++) {
      const corner = Math.floor(i / small) * factor * side + (i % small) * factor;
      let total = 0;
      for (let y = 0; y < factor; y++)
        for (let x = 0; x < factor; x++) total = f(total + images.data[corner + y * side + x]);
      result.data[i] = total / (factor * factor);
    }
  },
};

/** Images [n, side, side] shrunk to [n, side/factor, side/factor] by the mean of every factor x factor square. */
export const areaMean = (images: Tensor, factor: number): Tensor => apply(areaMeanRule, [images], { factor });
