// The dSprites renderer against the areas of the original frames, and the data set against the original's numbering.

import { expect, test } from 'vitest';
import { parseFactors, restrict, spriteFactors, sprites } from '../../src/data';
import { InputError } from '../../src/engine';
import { draw } from '../cases/draw';

const area = (image: Float32Array): number => image.reduce((a, b) => a + b, 0);
const SIZES = [3, 6, 40, 32, 32];
const indexOf = (...digits: number[]) => digits.reduce((index, digit, f) => index * SIZES[f] + digit, 0);

test('all 737,280 images in the order of the original', () => {
  const data = sprites();
  expect(data.count).toBe(737280);
  expect(data.factors.sizes).toEqual(SIZES);
  // The probe images that ports of FactorVAE use: class (shape, 2, 5, 0, 0).
  expect([0, 1, 2].map((shape) => indexOf(shape, 2, 5, 0, 0))).toEqual([87040, 332800, 578560]);
  expect(data.factors.valuesOf(indexOf(2, 5, 39, 31, 0))).toEqual([2, 1, 2 * Math.PI, 1, 0]);
});

test('the square at orientation 0 is exact at all six scales', async () => {
  const images = await draw(
    sprites(),
    [0, 1, 2, 3, 4, 5].map((scale) => indexOf(0, scale, 0, 0, 31)),
  );
  expect(images.map(area)).toEqual([100, 144, 196, 256, 324, 400]);
});

test.each([
  [0, 'square', 364, 372, 19.2 ** 2],
  // In the original frames 286 ... 294, which do not show all orientations.
  [1, 'ellipse', 286, 296, Math.PI * 12.8 * 7.2],
  [2, 'heart', 219, 232, 225],
])('turned at scale 1, shape %i has the areas of the original frames: %s', async (shape, _, least, most, exact) => {
  const turned = Array.from({ length: 38 }, (_unused, i) => indexOf(shape, 5, i + 1, 0, 0));
  const areas = (await draw(sprites(), turned)).map(area);
  expect(Math.min(...areas)).toBeGreaterThanOrEqual(least);
  expect(Math.max(...areas)).toBeLessThanOrEqual(most);
  expect(areas.reduce((a, b) => a + b, 0) / areas.length / exact).toBeCloseTo(1, 2);
});

test('shapes stand and turn as in the original', async () => {
  const [ellipse, heart, turned, first, last] = await draw(sprites(), [
    indexOf(1, 5, 0, 0, 0),
    indexOf(2, 5, 0, 0, 0),
    indexOf(1, 5, 5, 0, 0),
    indexOf(2, 3, 0, 9, 4),
    indexOf(2, 3, 39, 9, 4),
  ]);
  const at = (image: Float32Array, x: number, y: number) => image[(16 + y) * 64 + 16 + x];
  // The long axis lies; the notch of the heart is up and its tip down; turning is counter-clockwise on the screen.
  expect([at(ellipse, 12, 0), at(ellipse, 0, 12)]).toEqual([1, 0]);
  expect([at(heart, 0, -8), at(heart, 0, 6)]).toEqual([0, 1]);
  expect([at(turned, 8, -8), at(turned, 8, 8)]).toEqual([1, 0]);
  expect(last).toEqual(first);
});

test('the mean pixel over the whole set, by which a file can be checked too', async () => {
  const data = sprites({ side: 16 });
  const some = Array.from({ length: 1500 }, (_, i) => Math.floor(((i + 0.5) * data.count) / 1500));
  const mean = (await draw(data, some)).reduce((sum, image) => sum + area(image) / 256, 0) / some.length;
  expect(Math.abs(mean - 0.0427)).toBeLessThan(0.001);
});

test('smaller images are area means', async () => {
  const some = [indexOf(2, 5, 3, 7, 9), indexOf(1, 0, 11, 30, 2)];
  const whole = await draw(sprites(), some);
  for (const side of [32, 16]) {
    const small = await draw(sprites({ side }), some);
    expect(small.map((image) => area(image) * (64 / side) ** 2)).toEqual(whole.map(area));
    expect(small[0].length).toBe(side * side);
  }
});

test('restricted factors keep their images', async () => {
  const data = sprites({ factors: parseFactors('posY=10..21, shape=2') });
  expect(data.factors.sizes).toEqual([1, 6, 40, 32, 12]);
  const [part] = await draw(data, [((3 * 40 + 7) * 32 + 5) * 12 + 4]);
  const [whole] = await draw(sprites(), [indexOf(2, 3, 7, 5, 14)]);
  expect(part).toEqual(whole);
});

test('colour and noise are those of the example, and change with the seed', async () => {
  const index = indexOf(0, 5, 0, 16, 16);
  const [mask] = await draw(sprites(), [index]);
  const [colour, again] = await draw(sprites({ variant: 'colour', seed: 4 }), [index, index]);
  const [other] = await draw(sprites({ variant: 'colour', seed: 5 }), [index]);
  expect(again).toEqual(colour);
  expect(other).not.toEqual(colour);
  const lit = mask.indexOf(1);
  const rgb = colour.slice(3 * lit, 3 * lit + 3);
  expect(Math.min(...rgb)).toBeGreaterThan(0.5);
  expect(mask.every((on, i) => rgb.every((c, k) => colour[3 * i + k] === on * c))).toBe(true);
  const [noisy] = await draw(sprites({ variant: 'noisy' }), [index]);
  expect(mask.every((on, i) => on === 0 || noisy[3 * i] === 1)).toBe(true);
  expect(
    Math.abs(area(noisy.filter((_, i) => mask[Math.floor(i / 3)] === 0)) / (3 * (4096 - area(mask))) - 0.5),
  ).toBeLessThan(0.01);
});

test.each([
  ['posZ=1', 'there is no factor posZ; there are shape, scale'],
  ['posY=10..32', 'posY=10..32 is no range of its value numbers, which are 0..31'],
  ['posY=9..8', 'no range'],
  ['posY=-1', '"posY=-1" is not of the form'],
  ['posY', 'is not of the form'],
  ['posY=1,posY=2', 'posY is given twice'],
])('restrictions that are refused: %s', (text, message) => {
  expect(() => restrict(spriteFactors(), parseFactors(text))).toThrow(message);
});

test('options that there are not', () => {
  expect(() => sprites({ side: 48 })).toThrow(InputError);
  expect(() => sprites({ variant: 'scream' })).toThrow('variant is scream; it can be plain, colour, noisy');
});
