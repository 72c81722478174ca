// Every family of posteriors against the same quantities from its mean and covariance in f64: sampling, KL, marginals,
// total correlation, synergy, densities of its own points and of everyone's.

import { expect, test } from 'vitest';
import { constant, type Graph, InputError, ReferenceDevice, type Tensor } from '../../src/engine';
import { inverseOfPositive } from '../../src/math/matrix';
import { equicorrelation, type Posterior, posteriorNamed, posteriors, randomRotation, rotated } from '../../src/models';
import { numbers } from '../cases/ops';

const K = 3;
const ROWS = 4;
const R = 2;

const families: [string, Parameters<typeof posteriorNamed>[3]][] = [
  ['factorized', {}],
  ['full', {}],
  ['full', { offDiagonal: [true, false] }],
  ['correlated', { correlation: [0.3, 0.7] }],
  [
    'correlated',
    {
      correlation: [
        [1, 0.5, 0],
        [0.5, 1, -0.4],
        [0, -0.4, 1],
      ],
    },
  ],
  ['rotated', { rotation: 4 }],
  ['rotated', { rotation: [4, 5] }],
  ['block', { blocks: [[0, 2], [1]] }],
  ['lowRank', { rank: 1 }],
  ['lowRank', { rank: 2 }],
  ['constantCholesky', {}],
  ['reversedCholesky', {}],
];

/** A family's posteriors of arbitrary heads. */
function examples(family: Posterior): Tensor {
  const head = constant(numbers(R * ROWS * family.headWidth, -0.8, 0.8, 11), [R, ROWS, family.headWidth]);
  const own = family.parameters.map(({ shape }, i) =>
    constant(numbers(R * shape.reduce((a, b) => a * b, 1), -0.6, 0.6, 21 + i), [R, ...shape]),
  );
  return family.bound(head, own);
}

async function run<Name extends string>(outputs: Record<Name, Tensor>): Promise<Record<Name, Float32Array>> {
  using device = new ReferenceDevice();
  const graph: Graph<Name> = { outputs };
  const program = await device.compile(graph);
  await program.run();
  const read = async (name: Name) => [name, await program.read(name)] as const;
  return Object.fromEntries(await Promise.all((Object.keys(outputs) as Name[]).map(read))) as Record<
    Name,
    Float32Array
  >;
}

/** Mean and covariance from packed mean, log diagonal and lower rows. */
function momentsOf(packed: ArrayLike<number>) {
  const l = Array.from({ length: K }, (_, i) =>
    Array.from({ length: K }, (__, j) =>
      j > i ? 0 : i === j ? Math.exp(packed[K + i]) : packed[2 * K + (i * (i - 1)) / 2 + j],
    ),
  );
  const covariance = l.map((a) => l.map((b) => a.reduce((sum, value, k) => sum + value * b[k], 0)));
  const logDeterminant = 2 * l.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
  return {
    mean: Array.from({ length: K }, (_, i) => packed[i]),
    covariance,
    precision: inverseOfPositive(covariance),
    logDeterminant,
  };
}

const logDensity = (
  { mean, precision, logDeterminant }: ReturnType<typeof momentsOf>,
  z: ArrayLike<number>,
): number => {
  const d = mean.map((m, i) => z[i] - m);
  const distance = d.reduce((sum, a, i) => sum + a * d.reduce((part, b, j) => part + precision[i][j] * b, 0), 0);
  return -0.5 * (distance + logDeterminant + K * Math.log(2 * Math.PI));
};

