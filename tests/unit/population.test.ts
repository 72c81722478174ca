// Counting for a whole population at once, against the same scores one by one.

import { expect, test } from 'vitest';
import { InputError, ReferenceDevice } from '../../src/engine';
import { varianceOf } from '../../src/math/statistics';
import { batchVariances, Draw, jointCounts, scoreCodes, scorePopulation } from '../../src/metrics';

const draw = new Draw(8, 61);
const n = 300;
const factors = [3, 5].map((size) => Array.from({ length: n }, () => draw.below(size)));
/** Latents that know more and less of the factors, other ones in every replica. */
const codes = [0.1, 0.6].map((noise) => [
  factors[0].map((value) => value + noise * draw.uniform()),
  factors[1].map((value, i) => value - factors[0][i] + noise * draw.uniform()),
  factors[0].map(() => draw.uniform()),
]);

test('a population is scored as each replica alone, counts with the same bits', async () => {
  using device = new ReferenceDevice();
  const only = ['mig', 'migSup', 'jemmig', 'dciMig', 'modularity', 'factorVae', 'sapContinuous'] as const;
  const constantToo = [...factors, factors[0].map(() => 2)];
  const found = await scorePopulation(device, { codes, factors: constantToo, only, seed: 3 });
  for (const [p, replica] of codes.entries()) {
    const alone = scoreCodes({ codes: replica, factors: constantToo, only, seed: 3 });
    expect({ ...found[p], scores: found[p].scores.filter(({ name }) => name !== 'factorVae') }).toEqual({
      ...alone,
      scores: alone.scores.filter(({ name }) => name !== 'factorVae'),
    });
    // Variances in f32 may turn a vote that is nearly even.
    const [ours, theirs] = [found[p], alone].map(({ scores }) => scores.find(({ name }) => name === 'factorVae'));
    expect(ours?.value).toBeCloseTo(theirs?.value ?? Number.NaN, 2.5);
    expect(ours?.constants).toEqual(theirs?.constants);
  }
});

test('what is too small for a score is left out with the reason it has alone', async () => {
  using device = new ReferenceDevice();
  const [report] = await scorePopulation(device, { codes: [codes[0]], factors: [factors[0]] });
  expect(report.leftOut.find(({ name }) => name === 'factorVae')?.reason).toMatch(/at least 2 factors/);
  expect(report.leftOut.find(({ name }) => name === 'migSup')?.reason).toMatch(/at least 2 factors/);
  expect(report.scores.map(({ name }) => name)).toContain('mig');
});

test('joint counts add up, and replicas of another size are refused', async () => {
  using device = new ReferenceDevice();
  const bins = codes.map((replica) => replica.map((values) => values.map((v) => Math.max(0, Math.floor(v)) % 4)));
  const counts = await jointCounts(device, bins, factors, 4);
  for (const [p, replica] of bins.entries())
    for (const [k, own] of replica.entries())
      for (const [f, factor] of factors.entries()) {
        const { counts: table, columns } = counts[p][k][f];
        for (const [at, count] of table.entries()) {
          const [bin, value] = [Math.floor(at / columns), at % columns];
          expect(count).toBe(own.filter((b, i) => b === bin && factor[i] === value).length);
        }
      }
  await expect(jointCounts(device, [bins[0], [bins[1][0]]], factors, 4)).rejects.toThrow(InputError);
});

test('variances within batches of rows', async () => {
  using device = new ReferenceDevice();
  const rows = Int32Array.from({ length: 7 * 16 }, () => draw.below(n));
  const found = await batchVariances(device, codes, rows, 16);
  for (const [p, replica] of codes.entries())
    for (let vote = 0; vote < 7; vote++)
      for (const [k, values] of replica.entries()) {
        const own = Array.from(rows.subarray(16 * vote, 16 * vote + 16), (i) => values[i]);
        // f32 against f64.
        expect(found[p][vote * 3 + k]).toBeCloseTo(varianceOf(own, 1), 4);
      }
});
