// The data set `squares` against its specification.

import { expect, test } from 'vitest';
import { FactorSpace, renderSprites, squares } from '../../src/data';
import { constant, ReferenceDevice } from '../../src/engine';

/** Side lengths of the square in every image, by counting rows and columns that it touches. */
async function sidesOf(sprites: readonly number[][]): Promise<{ width: number; height: number; area: number }[]> {
  using device = new ReferenceDevice();
  const images = renderSprites(constant(Float32Array.from(sprites.flat()), [sprites.length, 6]), 64);
  const program = await device.compile({ outputs: { images } });
  await program.run();
  const pixels = await program.read('images');
  return sprites.map((_, n) => {
    const lit = Array.from({ length: 4096 }, (_unused, i) => i).filter((i) => pixels[n * 4096 + i] === 1);
    return {
      width: new Set(lit.map((i) => i % 64)).size,
      height: new Set(lit.map((i) => Math.floor(i / 64))).size,
      area: lit.length,
    };
  });
}

const { factors } = squares();
const spriteAt = (scale: number, posX: number, posY: number) => [0, scale, 1, 0, 16 + 32 * posX, 16 + 32 * posY];

test('a square whose centre lies between pixels has sides of exactly 10, 12, ..., 20', async () => {
  const scales = factors.factors[0].values;
  const found = await sidesOf(scales.map((scale) => spriteAt(scale, 0, 1)));
  expect(found.map(({ width }) => width)).toEqual([10, 12, 14, 16, 18, 20]);
  expect(found.map(({ area }) => area)).toEqual([100, 144, 196, 256, 324, 400]);
});

test('elsewhere a side is one of the two whole numbers next to 19.2 times the scale', async () => {
  const chosen = Array.from({ length: factors.count }, (_, i) => i).filter((i) => i % 7 === 0);
  const found = await sidesOf(
    chosen.map((i) => {
      const [scale, x, y] = factors.valuesOf(i);
      return spriteAt(scale, x, y);
    }),
  );
  for (const [n, index] of chosen.entries()) {
    const side = 19.2 * factors.valuesOf(index)[0];
    const allowed = [Math.floor(side), Math.ceil(side)];
    expect(allowed).toContain(found[n].width);
    expect(allowed).toContain(found[n].height);
    expect(found[n].area).toBe(found[n].width * found[n].height);
  }
});

test('the whole set is 2,304 images of 16 x 16 whose mean is nearly the area they cover', async () => {
  using device = new ReferenceDevice();
  const images = await squares().render(device);
  expect(images.shape).toEqual([2304, 256]);
  const pixels = await device.read(images);
  const covered = factors.factors[0].values.reduce((total, scale) => total + (19.2 * scale) ** 2, 0) / 6 / 4096;
  const mean = pixels.reduce((a, b) => a + b, 0) / pixels.length;
  // Whole pixels scatter around the area, and the 12 vertical positions favour the smaller number.
  expect(Math.abs(mean / covered - 1)).toBeLessThan(0.03);
  expect(pixels.reduce((a, b) => Math.max(a, b))).toBe(1);
});

test('combinations are numbered in mixed radix, last factor fastest', () => {
  const space = new FactorSpace([
    { name: 'a', values: [10, 20] },
    { name: 'b', values: [1, 2, 3] },
  ]);
  expect(space.table()).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
  expect(space.valuesOf(5)).toEqual([20, 3]);
});
