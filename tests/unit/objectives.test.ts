// Every objective twice: its loss and gradient as the graph gives them, against the loss worked out in plain numbers from the
// same posteriors and samples, and against central differences. Rounding is off, so nothing but mistakes can differ; what
// remains is the error of the f32 polynomials.

import { expect, test, vi } from 'vitest';
import type { Objective, Player, Vae } from '../../src/models';

vi.hoisted(() => {
  Math.fround = (x) => x;
});

const { concat, randomNormal, randomUniform, sizeOf } = await import('../../src/engine');
const { factorVae, infoGan, infoGanObjective, objectives, posteriorNamed } = await import('../../src/models');
const { evidence } = await import('../../src/models/objectives/evidence');
const { shuffleLatents } = await import('../../src/models/objectives/factorVae');
const { arenasOf, average, BATCH, batchOf, compute, EXAMPLES, expectSlope, INPUT, K, R, rowsOf, setting, stream } =
  await import('../cases/objectives');

/** One replica's posteriors, samples and means in plain numbers. */
interface Plain {
  readonly x: number[][];
  readonly z: number[][];
  readonly decoded: number[][];
  readonly mean: number[][];
  /** L of each example. */
  readonly l: number[][][];
}

async function plainOf(
  model: Vae,
  inputs: Parameters<Objective<Vae>['step']>[1],
  players: readonly Player[],
): Promise<Plain[]> {
  const { batch, packed, z } = evidence(model, inputs);
  const found = await compute({ batch, packed, z, decoded: model.decode(z) }, arenasOf(players));
  return Array.from({ length: R }, (_, r) => {
    const rows = rowsOf(found.packed, r, model.posterior.width);
    return {
      x: rowsOf(found.batch, r, INPUT),
      z: rowsOf(found.z, r, K),
      decoded: rowsOf(found.decoded, r, INPUT),
      mean: rows.map((row) => row.slice(0, K)),
      l: rows.map((row) => [
        [Math.exp(row[2]), 0],
        [row[4] ?? 0, Math.exp(row[3])],
      ]),
    };
  });
}

const covarianceOf = (l: number[][]) => l.map((a) => l.map((b) => a.reduce((sum, v, k) => sum + v * b[k], 0)));
const reconstructionOf = ({ x, decoded }: Plain) =>
  average(
    x.map((row, b) =>
      row.reduce((sum, v, c) => sum + (v - decoded[b][c]) ** 2 / 0.98 + 0.5 * Math.log(2 * Math.PI * 0.49), 0),
    ),
  );
const klOf = ({ mean, l }: Plain) =>
  average(
    mean.map((m, b) => {
      const [[a, c], [, d]] = covarianceOf(l[b]);
      return 0.5 * (m[0] ** 2 + m[1] ** 2 + a + d - 2 - Math.log(a * d - c * c));
    }),
  );
const tcOf = ({ l }: Plain) =>
  average(
    l.map((each) => {
      const [[a, c], [, d]] = covarianceOf(each);
      return -0.5 * Math.log(1 - (c * c) / (a * d));
    }),
  );

/** ln q(z) - ln q(z_1) - ln q(z_2) of the weighted mixture of the batch's posteriors, by direct densities. */
function mixtureTc({ z, mean, l }: Plain, weight: (i: number, j: number) => number): number {
  return average(
    z.map(([a, b], i) => {
      let [joint, first, second] = [0, 0, 0];
      for (const j of mean.keys()) {
        const [[va, c], [, vb]] = covarianceOf(l[j]);
        const [da, db] = [a - mean[j][0], b - mean[j][1]];
        const determinant = va * vb - c * c;
        const distance = (vb * da * da - 2 * c * da * db + va * db * db) / determinant;
        joint += (weight(i, j) * Math.exp(-0.5 * distance)) / (2 * Math.PI * Math.sqrt(determinant));
        first += (weight(i, j) * Math.exp((-0.5 * da * da) / va)) / Math.sqrt(2 * Math.PI * va);
        second += (weight(i, j) * Math.exp((-0.5 * db * db) / vb)) / Math.sqrt(2 * Math.PI * vb);
      }
      return Math.log(joint) - Math.log(first) - Math.log(second);
    }),
  );
}

/** By stratified sampling: N examples, the sample's own weighs 1 / N. */
const stratified = (i: number, j: number): number => {
  const others = BATCH - 1;
  if (i === j) return 1 / EXAMPLES;
  return j === (i + 1) % BATCH ? (EXAMPLES - others) / (EXAMPLES * others) : 1 / others;
};

/** Squared distance of a covariance from I, off and on the diagonal. */
function dip(plain: Plain, variant: 'I' | 'II'): [off: number, on: number] {
  const centre = [0, 1].map((k) => average(plain.mean.map((m) => m[k])));
  const entry = (i: number, j: number) =>
    average(plain.mean.map((m) => (m[i] - centre[i]) * (m[j] - centre[j]))) +
    (variant === 'II' ? average(plain.l.map((each) => covarianceOf(each)[i][j])) : 0);
  return [2 * entry(0, 1) ** 2, (entry(0, 0) - 1) ** 2 + (entry(1, 1) - 1) ** 2];
}

