// What a stranger does with a grid: ask what it would cost, train it, score it, compare it, do it again from its config; each command
// says what may come next. Real processes.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNpy } from '../../src/data';
import { run, scratch } from './commandLine';

const at = (...names: string[]): string => join(scratch, ...names);
const grid = ['--data', 'squares,circles', '--posterior', 'full,factorized', '--seeds', '0-1', '--hidden', '8'];
const tiny = [...grid, '--latents', '2', '--batch', '8', '--steps', '20', '--threads', '1'];

/** Of an mlp pixels-8-2 counted by hand, weights and biases, out and back; a head is rounded up to whole vectors of four. */
const parameters = (pixels: number, head: number): number =>
  pixels * 8 + 8 + (8 * head + head) + (2 * 8 + 8) + (8 * pixels + pixels);

test('a dry run says arms, seeds, parameters, memory and time, and writes nothing', async () => {
  const { code, stdout } = await run('train', ...tiny, '--dry-run', '--json', '--out', 'dry');
  expect(code).toBe(0);
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({ replicas: 8, steps: 20, threads: 1 });
  const arms = found.arms as { arm: number; data: string; posterior: string; seeds: number; parameters: number }[];
  expect(arms.map(({ data, posterior, seeds }) => `${data} ${posterior} ${seeds}`)).toEqual([
    'squares full 2',
    'squares factorized 2',
    'circles full 2',
    'circles factorized 2',
  ]);
  // Two means and three entries of a factor; two means and two log-variances.
  const shapes = [256, 4096].flatMap((pixels) => [8, 4].map((head) => parameters(pixels, head)));
  expect(arms.map((arm) => arm.parameters)).toEqual(shapes);
  for (const { bytes, stepMs } of found.populations) {
    expect(bytes).toBeGreaterThan(4 * 4 * parameters(256, 4));
    expect(stepMs).toBeGreaterThan(0);
  }
  expect(found.seconds).toBeCloseTo(
    found.populations.reduce((sum: number, { seconds }: { seconds: number }) => sum + seconds, 0),
    9,
  );
  expect(existsSync(at('dry'))).toBe(false);
  const resumed = await run('train', '--resume', 'dry', '--dry-run');
  expect([resumed.code, resumed.stderr]).toEqual([2, expect.stringContaining('--dry-run is for a new run')]);
});

test('a grid over data sets is trained, encoded each by its own, and comes again from its config', async () => {
  const trained = await run('train', ...tiny, '--out', 'grid');
  expect([trained.code, trained.stderr]).toEqual([0, expect.stringContaining(`next: unweave metrics ${at('grid')}`)]);
  const encoded = await run('encode', 'grid', '--out', 'grid-codes', '--threads', '1');
  expect([encoded.code, encoded.stderr]).toEqual([0, expect.stringContaining('next: unweave metrics --codes')]);
  const rows = (name: string): number => readNpy(readFileSync(at('grid-codes', name)), name).shape[0];
  expect([rows('replica-0/means.npy'), rows('replica-0/factors.npy')]).toEqual([2304, 2304]);
  expect(rows('replica-7/means.npy')).toBe(rows('replica-7/factors.npy'));
  // What it says comes next can be done.
  const next = /next: unweave (.*)/.exec(encoded.stderr)?.[1].split(' ') ?? [];
  expect((await run(...next, '--only', 'mig')).code).toBe(0);
  expect((await run('encode', 'grid', '--out', 'grid-codes')).code).toBe(2);

  const again = await run('train', '--config', 'grid/config.json', '--threads', '2', '--out', 'again');
  expect(again.code).toBe(0);
  expect(readFileSync(at('again', 'metrics.csv'), 'utf8')).toBe(readFileSync(at('grid', 'metrics.csv'), 'utf8'));
  const other = await run(
    'train',
    '--config',
    'grid/config.json',
    '--data',
    'squares',
    '--beta',
    '1',
    '--out',
    'other',
  );
  expect(other.code).toBe(0);
  const refused = await run('train', '--config', 'nothing.json');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--config nothing.json cannot be read')]);
  const both = await run('train', '--resume', 'grid', '--config', 'grid/config.json');
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--config')]);
}, 240_000);

test('scores of a run come with means over seeds, as a table, too; runs are compared', async () => {
  const scored = await run('metrics', 'other', '--only', 'mig', '--csv', 'scores.csv', '--json');
  expect(scored.code).toBe(0);
  const { arms, replicas } = JSON.parse(scored.stdout);
  const mig = (r: number): number => replicas[r].report.scores[0].value;
  expect(arms[0].mean).toBeCloseTo((mig(0) + mig(1)) / 2, 12);
  expect(arms[0].interval[0]).toBeLessThanOrEqual(Math.min(mig(0), mig(1)));
  const [head, ...lines] = readFileSync(at('scores.csv'), 'utf8').trimEnd().split('\n');
  expect(head).toBe('score,replica,arm,seed,value,low,high,bias,chance,ceiling');
  expect(lines.map((line) => Number(line.split(',')[4]))).toEqual([0, 1, 2, 3].map(mig));
  const kept = await run('metrics', 'other', '--only', 'mig', '--csv', 'scores.csv');
  expect([kept.code, kept.stderr]).toEqual([2, expect.stringContaining('scores.csv exists')]);

  const compared = await run('compare', 'other', 'grid', '--json');
  expect(compared.code).toBe(0);
  const rows = JSON.parse(compared.stdout).arms as {
    run: string;
    difference: { seeds: number; mean: number } | null;
  }[];
  expect(rows.map(({ run: name }) => name)).toEqual(['other', 'other', 'grid', 'grid', 'grid', 'grid']);
  expect(rows[0].difference).toBeNull();
  expect(rows[2].difference?.seeds).toBe(2);
  const table = await run('compare', 'other');
  expect(table.stdout).toContain('less the first');
  const refused = await run('compare', 'other', 'other');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('other is given twice')]);
}, 240_000);

test.each(['data', 'posteriors', 'objectives', 'scores', 'estimators', 'studies', 'bench'])(
  'list %s prints every name with what it is',
  async (what) => {
    const { code, stdout } = await run('list', what, '--json');
    expect(code).toBe(0);
    const entries = JSON.parse(stdout)[what] as { name: string; about: string }[];
    expect(entries.length).toBeGreaterThan(3);
    for (const { name, about } of entries) expect([name.length > 0, about.length > 10]).toEqual([true, true]);
  },
);
