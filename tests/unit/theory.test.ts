// The theory's identities and counterexamples, each with its exact value; and the decoder's side of M_i(c).

import { expect, test } from 'vitest';
import { InputError } from '../../src/engine';
import { inverseOfPositive, product, transpose } from '../../src/math/matrix';
import { Draw, decoderInformation, discreteInformation, linearGaussian, type Outcome } from '../../src/metrics';

const BITS = 1 / Math.LN2;
const binaryEntropy = (p: number) => (p === 0 || p === 1 ? 0 : -(p * Math.log(p) + (1 - p) * Math.log(1 - p)) * BITS);

/** CE1: fair bits a, b; z_2 = b, z_1 = a flipped with a probability that depends on b. */
const gating = (e0: number, e1: number): Outcome[] =>
  [0, 1].flatMap((a) =>
    [0, 1].flatMap((b) =>
      [0, 1].map((flip) => {
        const e = b === 0 ? e0 : e1;
        return { x: 2 * a + b, z: [a ^ flip, b], probability: 0.25 * (flip === 1 ? e : 1 - e) };
      }),
    ),
  );

test.each([
  [0, 0.5, 0.5],
  [0.05, 0.25, 0.4512],
])('CE1, gating %d and %d: averaged invariance holds, pointwise it fails', (e0, e1, information) => {
  const found = discreteInformation(gating(e0, e1));
  expect(found.information[0] * BITS).toBeCloseTo(information, 4);
  expect(found.conditionalInformation[0]).toBeCloseTo(found.information[0], 12);
  expect(found.redundancy[0]).toBeCloseTo(0, 12);
  expect(found.synergy[0]).toBeCloseTo(0, 12);
  const byB = [...found.pointwise[0]].sort((a, b) => Number(a.c[0]) - Number(b.c[0])).map(({ nats }) => nats * BITS);
  expect(byB[0]).toBeCloseTo(1 - binaryEntropy(e0), 10);
  expect(byB[1]).toBeCloseTo(1 - binaryEntropy(e1), 10);
});

test('CE2: invariance without independence', () => {
  const c = (rho: number, scale: number) => [
    [scale, scale * rho],
    [scale * rho, scale],
  ];
  const found = linearGaussian(c(0, 1), c(0.6, 2), c(0.6, 0.5));
  for (const values of [found.information, found.conditionalInformation])
    for (const value of values) expect(value).toBeCloseTo(0.804719, 6);
  for (const values of [found.redundancy, found.synergy])
    for (const value of values) expect(value).toBeCloseTo(0.223144, 6);
});

test('CE3: the exclusive or: nothing alone, everything together, the same at every c', () => {
  const outcomes = [0, 1].flatMap((x) => [0, 1].map((z) => ({ x, z: [z, x ^ z], probability: 0.25 })));
  const found = discreteInformation(outcomes);
  for (const i of [0, 1]) {
    expect(found.information[i]).toBeCloseTo(0, 12);
    expect(found.conditionalInformation[i] * BITS).toBeCloseTo(1, 12);
    expect(found.redundancy[i]).toBeCloseTo(0, 12);
    expect(found.synergy[i] * BITS).toBeCloseTo(1, 12);
    expect(found.pointwise[i].map(({ nats }) => nats * BITS)).toEqual([1, 1].map((one) => expect.closeTo(one, 12)));
  }
});

test('CE4: two noisy copies of one bit: the gap is negative', () => {
  const flip = (wrong: number) => (wrong === 1 ? 0.1 : 0.9);
  const outcomes = [0, 1].flatMap((x) =>
    [0, 1].flatMap((a) => [0, 1].map((b) => ({ x, z: [a, b], probability: 0.5 * flip(a ^ x) * flip(b ^ x) }))),
  );
  const found = discreteInformation(outcomes);
  expect(found.information[0] * BITS).toBeCloseTo(0.531, 4);
  expect(found.conditionalInformation[0] * BITS).toBeCloseTo(0.2111, 4);
  expect(found.redundancy[0] * BITS).toBeCloseTo(0.3199, 4);
  expect(found.synergy[0]).toBeCloseTo(0, 12);
});

