// Rendering as ops: the shapes of dSprites (Matthey et al. 2017) from their parameters, and shrinking by area means. The
// original was drawn with LOVE 2D and never published as code; this renderer was fitted to 320 of its frames by sampling at
// pixel centres: of 4,096 pixels, 0.1 (square), 1.3 (ellipse) and 1.0 (heart) are wrong on average.

import { apply, call, constant, defineOp, input, output, perThread, ShapeError, sizeOf, type Tensor } from '../engine';
import areaMeanKernel from '../shaders/area_mean.wgsl';
import renderSpritesKernel from '../shaders/render_sprites.wgsl';

const f = Math.fround;

/** Numbers that describe a sprite: shape, scale, cosine and sine of its orientation, centre x and y in pixels. */
export const SPRITE_NUMBERS = 6;

/** Shapes by number: the three of dSprites, and a disc. At scale 1 on a canvas of 64 x 64, in pixels. */
export const shapes = { square: 0, ellipse: 1, heart: 2, disc: 3 } as const;
export const HALF_SIDE = 9.6;
export const DISC_RADIUS = 10;
const SEMI_AXES = [f(12.8), f(7.2)];
const HEART_BOX = 10;
const HEART_EDGES = 40;

/** Corner `i` of the heart: the curve 16 sin^3 t, 13 cos t - 5 cos 2t - 2 cos 3t - cos 4t, at equal steps, fitted. */
function heartCorner(i: number): [x: number, y: number] {
  const t = (2 * Math.PI * i) / HEART_EDGES;
  const height = 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t);
  return [0.605 * 16 * Math.sin(t) ** 3, -0.664 * height - 1.5];
}

/** Edges of the heart, [edges, 4]: y of both ends, x of the first, and how x grows with y. */
const heart = Float32Array.from(
  Array.from({ length: HEART_EDGES }, (_, i) => {
    const [[x, y], [nextX, nextY]] = [heartCorner(i), heartCorner(i + 1)];
    return [y, nextY, x, (nextX - x) / (nextY - y)];
  }).flat(),
);

function inHeart(u: number, v: number, outline: ArrayLike<number>): boolean {
  if (Math.max(Math.abs(u), Math.abs(v)) > HEART_BOX) return false;
  let inside = false;
  for (let e = 0; e < outline.length; e += 4) {
    const crosses = outline[e] > v !== outline[e + 1] > v;
    if (crosses && u < f(outline[e + 2] + f(f(v - outline[e]) * outline[e + 3]))) inside = !inside;
  }
  return inside;
}

function inShape(shape: number, u: number, v: number, outline: ArrayLike<number>): boolean {
  if (shape < 0.5) return Math.abs(u) <= f(HALF_SIDE) && Math.abs(v) <= f(HALF_SIDE);
  if (shape < 1.5) {
    const [a, b] = [f(u / SEMI_AXES[0]), f(v / SEMI_AXES[1])];
    return f(f(a * a) + f(b * b)) <= 1;
  }
  if (shape < 2.5) return inHeart(u, v, outline);
  return f(f(u * u) + f(v * v)) <= DISC_RADIUS ** 2;
}

export const renderRule = /* @__PURE__ */ defineOp<{ readonly side: number }>({
  name: 'renderSprites',
  infer([sprites], { side }) {
    if (sprites.shape.length !== 2 || sprites.shape[1] !== SPRITE_NUMBERS) {
      throw new ShapeError('renderSprites', `takes [images, ${SPRITE_NUMBERS}]`, [sprites.shape]);
    }
    return { shape: [sprites.shape[0], side, side], dtype: 'f32' };
  },
  kernels([, outline], { shape }, { side }, tuning) {
    const threads = sizeOf(shape);
    const slots = [input(0), input(1), output];
    const edges = outline.shape[0];
    return perThread(tuning, {
      kernel: renderSpritesKernel,
      sizes: [side, edges],
      slots,
      threads,
      operations: 20 * edges,
    });
  },
  cpu: ([sprites, outline], _output, { side }) =>
    side % 4 === 0
      ? call('render_sprites', [input(0), input(1), output], sprites.shape[0], side, outline.shape[0])
      : undefined,
  gradient: { reason: 'a rendered image is data' },
  reference([sprites, outline], result, { side }) {
    for (let i = 0; i < result.data.length; i++) {
      const at = Math.floor(i / (side * side)) * SPRITE_NUMBERS;
      const [shape, scale, cosine, sine, x, y] = sprites.data.subarray(at, at + SPRITE_NUMBERS);
      const place = i % (side * side);
      const dx = f((place % side) + 0.5 - x);
      const dy = f(Math.floor(place / side) + 0.5 - y);
      const u = f(f(f(cosine * dx) - f(sine * dy)) / scale);
      const v = f(f(f(sine * dx) + f(cosine * dy)) / scale);
      result.data[i] = inShape(shape, u, v, outline.data) ? 1 : 0;
    }
  },
});

/** Images [n, side, side] of 0 and 1 from sprites [n, 6], on a canvas of 64 pixels (so `side` is 64). */
export const renderSprites = (sprites: Tensor, side: number): Tensor =>
  apply(renderRule, [sprites, constant(heart, [HEART_EDGES, 4])], { side });

export const areaMeanRule = /* @__PURE__ */ defineOp<{ readonly factor: number }>({
  name: 'areaMean',
  infer([images], { factor }) {
    const [count, rows, columns] = images.shape;
    if (images.shape.length !== 3 || rows !== columns || rows % factor !== 0) {
      throw new ShapeError('areaMean', `takes square images whose side ${factor} divides`, [images.shape]);
    }
    return { shape: [count, rows / factor, rows / factor], dtype: 'f32' };
  },
  kernels([images], { shape }, { factor }, tuning) {
    const threads = sizeOf(shape);
    const sizes = [images.shape[1], factor];
    const operations = 50 * factor * factor;
    return perThread(tuning, { kernel: areaMeanKernel, sizes, slots: [input(0), output], threads, operations });
  },
  cpu: ([images], _output, { factor }) =>
    call('area_mean', [input(0), output], images.shape[0], images.shape[1], factor),
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
});

/** Images [n, side, side] shrunk to [n, side/factor, side/factor] by the mean of every factor x factor square. */
export const areaMean = (images: Tensor, factor: number): Tensor => apply(areaMeanRule, [images], { factor });
