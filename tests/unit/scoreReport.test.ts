// How scores are shown: what an interval covers, what a ceiling is, and data that are not as tidy as a generator's.

import { expect, test } from 'vitest';
import { Draw, explicitness, irs, mig, normalQuantile, scoreCodes, unsupervised } from '../../src/metrics';
import { equalWidthBins } from '../../src/metrics/disentanglement/discrete';
import { isComplete } from '../../src/metrics/disentanglement/protocol';
import { intervalOf, resampleSize } from '../../src/metrics/disentanglement/report';

const draw = new Draw(5, 88);
const normal = () => normalQuantile(draw.uniform());
const column = (n: number, value: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => value(i));
const scoreOf = ({ scores }: ReturnType<typeof scoreCodes>, name: string) =>
  scores.find((score) => score.name === name) ?? expect.unreachable(name);

test.each([2, 4, 8, 20])('an interval of %i repetitions holds the truth nine times in ten', (repetitions) => {
  const trials = 4000;
  let held = 0;
  for (let trial = 0; trial < trials; trial++) {
    const [low, high] = intervalOf(normal(), Array.from({ length: repetitions }, normal));
    if (low <= 0 && 0 <= high) held += 1;
  }
  // Four standard deviations of the share.
  expect(Math.abs(held / trials - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1) / trials));
});

test('a resample of 15,000 rows of which 10,000 are scored varies as other samples would', () => {
  expect(resampleSize(15_000, 10_000)).toBe(6000);
  expect(resampleSize(10_000, 10_000)).toBe(5000);
  expect(resampleSize(400, Number.POSITIVE_INFINITY)).toBe(200);
});

test('codes on the edges of bins are binned as numpy bins them', () => {
  const from = (n: number, value: (i: number) => number) =>
    [...equalWidthBins(column(n, value), 20)].map((bin) => bin + 1);
  // np.digitize(x, np.histogram(x, 20)[1][:-1])
  expect(from(21, (i) => i / 20)).toEqual([1, 2, 3, 3, 5, 6, 6, 7, 9, 10, 11, 12, 12, 14, 14, 16, 17, 17, 19, 19, 20]);
  expect(from(12, (i) => i * 0.1 - 0.3)).toEqual([1, 2, 4, 6, 8, 10, 11, 13, 15, 17, 19, 20]);
});

const n = 600;
const factor = column(n, () => draw.below(3));
const other = column(n, () => draw.below(4));
const codes = [column(n, (i) => factor[i] + 0.2 * normal()), column(n, (i) => other[i] + 0.2 * normal())];

test('values of a factor may leave gaps, however wide, and change no score that takes them as labels', () => {
  const gapped = factor.map((value) => [0, 1, 1_000_000_000][value]);
  expect(mig(codes, [gapped, other])).toEqual(mig(codes, [factor, other]));
  const options = { maxIterations: 20 };
  expect(explicitness(codes, [gapped, other], options)).toEqual(explicitness(codes, [factor, other], options));
  const only = ['mig', 'sapDiscrete', 'factorVae', 'modularity'] as const;
  expect(scoreCodes({ codes, factors: [gapped, other], only })).toEqual(
    scoreCodes({ codes, factors: [factor, other], only }),
  );
  // As numbers they matter: one value far from the rest hides the others.
  const numeric = scoreCodes({ codes: [gapped, other], factors: [gapped, other], only: ['sapContinuous'] });
  expect(numeric.scores[0].value).toBeCloseTo(numeric.scores[0].ceiling, 12);
});

test('a complete table counts as one from whatever number its values begin', () => {
  const table = [column(12, (i) => 1 + Math.floor(i / 4)), column(12, (i) => 10 * (i % 4))];
  expect(isComplete(table)).toBe(true);
  expect(isComplete([table[0], column(12, () => 0)])).toBe(false);
});

test('a latent that does not vary is left alone, whatever its value rounds to', () => {
  const still = [0.1, 0.3].map((value) => column(n, () => value));
  const { meanPairwiseInformation, ...rest } = unsupervised(codes);
  const withStill = unsupervised([...codes, ...still]);
  expect(withStill).toEqual({ ...rest, meanPairwiseInformation: expect.closeTo(meanPairwiseInformation / 6, 12) });
  expect(irs(still, [factor]).score).toBe(0);
});

test('scores without factors need none: one factor is enough for the others', () => {
  const { scores, leftOut } = scoreCodes({ codes, factors: [factor] });
  const gaussian = scores.find(({ name }) => name === 'gaussianTc') ?? expect.unreachable();
  expect([gaussian.ceiling, gaussian.value < 0.05]).toEqual([0, true]);
  expect(leftOut.map(({ name }) => name)).not.toContain('meanPairwiseInformation');
});

