// Estimators on graphs, by the reference executor, against the same estimators in f64.

import { expect, test } from 'vitest';
import { ReferenceDevice } from '../../src/engine';
import { normalF } from '../../src/engine/random/normal';
import { threefry } from '../../src/engine/random/threefry';
import { type BatchProblem, type EstimatorName, estimateBatch, neighbourEstimate } from '../../src/metrics';
import { entropy, type InformationEstimate, lncEstimate, rossEstimate } from '../../src/metrics/information/estimators';
import { momentsOf, standardise } from '../../src/metrics/information/marginals';

/** n samples of two standard normals with correlation rho. */
function correlated(n: number, rho: number, seed: number) {
  const draw = (i: number) => threefry([seed, 9], [i, 0]).map(normalF);
  const pairs = Array.from({ length: n }, (_, i) => draw(i));
  return { x: [pairs.map(([a]) => a)], y: [pairs.map(([a, b]) => rho * a + Math.sqrt(1 - rho * rho) * b)] };
}

test('every estimator from the ops agrees with f64 to what rounding coordinates to f32 leaves', async () => {
  using device = new ReferenceDevice();
  const pair = correlated(300, 0.6, 1);
  const labels = pair.y[0].map((value) => Number(value > 0.3) + Number(value > 1));
  const third = correlated(300, 0.2, 5).x;
  const options = { k: 4, metric: 'max' } as const;
  const standard = (columns: readonly number[][]) => columns.map((c) => standardise(Float64Array.from(c), 'c'));
  const [x, y, z] = [pair.x, pair.y, third].map(standard);
  const two = { variables: [pair.x, pair.y] };
  const three = { variables: [pair.x, pair.y, third] };
  const exact: [EstimatorName, BatchProblem, InformationEstimate][] = [
    ['ksg1', two, neighbourEstimate('ksg1', [x, y], options)],
    ['ksg1', three, neighbourEstimate('ksg1', [x, y, z], options)],
    ['ksg2', two, neighbourEstimate('ksg2', [x, y], options)],
    ['mixed', { variables: [pair.x, [labels]] }, neighbourEstimate('mixed', [x, ...[[labels]].map(standard)], options)],
    ['fp', three, neighbourEstimate('fp', [x, y, z], options)],
    ['fp2', three, neighbourEstimate('fp2', [x, y, z], options)],
    ['lnc', two, lncEstimate([x, y], options)],
    ['ross', { variables: [pair.x], labels }, rossEstimate(x, Float64Array.from(labels), options)],
    ['kl', { variables: [[...pair.x, ...third]] }, entropy([...x, ...z], options)],
  ];
  for (const [name, problem, { nats, local }] of exact) {
    const [found, again] = await estimateBatch(device, name, [problem, problem], { k: options.k });
    expect(again).toEqual(found);
    expect(found.local.length).toBe(local.length);
    // A batch gives the entropy on the scale of the data.
    const columns = [...pair.x, ...third].map((c) => Math.log(momentsOf(Float64Array.from(c)).deviation));
    const shift = name === 'kl' ? columns[0] + columns[1] : 0;
    expect(Math.abs(found.nats - nats - shift), name).toBeLessThan(2e-5);
  }
});

test('a batch refuses what it cannot measure', async () => {
  using device = new ReferenceDevice();
  const batch = (x: readonly number[], k: number, labels?: number[]) =>
    labels === undefined
      ? estimateBatch(device, 'ksg1', [{ variables: [[x], [[1, 2, 3, 5]]] }], { k })
      : estimateBatch(device, 'ross', [{ variables: [[x]], labels }], { k });
  await expect(batch([1, 2, 3, 4], 4)).rejects.toThrow(/too few/);
  await expect(batch([1, 1, 1, 1], 2)).rejects.toThrow(/constant/);
  await expect(batch([1, Number.NaN, 1, 1], 2)).rejects.toThrow(/sample 2 is NaN/);
  await expect(batch([1, 2, 3, 4], 17)).rejects.toThrow(/from 1 to 16/);
  await expect(batch([1, 2, 3], 2)).rejects.toThrow(/coordinate 1 has 4 samples, not 3/);
  await expect(batch([1, 2, 3, 4], 2, [0, 0, 0, 7])).rejects.toThrow(/label 7 occurs once; leave sample 4 out/);
});
