// The benchmark's own arithmetic, and that it leaves no kernel out.

import { expect, test } from 'vitest';
import { cases } from '../../bench/cases';
import { glob, median, regressions, spread } from '../../bench/statistics';
import { steps } from '../../bench/steps';
import { type Dispatch, SOFTWARE } from '../../src/engine/graph/dispatch';
import { schedule } from '../../src/engine/graph/schedule';
import { labelOf } from '../../src/shaders/kernel';
import { kernelSources } from '../cases/kernels';

test('median and spread', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(spread([1, 2, 3, 4, 100])).toBe(1);
});

test('globs', () => {
  expect(glob('matmul/*')('matmul/nn/512x512x512')).toBe(true);
  expect(glob('*512')('matmul/nn/512x512x512')).toBe(true);
  expect(glob('matmul')('matmul/nn')).toBe(false);
  expect(glob('a.b')('axb')).toBe(false);
});

test('regressions: only what became slower by more than the limit, and only what both have', () => {
  const baseline = [
    { name: 'a', medianMs: 1 },
    { name: 'b', medianMs: 1 },
  ];
  const now = [
    { name: 'a', medianMs: 1.1 },
    { name: 'b', medianMs: 1.5 },
    { name: 'c', medianMs: 9 },
  ];
  expect(regressions(now, baseline, 20)).toEqual([{ name: 'b', change: 50 }]);
});

test('names are unique, and every kernel of the table is in a case', () => {
  const all = [...cases, ...steps];
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  const used = new Set<string>();
  const use = ({ kernel, flavour }: Dispatch) => used.add(labelOf(kernel, flavour));
  for (const { build } of all) {
    const { operations, updates } = schedule(build().graph);
    for (const tensor of [...operations, ...updates]) {
      if (tensor.source.kind !== 'operation') continue;
      const gpu = { ...SOFTWARE, software: false };
      for (const tuning of [SOFTWARE, gpu, { ...gpu, subgroups: true }])
        for (const each of tensor.source.operation.kernels(tensor.inputs, tensor, tuning).dispatches) use(each);
    }
  }
  expect(
    kernelSources.map(({ label }) => label).filter((name) => !used.has(name) && !name.startsWith('probe_')),
  ).toEqual([]);
});