test('the bridge C - I = S - R holds for any discrete channel', () => {
  const draw = new Draw(4, 4);
  const raw = [0, 1, 2].flatMap((x) =>
    [0, 1].flatMap((a) =>
      [0, 1, 2].flatMap((b) => [0, 1].map((c) => ({ x, z: [a, b, c], probability: draw.uniform() }))),
    ),
  );
  const total = raw.reduce((sum, { probability }) => sum + probability, 0);
  const found = discreteInformation(raw.map((each) => ({ ...each, probability: each.probability / total })));
  for (const i of [0, 1, 2]) {
    const gap = found.conditionalInformation[i] - found.information[i];
    expect(gap).toBeCloseTo(found.synergy[i] - found.redundancy[i], 12);
  }
});

// A linear-Gaussian generative model: z ~ N(0, I), x = W z + noise of variance .5, W = diag(2, 1) Rot(angle).
test.each([
  [0, [1.0986, 0.5493], [1.0986, 0.5493]],
  [15, [1.0357, 0.5721], [1.0758, 0.6122]],
  [30, [0.8959, 0.6405], [1.0075, 0.752]],
  [45, [0.752, 0.752], [0.8959, 0.8959]],
])(
  'a linear decoder turned by %d degrees; CE5: with equal columns nothing would change',
  (degrees, information, conditional) => {
    const angle = (degrees * Math.PI) / 180;
    const turn = [
      [Math.cos(angle), -Math.sin(angle)],
      [Math.sin(angle), Math.cos(angle)],
    ];
    const exact = (w: number[][]) => {
      const precision = product(transpose(w), w).map((row, i) => row.map((value, j) => 2 * value + Number(i === j)));
      const covariance = inverseOfPositive(precision);
      return {
        alone: covariance.map((row, i) => -0.5 * Math.log(row[i])),
        given: precision.map((row, i) => 0.5 * Math.log(row[i])),
      };
    };
    const found = exact(
      product(
        [
          [2, 0],
          [0, 1],
        ],
        turn,
      ),
    );
    for (const i of [0, 1]) {
      expect(found.alone[i]).toBeCloseTo(information[i], 4);
      expect(found.given[i]).toBeCloseTo(conditional[i], 4);
    }
    const equal = exact(
      product(
        [
          [2, 0],
          [0, 2],
        ],
        turn,
      ),
    );
    expect(equal.alone[0]).toBeCloseTo(equal.given[0], 12);
  },
);

const along = (direction: readonly number[], offset: readonly number[]) => (values: Float64Array) =>
  Promise.resolve(Array.from(values, (z) => direction.map((d, p) => d * z + offset[p])));

test('decoder, Gaussian: ln(1 + |a|^2 / s^2) / 2 at every c', async () => {
  const a = [0.6, -0.8, 0.3];
  const exact = 0.5 * Math.log(1 + (0.36 + 0.64 + 0.09) / 0.25);
  for (const offset of [
    [0, 0, 0],
    [3, -1, 2],
  ]) {
    const found = await decoderInformation(
      along(a, offset),
      { kind: 'gaussian', deviation: 0.5 },
      2000,
      new Draw(1, 5),
    );
    expect(Math.abs(found.nats - exact)).toBeLessThan(4 * found.standardError);
    expect(found.standardError).toBeLessThan(0.03);
  }
});

test('decoder, Bernoulli: one pixel against the integral of its entropy', async () => {
  const slope = 3;
  const p = (z: number) => 1 / (1 + Math.exp(-slope * z));
  let [mean, within] = [0, 0];
  for (let z = -8; z <= 8; z += 0.001) {
    const mass = (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * 0.001;
    mean += mass * p(z);
    within += (mass * binaryEntropy(p(z))) / BITS;
  }
  const found = await decoderInformation(along([slope], [0]), { kind: 'bernoulli' }, 4000, new Draw(2, 5));
  expect(Math.abs(found.nats - (binaryEntropy(mean) / BITS - within))).toBeLessThan(4 * found.standardError);
});

test('decoder: too sharp to integrate is refused, flat gives nothing', async () => {
  const sharp = decoderInformation(along([1], [0]), { kind: 'gaussian', deviation: 1e-5 }, 20, new Draw(3, 5));
  await expect(sharp).rejects.toThrow(InputError);
  const flat = await decoderInformation(along([0], [1]), { kind: 'gaussian', deviation: 1 }, 100, new Draw(3, 5));
  expect(flat.nats).toBeCloseTo(0, 6);
});