test('constants say how many rows were used', () => {
  const report = scoreCodes({
    codes,
    factors: [factor, other],
    only: ['mig', 'explicitness', 'dciLassoDisentanglement'],
  });
  expect(scoreOf(report, 'mig').constants).toMatchObject({ rows: 600 });
  expect(scoreOf(report, 'explicitness').constants).toMatchObject({ trainRows: 400, testRows: 200 });
  const lasso = scoreOf(report, 'dciLassoDisentanglement').constants;
  expect(lasso).toMatchObject({ mode: 'lasso', alpha: 0.02, trainRows: 400, testRows: 200 });
  expect(Object.keys(lasso)).not.toContain('stages');
});

test('what cannot be scored says why', () => {
  expect(() => scoreCodes({ codes, factors: [column(n, () => 2)] })).toThrow('no factor varies');
  expect(() => scoreCodes({ codes: [[1], [2]], factors: [[1]] })).toThrow('two rows');
});

/** A code of noisy factors on `rows` rows: the same code, more or fewer rows of it. */
function noisyCode(rows: number, seed: number) {
  const own = new Draw(seed, 90);
  const factors = [32, 40].map((size) => column(rows, () => own.below(size)));
  const noisy = factors.map((values, j) =>
    column(rows, (i) => values[i] / [32, 40][j] + 0.1 * normalQuantile(own.uniform())),
  );
  return { codes: [...noisy, column(rows, () => normalQuantile(own.uniform()))], factors };
}

test('the bias of few rows has a number of its own, beside the interval: without it the score is that of many rows', () => {
  const only = ['mig', 'migRank', 'migSup', 'dciMig', 'modularity'] as const;
  const many = scoreCodes({ ...noisyCode(40_000, 1), only });
  const few = Array.from({ length: 12 }, (_, s) => scoreCodes({ ...noisyCode(1000, 100 + s), only, seed: s }));
  for (const name of ['mig', 'migRank', 'migSup', 'dciMig']) {
    const truth = scoreOf(many, name).value;
    const mean = (of: (each: ReturnType<typeof scoreOf>) => number) =>
      few.reduce((sum, report) => sum + of(scoreOf(report, name)), 0) / few.length;
    const plain = mean(({ value }) => value) - truth;
    const corrected = mean(({ value, bias }) => value - (bias ?? Number.NaN)) - truth;
    // The interval is of 1,000 rows, and none holds the score of 40,000.
    expect(few.filter((report) => scoreOf(report, name).interval[1] >= truth).length, name).toBeLessThan(6);
    expect(Math.abs(corrected), name).toBeLessThan(0.35 * Math.abs(plain));
  }
  expect(scoreOf(few[0], 'modularity').bias).toBeNull();
});

test('no interval leaves the range of its score; a complete table has no bias to estimate', () => {
  const table = [column(60, (i) => Math.floor(i / 12)), column(60, (i) => i % 12)];
  const { scores } = scoreCodes({ codes: table, factors: table, only: ['sapContinuous', 'mig', 'gaussianTc'] });
  for (const { interval, bias } of scores) {
    expect(interval[0]).toBeGreaterThanOrEqual(0);
    expect(bias).toBeNull();
  }
  const few = noisyCode(40, 3);
  const found = scoreCodes({ codes: few.factors, factors: few.factors });
  expect(found.scores.length).toBeGreaterThan(12);
  for (const { name, interval } of found.scores) {
    const [least, most] = { gaussianWassersteinNormalised: [0, 2] }[name as string] ?? [
      0,
      name.startsWith('gaussian') || name.startsWith('mean') ? Number.POSITIVE_INFINITY : 1,
    ];
    if (name === 'dciLassoInformativeness') continue;
    expect(interval[0], name).toBeGreaterThanOrEqual(least);
    expect(interval[1], name).toBeLessThanOrEqual(most);
  }
  expect(intervalOf(0.99, [0.9, 1, 0.95], [0, 1])[1]).toBe(1);
});

test('a lasso that finds nothing scores nothing: noise codes, and the level by chance of codes that are not', () => {
  const rows = 3000;
  const own = new Draw(31, 4);
  const factors = [4, 6, 9].map((size) => column(rows, () => own.below(size)));
  const noise = Array.from({ length: 6 }, () => column(rows, () => normalQuantile(own.uniform())));
  const only = ['dciLassoDisentanglement', 'dciLassoCompleteness'] as const;
  for (const { value, chance } of scoreCodes({ codes: noise, factors, only }).scores)
    expect([value, chance]).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
  // Every latent a mixture of all factors: found, and hardly disentangled.
  const mixed = noise.map((values, i) =>
    column(rows, (n) => factors.reduce((sum, f, j) => sum + f[n] * Math.cos(i + 2 * j), values[n])),
  );
  const [disentangled] = scoreCodes({ codes: mixed, factors, only }).scores;
  expect(disentangled.value).toBeGreaterThan(0.02);
  expect(disentangled.chance).toBeLessThan(disentangled.value);
  expect(disentangled.chance).toBeLessThan(0.01);
});
