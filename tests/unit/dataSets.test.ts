// Data sets other than sprites against their definitions and the answers that are known of them.

import { expect, test } from 'vitest';
import { circles, dataSet, dataSets, gaussianAnswers, ica, linearGaussianMixture, xySquares } from '../../src/data';
import { InputError } from '../../src/engine';
import { draw } from '../cases/draw';

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
const every = (count: number, step = 1) => Array.from({ length: Math.floor(count / step) }, (_, i) => i * step);
/** Points whose columns are those of a matrix. */
const column = (matrix: readonly (readonly number[])[], j: number) => matrix.map((row) => row[j]);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => sum(Array.from(a, (x, i) => x * b[i]));

test('linear: x is A s plus noise of the given size, the columns of A at right angles and of the given lengths', async () => {
  const data = linearGaussianMixture({ lengths: [3, 2, 1], noise: 0.5, observed: 20, levels: 32 });
  expect(data.count).toBe(32 ** 3);
  for (const [i, length] of [3, 2, 1].entries()) {
    for (let j = 0; j < 3; j++) {
      expect(dot(column(data.mixing, i), column(data.mixing, j))).toBeCloseTo(i === j ? length ** 2 : 0, 12);
    }
    const { values } = data.factors.factors[i];
    expect(sum(values)).toBeCloseTo(0, 12);
    expect(dot(values, values) / 32).toBeCloseTo(1, 12);
  }
  const some = every(data.count, 17);
  const examples = await draw(data, some);
  const residuals = examples.flatMap((x, n) => {
    const s = data.factors.valuesOf(some[n]);
    return Array.from(x, (value, d) => (value - dot(data.mixing[d], s)) / 0.5);
  });
  expect(Math.abs(sum(residuals) / residuals.length)).toBeLessThan(4 / Math.sqrt(residuals.length));
  expect(Math.abs(dot(residuals, residuals) / residuals.length - 1)).toBeLessThan(4 * Math.sqrt(2 / residuals.length));
});

test('linear: the noise belongs to the example', async () => {
  const data = linearGaussianMixture();
  const [a, b, again] = await draw(data, [5, 6, 5]);
  expect(again).toEqual(a);
  expect(b).not.toEqual(a);
  expect((await draw(linearGaussianMixture({ seed: 1 }), [5]))[0]).not.toEqual(a);
});

test('linear: the correlations of the factorized optimum, as predicted', () => {
  expect(linearGaussianMixture().exact?.meanCorrelation).toBeCloseTo(0.95, 3);
  expect(linearGaussianMixture({ lengths: [4, 2, 1], noise: 1 }).exact?.meanCorrelation).toBeCloseTo(0.857, 3);
  expect(Math.max(...(linearGaussianMixture().exact?.synergy ?? [1]))).toBeLessThan(1e-12);
  // A restricted source has another variance.
  expect(linearGaussianMixture({ factors: { source0: [0, 2] } }).exact).toBeUndefined();
});

test.each([
  [0, [1.0986, 0.5493], [1.0986, 0.5493]],
  [15, [1.0357, 0.5721], [1.0758, 0.6122]],
  [30, [0.8959, 0.6405], [1.0075, 0.752]],
  [45, [0.752, 0.752], [0.8959, 0.8959]],
])('linear-Gaussian answers with the decoder turned by %i degrees', (degrees, information, conditional) => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const answers = gaussianAnswers(
    [
      [2 * c, -2 * s],
      [s, c],
    ],
    Math.sqrt(0.5),
  );
  for (const i of [0, 1]) {
    expect(answers.information[i]).toBeCloseTo(information[i], 4);
    expect(answers.conditionalInformation[i]).toBeCloseTo(conditional[i], 4);
    expect(answers.synergy[i]).toBeCloseTo(conditional[i] - information[i], 3);
  }
});

test.each(['uniform', 'laplace'])('ica: %s sources come back through the unmixing matrix', async (distribution) => {
  const data = ica({ distribution, levels: 16, seed: 2 });
  const { values } = data.factors.factors[0];
  expect(sum(values)).toBeCloseTo(0, 12);
  expect(Math.abs(dot(values, values) / 16 - 1)).toBeLessThan(0.2);
  const some = every(data.count, 97);
  const unmixing = data.unmixing ?? [];
  expect(unmixing.length).toBe(3);
  for (const [n, x] of (await draw(data, some)).entries()) {
    const s = data.factors.valuesOf(some[n]);
    for (const [i, row] of unmixing.entries()) expect(dot(row, x)).toBeCloseTo(s[i], 4);
  }
});