/** MMD^2 to N(0, I) with kernel exp(-|x - y|^2 / 2), expectations over the prior by quadrature. */
function mmd({ z }: Plain): number {
  const step = 0.02;
  const overPrior = (f: (y: number) => number) => {
    let total = 0;
    for (let y = -8; y <= 8; y += step) total += (f(y) * Math.exp(-0.5 * y * y) * step) / Math.sqrt(2 * Math.PI);
    return total;
  };
  const kernel = (a: number, b: number) => Math.exp(-((a - b) ** 2) / K);
  const both = overPrior((a) => overPrior((b) => kernel(a, b))) ** K;
  const cross = average(z.map((row) => row.reduce((product, v) => product * overPrior((y) => kernel(v, y)), 1)));
  const among = average(
    z.flatMap((a, i) => z.filter((_, j) => j !== i).map((b) => kernel(a[0], b[0]) * kernel(a[1], b[1]))),
  );
  return among + both - 2 * cross;
}

const WEIGHTS: [number, number] = [1.5, 4];
type Expected = (plain: Plain, weight: number) => number;
const elbo: Expected = (plain) => reconstructionOf(plain) + klOf(plain);

const cases: [string, Parameters<(typeof objectives)[string]['make']>[0], Expected][] = [
  ['betaVae', { beta: WEIGHTS }, (plain, w) => reconstructionOf(plain) + w * klOf(plain)],
  ['betaVae', { beta: 1, conditionalTc: WEIGHTS }, (plain, w) => elbo(plain, w) + w * tcOf(plain)],
  // At step 30 of 100 the capacity is .3 of its end.
  [
    'annealedVae',
    { capacity: WEIGHTS, capacitySteps: 100, gamma: 7 },
    (plain, w) => reconstructionOf(plain) + 7 * Math.abs(klOf(plain) - 0.3 * w),
  ],
  ['betaTcVae', { beta: WEIGHTS }, (plain, w) => elbo(plain, w) + (w - 1) * mixtureTc(plain, () => 1 / BATCH)],
  [
    'betaTcVae',
    { beta: WEIGHTS, sampling: 'stratified' },
    (plain, w) => elbo(plain, w) + (w - 1) * mixtureTc(plain, stratified),
  ],
  [
    'dipVaeI',
    { offDiagonal: WEIGHTS },
    (plain, w) => elbo(plain, w) + w * (dip(plain, 'I')[0] + 10 * dip(plain, 'I')[1]),
  ],
  [
    'dipVaeII',
    { offDiagonal: WEIGHTS },
    (plain, w) => elbo(plain, w) + w * (dip(plain, 'II')[0] + dip(plain, 'II')[1]),
  ],
  ['infoVae', { mmd: WEIGHTS, kl: 0.5 }, (plain, w) => reconstructionOf(plain) + 0.5 * klOf(plain) + w * mmd(plain)],
];

test.each(
  cases.flatMap(([name, options, expected]) =>
    ['full', 'factorized'].map((family) => [name, family, options, expected] as const),
  ),
)('%s, %s: loss and gradient', async (name, family, options, expected) => {
  const { model, inputs } = setting(family);
  const { players, terms } = objectives[name].make(options).step(model, inputs());
  const arenas = arenasOf(players);
  const found = await compute({ loss: players[0].loss, ...terms }, arenas);
  const plain = await plainOf(model, inputs(), players);
  for (let r = 0; r < R; r++) {
    expect(found.loss[r]).toBeCloseTo(expected(plain[r], WEIGHTS[r]), 4);
    expect(found.reconstruction[r]).toBeCloseTo(reconstructionOf(plain[r]), 5);
    expect(found.kl[r]).toBeCloseTo(klOf(plain[r]), 5);
    expect(found.conditionalTc[r]).toBeCloseTo(tcOf(plain[r]), 5);
  }
  await expectSlope(players, 0);
});

test('autoencoder: decodes means, with no noise', async () => {
  const { model, inputs } = setting();
  const { players } = objectives.autoencoder.make({}).step(model, inputs());
  const { packed, batch } = evidence(model, inputs());
  const found = await compute(
    { loss: players[0].loss, decoded: model.decode(model.posterior.means(packed)), batch },
    arenasOf(players),
  );
  for (let r = 0; r < R; r++) {
    const plain = { x: rowsOf(found.batch, r, INPUT), decoded: rowsOf(found.decoded, r, INPUT) } as Plain;
    expect(found.loss[r]).toBeCloseTo(reconstructionOf(plain), 5);
  }
  await expectSlope(players, 0);
});

