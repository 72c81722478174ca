// Estimators on the GPU against f64: counts are bit for bit those of the references (see ops.test.ts), so the estimates
// differ by the rounding of coordinates alone.

import { expect, test } from 'vitest';
import { normalQuantile } from '../../src/math/normal';
import { type BatchProblem, type EstimatorName, neighbourEstimate } from '../../src/metrics';
import { Draw } from '../../src/metrics/information/draw';
import { entropy, lncEstimate, rossEstimate } from '../../src/metrics/information/estimators';
import { standardise } from '../../src/metrics/information/marginals';
import { inPage } from './inPage';

const draw = new Draw(3, 41);
const column = (n: number, value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i));
const normal = () => normalQuantile(draw.uniform());
const standard = (variable: readonly number[][]) => variable.map((c) => standardise(Float64Array.from(c), 'c'));

test('all estimators, to 2e-5 nats (4e-4 at k = 1)', async () => {
  const n = 700;
  const x = [column(n, normal)];
  const y = [x[0].map((value) => 0.7 * value + 0.5 * normal()), column(n, normal)];
  const z = [x[0].map((value) => value + normal())];
  const labels = x[0].map((value) => Math.floor(value + draw.uniform()));
  labels[0] = labels[1];
  for (const label of new Set(labels))
    if (labels.filter((each) => each === label).length < 2) labels[labels.indexOf(label)] = 0;
  for (const k of [1, 5, 12]) {
    const options = { k, metric: 'max' } as const;
    const [sx, sy, sz] = [x, y, z].map(standard);
    const requests: [EstimatorName, BatchProblem, number][] = [
      ['ksg1', { variables: [x, y] }, neighbourEstimate('ksg1', [sx, sy], options).nats],
      ['ksg2', { variables: [x, y, z] }, neighbourEstimate('ksg2', [sx, sy, sz], options).nats],
      ['fp', { variables: [x, y, z] }, neighbourEstimate('fp', [sx, sy, sz], options).nats],
      ['fp2', { variables: [x, y, z] }, neighbourEstimate('fp2', [sx, sy, sz], options).nats],
      ['mixed', { variables: [x, [labels]] }, neighbourEstimate('mixed', [sx, standard([labels])], options).nats],
      ['ross', { variables: [x], labels }, rossEstimate(sx, Float64Array.from(labels), options).nats],
    ];
    if (k > 3) requests.push(['lnc', { variables: [x, y] }, lncEstimate([sx, sy], options).nats]);
    const found = await inPage(
      'estimates',
      requests.map(([name, problem]) => ({ name, problem, k })),
    );
    for (const [r, [name, , exact]] of requests.entries())
      expect(Math.abs(found[r] - exact), `${name}, k = ${k}`).toBeLessThan(k === 1 ? 4e-4 : 2e-5);
  }
  const scaled = [y[0].map((value) => 1000 * value)];
  const [h] = await inPage('estimates', [{ name: 'kl', problem: { variables: [scaled] }, k: 5 }]);
  expect(
    Math.abs(
      h -
        entropy(
          scaled.map((c) => Float64Array.from(c)),
          { k: 5, metric: 'max' },
        ).nats,
    ),
  ).toBeLessThan(2e-5);
});

test('a permutation test in one batch: dependence is found, independence is not', async () => {
  const x = column(300, normal);
  const y = x.map((value) => value + 2 * normal());
  const dependent = (await inPage('permutations', { x, y, surrogates: 99 })).found;
  expect(dependent[0].pValue).toBe(0.01);
  expect(dependent[1]).toEqual(dependent[0]);
  const independent = (await inPage('permutations', { x, y: column(300, normal), surrogates: 99 })).found;
  expect(independent[0].pValue).toBeGreaterThan(0.05);
});
