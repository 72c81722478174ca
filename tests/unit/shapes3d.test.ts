// The scene of `shapes3d`: what is where, and that every factor shows.

import { expect, test } from 'vitest';
import { shapes3d } from '../../src/data';
import { draw } from '../cases/draw';

const data = shapes3d();
const { sizes, strides } = data.factors;
const indexOf = (...digits: number[]) => digits.reduce((sum, digit, f) => sum + digit * strides[f], 0);
/** Red, green, blue, divided by the largest: the hue at full value. */
const hueAt = (image: Float32Array, row: number, column: number) => {
  const pixel = Array.from(image.subarray(3 * (64 * row + column), 3 * (64 * row + column) + 3));
  return pixel.map((x) => x / Math.max(...pixel));
};

test('the factors of 3D Shapes, in its order', () => {
  expect(sizes).toEqual([10, 10, 10, 8, 4, 15]);
  expect(data.count).toBe(480000);
});

test.each([0, 1, 2, 3])(
  'shape %i: wall above, floor below, the object in the middle, each in its hue',
  async (shape) => {
    // Red floor, yellow-green wall, blue-violet object.
    const [image] = await draw(data, [indexOf(0, 2, 7, 4, shape, 7)]);
    expect(hueAt(image, 2, 32).map((x) => Math.round(10 * x) / 10)).toEqual([0.8, 1, 0]);
    expect(hueAt(image, 61, 4)).toEqual([1, 0, 0]);
    expect(hueAt(image, 36, 32).map((x) => Math.round(10 * x) / 10)).toEqual([0.2, 0, 1]);
    expect(Math.max(...image)).toBeLessThanOrEqual(1);
  },
);

test('a larger object covers more, and every factor changes the image', async () => {
  const base = [1, 3, 6, 3, 1, 5];
  const [image] = await draw(data, [indexOf(...base)]);
  for (const f of sizes.keys()) {
    const [other] = await draw(data, [indexOf(...base.map((digit, g) => (f === g ? digit + 1 : digit)))]);
    expect(other.filter((x, i) => x !== image[i]).length, data.factors.factors[f].name).toBeGreaterThan(50);
  }
  const green = (x: Float32Array) =>
    Array.from({ length: 4096 }, (_, i) => i).filter((i) => x[3 * i + 2] > 0 && x[3 * i] === 0).length;
  const areas = (
    await draw(
      data,
      [0, 1, 2, 3, 4, 5, 6, 7].map((scale) => indexOf(0, 2, 5, scale, 2, 7)),
    )
  ).map(green);
  expect([...areas].sort((a, b) => a - b)).toEqual(areas);
  expect(new Set(areas).size).toBe(8);
});