test('factorVae: both players; the discriminator sees a second batch, shuffled', async () => {
  const { model, inputs } = setting();
  const asked = inputs();
  const { players, terms } = factorVae({ gamma: WEIGHTS, layers: 1, width: 3 }).step(model, asked);
  expect(asked.asked()).toBe(2);
  const other = inputs();
  other.batch();
  const second = model.posterior.sample(model.encode(other.batch()), stream, 1201);
  const outputs = {
    loss: players[0].loss,
    told: players[1].loss,
    ...terms,
    shuffled: shuffleLatents(second, stream, 1200),
    second,
  };
  const weights = Object.fromEntries(players[1].parameters.tensors.map((t, i) => [`w${i}`, t]));
  const found = await compute({ ...outputs, ...weights }, arenasOf(players));
  const plain = await plainOf(model, inputs(), players);
  for (let r = 0; r < R; r++) {
    const odds = (z: number[]): number =>
      [0, 1, 2].reduce((sum, h) => {
        const y = z[0] * found.w0[r * 6 + h] + z[1] * found.w0[r * 6 + 3 + h] + found.w1[r * 3 + h];
        return sum + (y > 0 ? y : 0.2 * y) * found.w2[r * 3 + h];
      }, found.w3[r]);
    const real = plain[r].z.map(odds);
    const shuffled = rowsOf(found.shuffled, r, K);
    for (const k of [0, 1]) {
      const sorted = (rows: number[][]) => rows.map((row) => row[k]).sort((a, b) => a - b);
      expect(sorted(shuffled)).toEqual(sorted(rowsOf(found.second, r, K)));
    }
    expect(found.loss[r]).toBeCloseTo(elbo(plain[r], 0) + WEIGHTS[r] * average(real), 4);
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    const crossEntropy =
      average(real.map((o) => -Math.log(sigmoid(o)))) +
      average(shuffled.map((row) => -Math.log(1 - sigmoid(odds(row)))));
    expect(found.told[r]).toBeCloseTo(0.5 * crossEntropy, 4);
  }
  await expectSlope(players, 0);
  await expectSlope(players, 1);
});

test.each([
  ['factorized', 'normal'],
  ['full', 'normal'],
  ['full', 'uniform'],
] as const)(
  'infoGan, %s Q, %s codes: gradients of both players, and the bound where Q knows nothing',
  async (family, prior) => {
    const model = infoGan({
      replicas: R,
      input: INPUT,
      noise: 2,
      q: posteriorNamed(family, K, R),
      prior,
      categories: [3],
      hidden: [4],
    });
    const asked = { batch: () => batchOf(70), stream, examples: EXAMPLES };
    const { players, terms } = infoGanObjective({ information: WEIGHTS }).step(model, asked);
    await expectSlope(players, 0);
    await expectSlope(players, 1);
    // With all weights 0, Q is N(0, I) and uniform over categories, and the bound follows from the codes that were drawn.
    const zeros = new Map(players.map(({ parameters: { arena } }) => [arena, new Float64Array(sizeOf(arena.shape))]));
    const codes = prior === 'normal' ? randomNormal(stream, 1201, [BATCH, K]) : randomUniform(stream, 1201, [BATCH, K]);
    const found = await compute({ bound: terms.informationBound, told: terms.discriminator, codes }, zeros);
    const entropy = prior === 'normal' ? 0.5 * Math.log(2 * Math.PI * Math.E) : Math.LN2;
    for (let r = 0; r < R; r++) {
      const density = average(
        rowsOf(found.codes, r, K).map((row) =>
          row.reduce((sum, c) => sum - 0.5 * ((prior === 'normal' ? c : 2 * c - 1) ** 2 + Math.log(2 * Math.PI)), 0),
        ),
      );
      expect(found.told[r]).toBeCloseTo(2 * Math.LN2, 5);
      expect(found.bound[r]).toBeCloseTo(density + K * entropy, 5);
    }
  },
);

test.each(['factorized', 'full'])('infoGan, %s Q: the bound of each code is of its marginal', async (family) => {
  const q = posteriorNamed(family, K, R);
  const model = infoGan({ replicas: R, input: INPUT, noise: 2, q, prior: 'normal', categories: [], hidden: [4] });
  const asked = { batch: () => batchOf(70), stream, examples: EXAMPLES };
  const { players, terms } = infoGanObjective({ information: WEIGHTS }).step(model, asked);
  const codes = randomNormal(stream, 1201, [BATCH, K]);
  const { packed } = model.judge(model.generate(concat([randomNormal(stream, 1200, [BATCH, 2]), codes], 2)));
  const { informationBound: joint, informationOfEachBound: each } = terms;
  const found = await compute({ joint, each, codes, packed }, arenasOf(players));
  for (let r = 0; r < R; r++) {
    const drawn = rowsOf(found.codes, r, K);
    const marginals = rowsOf(found.packed, r, q.width).map((row, b) => {
      const covariance = covarianceOf([
        [Math.exp(row[2]), 0],
        [row[4] ?? 0, Math.exp(row[3])],
      ]);
      return [0, 1].reduce(
        (sum, i) =>
          sum - 0.5 * ((drawn[b][i] - row[i]) ** 2 / covariance[i][i] + Math.log(2 * Math.PI * covariance[i][i])),
        0,
      );
    });
    expect(found.each[r]).toBeCloseTo(average(marginals) + (K / 2) * Math.log(2 * Math.PI * Math.E), 5);
    if (family === 'factorized') expect(found.each[r]).toBeCloseTo(found.joint[r], 8);
    else expect(Math.abs(found.each[r] - found.joint[r])).toBeGreaterThan(1e-3);
  }
});