test('ica through tanh is what its layers say', async () => {
  const data = ica({ mixing: 'tanh', sources: 2, levels: 5 });
  const [w1, w2] = data.layers;
  for (const [n, x] of (await draw(data, every(25))).entries()) {
    const hidden = w1.map((row) => Math.tanh(dot(row, data.factors.valuesOf(n))));
    for (const [d, row] of w2.entries()) expect(x[d]).toBeCloseTo(dot(row, hidden), 5);
  }
});

/** Rows and columns, first and last, that a channel of an image lights up. */
function extent(image: Float32Array, channel: number, channels: number) {
  const lit = every(4096).filter((i) => image[i * channels + channel] === 1);
  const [xs, ys] = [lit.map((i) => i % 64), lit.map((i) => Math.floor(i / 64))];
  return { area: lit.length, x: [Math.min(...xs), Math.max(...xs)], y: [Math.min(...ys), Math.max(...ys)] };
}

test.each([1, 3, 8])(
  'xySquares at spacing %i: 8 x 8 pixels a square, each in its channel, where its factors say',
  async (spacing) => {
    const data = xySquares({ spacing });
    expect(data.count).toBe(8 ** 6);
    expect(data.shape).toEqual([64, 64, 3]);
    const some = [0, data.count - 1, 123456];
    const first = Math.floor((64 - 7 * spacing - 8) / 2);
    for (const [n, image] of (await draw(data, some)).entries()) {
      const digits = data.factors.indicesOf(some[n]);
      for (const channel of [0, 1, 2]) {
        const [x, y] = [0, 1].map((axis) => first + spacing * digits[2 * channel + axis]);
        expect(extent(image, channel, 3)).toEqual({ area: 64, x: [x, x + 7], y: [y, y + 7] });
      }
    }
  },
);

test('circles: a disc of radius 5 at the given distance and angle, inside the canvas', async () => {
  const data = circles();
  expect(data.factors.sizes).toEqual([27, 40]);
  const some = every(data.count, 11);
  for (const [n, image] of (await draw(data, some)).entries()) {
    const lit = every(4096).filter((i) => image[i] === 1);
    const [radius, angle] = data.factors.valuesOf(some[n]);
    expect(Math.abs(lit.length - 25 * Math.PI)).toBeLessThan(6);
    expect(Math.abs(sum(lit.map((i) => (i % 64) + 0.5)) / lit.length - 32 - radius * Math.cos(angle))).toBeLessThan(
      0.3,
    );
    expect(
      Math.abs(sum(lit.map((i) => Math.floor(i / 64) + 0.5)) / lit.length - 32 + radius * Math.sin(angle)),
    ).toBeLessThan(0.3);
  }
});

test('options that make no set', () => {
  expect(() => xySquares({ spacing: 9 })).toThrow('spacing is 9; the grid');
  expect(() => linearGaussianMixture({ noise: 0 })).toThrow(InputError);
  expect(() => linearGaussianMixture({ lengths: [1, -1] })).toThrow('must be positive');
  expect(() => linearGaussianMixture({ lengths: [1, 1, 1], observed: 2 })).toThrow('right angles in 2 dimensions');
  expect(() => linearGaussianMixture({ lengths: new Array(7).fill(1) })).toThrow('combinations');
  expect(() => ica({ distribution: 'normal' })).toThrow('it can be uniform, laplace');
});

test('by name: every set draws its first and last example, in the shape it says', async () => {
  for (const name of Object.keys(dataSets)) {
    const data = dataSet(name);
    const examples = await draw(data, [0, data.count - 1]);
    const width = data.shape.reduce((a, b) => a * b, 1);
    expect(
      examples.map(({ length }) => length),
      name,
    ).toEqual([width, width]);
    expect(
      examples.every((example) => example.every(Number.isFinite)),
      name,
    ).toBe(true);
    expect(data.combinationOf?.(data.count - 1) ?? data.count - 1, name).toBe(data.factors.count - 1);
  }
});

test('by name: what there is not', () => {
  expect(() => dataSet('dsprites')).toThrow(/no data set "dsprites"; there are squares, sprites, xySquares/);
  expect(() => dataSet('toString')).toThrow(InputError);
  expect(() => dataSet('circles', { spacing: 2 })).toThrow('circles has no option spacing; it has side, factors');
  expect(dataSet('squares', { side: 32, factors: { scale: [5, 5] } }).count).toBe(384);
});