test.each(families)('%s %j: closed forms and densities', async (name, options) => {
  const family = posteriorNamed(name, K, R, options);
  const packed = examples(family);
  const z = constant(numbers(R * ROWS * K, -2, 2, 31), [R, ROWS, K]);
  const found = await run({
    packed,
    z,
    kl: family.kl(packed),
    tc: family.conditionalTc(packed),
    synergy: family.synergy(packed),
    means: family.means(packed),
    variances: family.variances(packed),
    covariances: family.covariances(packed),
    own: family.logDensity(packed, z),
    all: family.pairwise(packed, z),
  });
  expect(found.packed.length).toBe(R * ROWS * family.width);
  for (let row = 0; row < R * ROWS; row++) {
    const replica = Math.floor(row / ROWS);
    const numbersOf = found.packed.subarray(row * family.width, (row + 1) * family.width);
    const exact = momentsOf(family.cholesky(numbersOf, replica));
    const { mean, covariance, precision, logDeterminant } = exact;
    const trace = covariance.reduce((sum, each, i) => sum + each[i], 0);
    const size = mean.reduce((sum, m) => sum + m * m, 0);
    expect(found.kl[row]).toBeCloseTo(0.5 * (size + trace - K - logDeterminant), 4);
    const logs = covariance.reduce((sum, each, i) => sum + Math.log(each[i]), 0);
    expect(found.tc[row]).toBeCloseTo(0.5 * (logs - logDeterminant), 4);
    for (let i = 0; i < K; i++) {
      expect(found.means[row * K + i]).toBeCloseTo(mean[i], 5);
      expect(found.variances[row * K + i]).toBeCloseTo(covariance[i][i], 4);
      expect(found.synergy[row * K + i]).toBeCloseTo(0.5 * Math.log(covariance[i][i] * precision[i][i]), 4);
      for (let j = 0; j < K; j++) expect(found.covariances[(row * K + i) * K + j]).toBeCloseTo(covariance[i][j], 4);
    }
    expect(found.own[row]).toBeCloseTo(logDensity(exact, found.z.subarray(row * K, (row + 1) * K)), 3);
    for (let point = 0; point < ROWS; point++) {
      const at = replica * ROWS + point;
      const expected = logDensity(exact, found.z.subarray(at * K, (at + 1) * K));
      expect(found.all[at * ROWS + (row % ROWS)]).toBeCloseTo(expected, 3);
    }
  }
});

test.each(families)('%s %j: samples have its mean and covariance', async (name, options) => {
  const family = posteriorNamed(name, K, R, options);
  const draws = 4000;
  const one = numbers(R * family.headWidth, -0.8, 0.8, 41);
  const heads = new Float32Array(R * draws * family.headWidth);
  for (let at = 0; at < heads.length; at++) {
    const replica = Math.floor(at / (draws * family.headWidth));
    heads[at] = one[replica * family.headWidth + (at % family.headWidth)];
  }
  const own = family.parameters.map(({ shape }, i) =>
    constant(numbers(R * shape.reduce((a, b) => a * b, 1), -0.6, 0.6, 21 + i), [R, ...shape]),
  );
  const packed = family.bound(constant(heads, [R, draws, family.headWidth]), own);
  const stream = { seeds: constant(Uint32Array.of(3, 4)), step: constant(Uint32Array.of(7)) };
  const found = await run({ packed, z: family.sample(packed, stream) });
  for (let replica = 0; replica < R; replica++) {
    const first = replica * draws * family.width;
    const { mean, covariance } = momentsOf(
      family.cholesky(found.packed.subarray(first, first + family.width), replica),
    );
    const value = (n: number, i: number) => found.z[(replica * draws + n) * K + i] - mean[i];
    const average = (f: (n: number) => number) =>
      Array.from({ length: draws }, (_, n) => f(n)).reduce((sum, v) => sum + v, 0) / draws;
    for (let i = 0; i < K; i++) {
      // Five standard errors of a mean, and of a covariance.
      expect(Math.abs(average((n) => value(n, i)))).toBeLessThan(5 * Math.sqrt(covariance[i][i] / draws));
      for (let j = 0; j <= i; j++) {
        const spread = Math.sqrt((covariance[i][i] * covariance[j][j] + covariance[i][j] ** 2) / draws);
        expect(Math.abs(average((n) => value(n, i) * value(n, j)) - covariance[i][j])).toBeLessThan(5 * spread);
      }
    }
  }
});

