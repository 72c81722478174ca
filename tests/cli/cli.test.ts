// The command line from outside: exit codes, suggestions, what is written and what is not. Real processes.

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBrowser } from '../../src/cli/hosts/browser';
import { browserArguments } from '../../src/cli/hosts/launch';
import { loadTuning, saveTuning } from '../../src/cli/tuningFile';
import { writeNpy } from '../../src/data';
import type { AdapterDescription } from '../../src/engine';
import { normalQuantile } from '../../src/math/normal';
import { Draw } from '../../src/metrics';
import { fixed } from '../../src/studies/format';
import { CLI, run, scratch, start } from './commandLine';

test.each([
  [['study', '--preset', 'quik'], 'There is no preset "quik".', 'Did you mean "quick"?'],
  [['study', 'declin'], 'There is no study "declin".', 'Did you mean "decline"?'],
  [['study', '--jsno'], 'Unknown option --jsno.', 'Did you mean --json?'],
  [['studdy'], 'There is no command "studdy".', 'Did you mean "study"?'],
  [['doctor', '--device', 'fast'], '--device is "fast".', 'auto, gpu, cpu, software'],
  [['study', '--gpu', 'software'], '--gpu is now --device.', 'auto, gpu, cpu, software'],
  [['study', '--threads', '0'], '--threads is "0".', 'at least 1'],
  [['study', '--device', 'software', '--threads', '2'], '--threads is for the CPU', ''],
  [['tune', '--device', 'cpu'], 'tune chooses among WGSL kernels', '--device software'],
  [['bench', '--filter', 'matmull/*'], 'No case matches --filter', 'matmul/nn/512x512x512'],
  [['bench', '--fail-above', '5'], '--fail-above needs a baseline', '--baseline FILE'],
  [['bench', '--baseline', CLI], 'cannot be read as a baseline', ''],
  [['study', '--out'], 'argument missing', 'unweave study --help'],
])('%j is refused before work starts, with a suggestion', async (args, message, hint) => {
  const { code, stderr, stdout } = await run(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
  expect(stdout).toBe('');
});

test('an output folder that exists is refused, and left as it was', async () => {
  const folder = join(scratch, 'exists');
  mkdirSync(folder);
  writeFileSync(join(folder, 'mine'), 'precious');
  const { code, stderr } = await run('study', '--preset', 'smoke', '--out', folder);
  expect(code).toBe(2);
  expect(stderr).toContain('--force');
  expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('precious');
});

test('a browser path that is wrong ends with 3, whoever named it', async () => {
  const named = await run('doctor', '--browser', '/nonexistent/chrome');
  expect([named.code, named.stderr]).toEqual([3, expect.stringContaining('--browser names /nonexistent/chrome')]);
  const { ended } = start(['doctor'], { PUPPETEER_EXECUTABLE_PATH: '/nonexistent/chrome' });
  const fromEnvironment = await ended;
  expect(fromEnvironment.code).toBe(3);
  expect(fromEnvironment.stderr).toContain('PUPPETEER_EXECUTABLE_PATH names /nonexistent/chrome');
  expect(fromEnvironment.stderr).toContain('apt-get install chromium');
});

test('a program that is no browser ends with 3', async () => {
  const { code, stderr } = await run('doctor', '--device', 'software', '--browser', process.execPath);
  expect(code).toBe(3);
  expect(stderr).toContain('did not start');
});

test('a browser without an adapter is an error, never a skip', async () => {
  // The real browser, but the flags that give it an adapter are taken away on the way.
  const browser = await findBrowser(undefined, () => undefined);
  const wrapper = join(scratch, 'no-adapter');
  const keep = `for a do case "$a" in --enable-unsafe-webgpu|--use-webgpu-adapter=*) ;; *) set -- "$@" "$a" ;; esac; shift; done`;
  writeFileSync(wrapper, `#!/bin/sh\n${keep}\nexec "${browser}" "$@"\n`);
  chmodSync(wrapper, 0o755);
  const { code, stderr } = await run('doctor', '--device', 'software', '--browser', wrapper);
  expect(code).toBe(3);
  expect(stderr).toContain('has no WebGPU adapter');
});

test('the software flags are the pair that works, and the sandbox is left alone unless root', () => {
  const flags = browserArguments('software');
  expect(flags).toContain('--enable-unsafe-webgpu');
  expect(flags).toContain('--use-webgpu-adapter=swiftshader');
  expect(flags.includes('--no-sandbox')).toBe(process.getuid?.() === 0);
});

test('doctor: twenty steps on every executor there is, the same bits, and what auto takes', async () => {
  const { code, stdout } = await run('doctor', '--json');
  const answer = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(answer).toMatchObject({ schemaVersion: 2, ok: true });
  const found = new Map<string, Record<string, unknown>>(
    answer.executors.map((each: { name: string }) => [each.name, each]),
  );
  expect([...found.keys()]).toEqual(expect.arrayContaining(['cpu', 'software', 'reference']));
  for (const name of ['cpu', 'software', 'reference']) expect([name, found.get(name)?.agrees]).toEqual([name, true]);
  expect(answer.auto).toBe(found.has('gpu') ? 'gpu' : 'cpu');
  expect(found.get('software')?.adapter).toMatchObject({ software: true });
});

const csv = join(scratch, 'data.csv');
writeFileSync(csv, `a,b,label\n${Array.from({ length: 60 }, (_, i) => `${i},${(i * 37) % 60},${i % 3}`).join('\n')}\n`);

test.each([
  [['mi'], 'mi needs a file'],
  [['mi', 'missing.csv', '--x', '0'], 'there is no such file'],
  [['mi', csv, '--y', 'b'], 'mi needs --x COLS'],
  [['mi', csv, '--x', 'a', '--y', 'c'], '--y: there is no column "c"'],
  [['mi', csv, '--x', 'a', '--y', 'b', '--estimator', 'ksg'], 'Did you mean ksg1'],
  [['mi', csv, '--x', 'a', '--y', 'b', '--k', '60'], '60 samples are too few for k = 60'],
  [['mi', csv, '--x', 'a', '--y', 'b', '--k', '1.5'], '--k is "1.5"'],
  [['invariance'], 'invariance needs --means'],
  [['invariance', '--means', csv], 'one of --logvar and --cholesky'],
  [['invariance', '--means', csv, '--logvar', 'missing.npy'], 'there is no such file'],
])('%j is refused before a browser starts', async (args, message) => {
  const { code, stderr, stdout } = await run(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test('mi: JSON, bits, labels and a matrix', async () => {
  const { code, stdout } = await run(
    'mi',
    csv,
    '--x',
    'a',
    '--y',
    '1',
    '--k',
    '3',
    '--se',
    '--permutations',
    '19',
    '--unit',
    'bits',
    '--json',
  );
  expect(code).toBe(0);
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({ schemaVersion: 1, estimator: 'ksg1', n: 60, k: 3, warnings: [] });
  expect(found.bits).toBeCloseTo(found.nats / Math.LN2, 12);
  expect(found.standardError).toBeGreaterThan(0);
  expect(found.pValue).toBeGreaterThan(0);
  const ross = await run('mi', csv, '--x', 'a', '--y', 'label', '--discrete', 'label', '--json', '--local');
  expect(JSON.parse(ross.stdout)).toMatchObject({ estimator: 'ross', n: 60 });
  expect(JSON.parse(ross.stdout).local.length).toBe(60);
  const matrix = await run('mi', csv, '--matrix', '--json');
  expect(JSON.parse(matrix.stdout).matrix.length).toBe(3);
});

test('invariance: a linear-Gaussian encoder with correlated noise, against its exact values', async () => {
  // x ~ N(0, I), 1,600 of them; noise covariance ((.5, .3), (.3, .5)).
  const side = 40;
  const draw = new Draw(3, 3);
  const means = Array.from({ length: 2 * side * side }, () => normalQuantile(draw.uniform()));
  const factor = [Math.sqrt(0.5), 0, 0.3 / Math.sqrt(0.5), Math.sqrt(0.5 - 0.18)];
  const [mu, cholesky] = [join(scratch, 'mu.npy'), join(scratch, 'L.npy')];
  writeFileSync(mu, writeNpy(Float32Array.from(means), [side * side, 2]));
  writeFileSync(
    cholesky,
    writeNpy(
      Float32Array.from({ length: 4 * side * side }, (_, i) => factor[i % 4]),
      [side * side, 2, 2],
    ),
  );
  const { code, stdout } = await run('invariance', '--means', mu, '--cholesky', cholesky, '--json');
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report.schemaVersion).toBe(1);
  const near = (found: { value: number; standardError: number }, exact: number) =>
    // The examples' own covariance differs from I by about 1/40.
    expect(Math.abs(found.value - exact)).toBeLessThan(4 * found.standardError + 0.03);
  near(report.jointInformation, 1.301345);
  near(report.totalCorrelation, 0.020411);
  near(report.conditionalTotalCorrelation, 0.223144);
  for (const latent of report.latents) {
    near(latent.information, 0.549306);
    near(latent.conditionalInformation, 0.752039);
    near(latent.redundancy, 0.020411);
    near(latent.synergy, 0.223144);
    near(latent.gap, 0.202733);
    near(latent.bridgeResidual, 0);
    expect(latent.verdict).not.toBe('not invariant');
    for (const each of latent.pointwise)
      expect(Math.abs(each.nats - 0.752039)).toBeLessThan(5 * each.standardError + 0.05);
  }
  const broken = join(scratch, 'broken.npy');
  writeFileSync(
    broken,
    writeNpy(
      Float32Array.from({ length: 4 * side * side }, (_, i) => (i === 4 ? -1 : factor[i % 4])),
      [side * side, 2, 2],
    ),
  );
  const refused = await run('invariance', '--means', mu, '--cholesky', broken);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('row 2: diagonal entry 1 of the Cholesky factor is -1');
});

test('a tuning is kept for its adapter, beside those of others, and read back', async () => {
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = join(scratch, 'cache');
  const adapter = (vendor: string) => ({ vendor, architecture: 'a', description: 'd' }) as AdapterDescription;
  expect(await loadTuning(adapter('one'))).toEqual({});
  const file = await saveTuning(adapter('one'), { 'matmul/nn/1x64x64x64': '8x8' });
  await saveTuning(adapter('two'), { 'matmul/nn/1x64x64x64': 'gpu-8x8' });
  expect(await loadTuning(adapter('one'))).toEqual({ 'matmul/nn/1x64x64x64': '8x8' });
  expect(await loadTuning(adapter('two'))).toEqual({ 'matmul/nn/1x64x64x64': 'gpu-8x8' });
  writeFileSync(file, '{ cut off');
  expect(await loadTuning(adapter('one'))).toEqual({});
  if (before === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = before;
});

test('a study writes results.json and report.html, and --json prints the same document', async () => {
  const folder = join(scratch, 'smoke');
  const { code, stdout, stderr } = await run('study', '--preset', 'smoke', '--out', folder, '--json');
  expect(stderr).toContain('Runs on: CPU, ');
  expect(stderr).toContain('choose otherwise with --device');
  expect(code).toBe(0);
  const printed = JSON.parse(stdout);
  expect(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))).toEqual(printed);
  expect(printed).toMatchObject({ schemaVersion: 2, study: 'decline', preset: 'smoke' });
  expect(printed.analysis.cells[0].arms.map(({ name }: { name: string }) => name)).toEqual(['factorized', 'full']);
  for (const { measures } of printed.records)
    for (const key of ['information', 'conditionalInformation', 'redundancy', 'synergy'])
      expect(measures.information[key].length).toBe(6);
  const html = readFileSync(join(folder, 'report.html'), 'utf8');
  // One file that asks for nothing: how it draws is looked at in tests/gpu/report.
  expect(html).not.toMatch(/<script[^>]* src=|<link|https?:\/\/(?!www\.w3\.org)/);
  for (const { measures } of printed.records)
    expect(html).toContain(`<td>${fixed(measures.scores.own.values.mig)}</td>`);
  expect(existsSync(`${folder}.partial`)).toBe(false);
});
