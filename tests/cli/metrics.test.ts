// `unweave metrics` from outside: files in, scores out, one line for bad input. Real processes; it needs no browser.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeNpy } from '../../src/data';
import { Draw, normalQuantile } from '../../src/metrics';
import { run, scratch } from './commandLine';

const ROWS = 600;
const file = (name: string) => join(scratch, `metrics-${name}`);

beforeAll(async () => {
  const draw = new Draw(5, 1);
  const factors = Array.from({ length: ROWS }, () => [draw.below(3), draw.below(4), 0]);
  const codes = factors.map(([a, b]) => [b + 0.1 * normalQuantile(draw.uniform()), -a, 0.001 * draw.uniform()]);
  writeFileSync(file('codes.npy'), writeNpy(Float32Array.from(codes.flat()), [ROWS, 3]));
  writeFileSync(file('factors.npy'), writeNpy(Float32Array.from(factors.flat()), [ROWS, 3]));
  writeFileSync(file('logvar.npy'), writeNpy(new Float32Array(3 * ROWS).fill(-6), [ROWS, 3]));
  writeFileSync(file('short.npy'), writeNpy(new Float32Array(6), [2, 3]));
  const hole = new Float32Array(3 * ROWS).fill(-6);
  hole[7 * 3 + 1] = Number.NaN;
  writeFileSync(file('hole.npy'), writeNpy(hole, [ROWS, 3]));
  writeFileSync(file('empty.npy'), writeNpy(new Float32Array(0), [ROWS, 0]));
  writeFileSync(file('two.npy'), writeNpy(new Float32Array(2 * ROWS), [ROWS, 2]));
  writeFileSync(file('half.csv'), `shape,size\n${factors.map(([a]) => `${a},0.5`).join('\n')}\n`);
  writeFileSync(file('codes.csv'), `a,b,c\n${codes.map((row) => row.join(',')).join('\n')}\n`);
  writeFileSync(file('factors.csv'), `shape,size,colour\n${factors.map((row) => row.join(',')).join('\n')}\n`);
});

interface Entry {
  readonly name: string;
  readonly value: number;
  readonly interval: readonly number[];
  readonly chance: number;
  readonly ceiling: number;
  readonly constants: Readonly<Record<string, unknown>>;
  readonly details: Readonly<Record<string, unknown>>;
}

const table = () => ['metrics', '--codes', file('codes.npy'), '--factors', file('factors.npy')];

test('every score comes with interval, chance level, ceiling and constants, the same for the same seed', async () => {
  const args = [...table(), '--cardinalities', '3,4,1', '--logvar', file('logvar.npy'), '--seed', '7', '--json'];
  const { code, stdout } = await run(...args);
  expect(code).toBe(0);
  const { schemaVersion, scores, leftOut, deadLatents, constantFactors } = JSON.parse(stdout);
  expect({ schemaVersion, leftOut, deadLatents, constantFactors }).toEqual({
    schemaVersion: 1,
    leftOut: ['dciDisentanglement', 'dciCompleteness', 'dciInformativeness'].map((name) => ({
      name,
      reason: 'it takes minutes; ask for it by name',
    })),
    deadLatents: [2],
    constantFactors: [2],
  });
  const names = (scores as Entry[]).map(({ name }) => name);
  for (const name of ['mig', 'migChen', 'betaVae', 'factorVae', 'sapDiscrete', 'sapContinuous', 'modularity', 'irs'])
    expect(names).toContain(name);
  for (const { name, value, interval, chance, ceiling, constants, details } of scores as Entry[]) {
    for (const number of [value, chance, ceiling, ...interval]) expect(number, name).toEqual(expect.any(Number));
    expect(constants.resamples, name).toBeGreaterThan(0);
    expect(details.deadLatents, name).toEqual([2]);
  }
  expect((scores as Entry[]).find(({ name }) => name === 'mig')?.value).toBeGreaterThan(0.9);
  expect((await run(...args)).stdout).toBe(stdout);
});

test('.csv gives the same table, for people, with the families that were asked for', async () => {
  const args = ['metrics', '--codes', file('codes.csv'), '--factors', file('factors.csv'), '--only', 'mig,gaussian'];
  const { code, stdout } = await run(...args);
  expect(code).toBe(0);
  for (const word of ['mig ', 'gaussianTc', 'chance', 'ceiling', 'Dead latents', ': 2.', 'factors colour', 'bins 20'])
    expect(stdout).toContain(word);
  expect(stdout).not.toContain('irs');
});

test.each([
  [['--only', 'migg'], 'Did you mean mig?'],
  [
    ['--only', 'migChen'],
    '--only migChen needs the deviations of the posteriors.\n  --> Give their log-variances: --logvar',
  ],
  [['--only', 'udr'], 'it is for a run: unweave metrics RUN'],
  [['--logvar', file('hole.npy')], 'row 8 of column 1 is NaN'],
  [['--logvar', file('two.npy')], `has 2 columns, but ${file('codes.npy')} has 3 latents`],
  [['--codes', file('empty.npy')], 'it has no columns'],
  [['--cardinalities', '3,4'], '2 numbers for 3 factors'],
  [['--cardinalities', '2,4,1'], 'is 2, but it has 2 values'],
  [['--seed', '-1'], '--seed'],
  [['--logvar', file('short.npy')], '600 rows'],
  [['--factors', file('half.csv')], 'a factor is the number of its value'],
  [['--codes', file('none.npy')], 'there is no such file'],
])('%j is refused with 2', async (more, message) => {
  const { code, stdout, stderr } = await run(...table(), ...more);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
});

test('a factor whose values have one row each cannot be held, and that is said', async () => {
  const lone = Float32Array.from({ length: 2 * ROWS }, (_, i) => (i % 2 === 0 ? i / 2 : i % 3));
  writeFileSync(file('lone.npy'), writeNpy(lone, [ROWS, 2]));
  const args = ['metrics', '--codes', file('codes.npy'), '--factors', file('lone.npy'), '--only', 'factorVae'];
  const { code, stderr } = await run(...args);
  expect(code).toBe(2);
  expect(stderr).toContain('value 0 of factor 0 has 1 of the 2 rows');
});