test('correlated: the KL is the factorized one and a constant, the total correlation that constant', async () => {
  const rho = 0.6;
  const [plain, noisy] = [posteriorNamed('factorized', K, 1), posteriorNamed('correlated', K, 1, { correlation: rho })];
  const head = constant(numbers(ROWS * plain.headWidth, -0.8, 0.8, 5), [1, ROWS, plain.headWidth]);
  const [a, b] = [plain.bound(head, []), noisy.bound(head, [])];
  const found = await run({ a: plain.kl(a), b: noisy.kl(b), tc: noisy.conditionalTc(b) });
  const constantTc = -0.5 * ((K - 1) * Math.log(1 - rho) + Math.log(1 + (K - 1) * rho));
  for (let row = 0; row < ROWS; row++) {
    expect(found.b[row] - found.a[row]).toBeCloseTo(constantTc, 5);
    expect(found.tc[row]).toBeCloseTo(constantTc, 5);
  }
});

test('rotated: KL and density of rotated points are the factorized ones to the bit or nearly', async () => {
  const rotation = randomRotation(K, 9);
  const [plain, turned] = [posteriorNamed('factorized', K, 1), rotated(K, 1, [rotation])];
  const head = constant(numbers(ROWS * plain.headWidth, -0.8, 0.8, 5), [1, ROWS, plain.headWidth]);
  const packed = plain.bound(head, []);
  const stream = { seeds: constant(Uint32Array.of(3)), step: constant(Uint32Array.of(7)) };
  const [u, z] = [plain.sample(packed, stream), turned.sample(packed, stream)];
  const found = await run({
    u,
    z,
    kl: plain.kl(packed),
    turnedKl: turned.kl(packed),
    density: plain.logDensity(packed, u),
    turnedDensity: turned.logDensity(packed, z),
  });
  expect(found.turnedKl).toEqual(found.kl);
  for (let row = 0; row < ROWS; row++) {
    expect(found.turnedDensity[row]).toBeCloseTo(found.density[row], 4);
    for (let i = 0; i < K; i++) {
      const back = rotation.reduce((sum, r, k) => sum + r[i] * found.z[row * K + k], 0);
      expect(back).toBeCloseTo(found.u[row * K + i], 5);
    }
  }
});

test('every latent owns its numbers of the head, and no number is owned twice', () => {
  for (const name of Object.keys(posteriors)) {
    const { owners, headWidth } = posteriorNamed(name, 5, 1);
    expect(owners.length).toBe(headWidth);
    expect(new Set(owners.filter((owner) => owner !== undefined))).toEqual(new Set([0, 1, 2, 3, 4]));
  }
});

test.each([
  [
    'an unknown name',
    () => posteriorNamed('diagonal', 3, 1),
    'there is no posterior diagonal; there are factorized, full',
  ],
  [
    'an impossible correlation',
    () => posteriorNamed('correlated', 3, 1, { correlation: -0.9 }),
    'not positive definite',
  ],
  [
    'a matrix of another size',
    () => posteriorNamed('correlated', 3, 1, { correlation: equicorrelation(2, 0.1) }),
    '3 x 3',
  ],
  [
    'a shear',
    () =>
      rotated(2, 1, [
        [
          [1, 1],
          [0, 1],
        ],
      ]),
    'orthogonal',
  ],
  [
    'blocks that overlap',
    () =>
      posteriorNamed('block', 3, 1, {
        blocks: [
          [0, 1],
          [1, 2],
        ],
      }),
    'once',
  ],
  ['a rank too high', () => posteriorNamed('lowRank', 3, 1, { rank: 3 }), 'from 1 to 2'],
])('%s is refused', (_, make, message) => {
  expect(make).toThrow(InputError);
  expect(make).toThrow(message);
});
