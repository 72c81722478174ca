// `unweave bench` as a process. Here, where nothing else runs: what is measured must not be shared.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildCommands } from '../../build.mjs';
import { run, scratch } from '../cli/commandLine';

beforeAll(async () => {
  await buildCommands();
});

test('bench keeps its figures as JSON and CSV, refuses to replace them, and fails when a baseline was faster', async () => {
  const [json, csv] = [join(scratch, 'bench.json'), join(scratch, 'bench.csv')];
  const { code, stdout } = await run('bench', '--filter', 'triangular/*', '--json', json, '--csv', csv);
  expect(code).toBe(0);
  expect(stdout).toContain('triangular/solve/1024x16x16');
  const report = JSON.parse(readFileSync(json, 'utf8'));
  expect(report).toMatchObject({ schemaVersion: 1, adapter: { software: expect.any(Boolean) } });
  expect(report.roofline.gflops).toBeGreaterThan(0);
  expect(report.roofline.gbps).toBeGreaterThan(0);
  expect(report.cases.length).toBe(3);
  for (const each of report.cases) {
    expect(each).toMatchObject({ shape: [1024, 16, 16], dispatches: 1, uploadsPerRun: 0 });
    for (const key of ['medianMs', 'compileMs', 'share']) expect(each[key]).toBeGreaterThan(0);
    expect(each.medianMs * each.runsPerSample).toBeGreaterThan(40);
  }
  expect(readFileSync(csv, 'utf8').trim().split('\n').length).toBe(4);

  const again = await run('bench', '--filter', 'triangular/*', '--json', json);
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('--force')]);

  const faster = report.cases.map((each: { medianMs: number }) => ({ ...each, medianMs: each.medianMs / 100 }));
  const baseline = join(scratch, 'baseline.json');
  writeFileSync(baseline, JSON.stringify({ ...report, cases: faster }));
  const slower = await run('bench', '--filter', 'triangular/*', '--baseline', baseline, '--fail-above', '50');
  expect(slower.code).toBe(1);
  expect(slower.stderr).toContain('triangular/solve/1024x16x16: ');
  const slow = report.cases.map((each: { medianMs: number }) => ({ ...each, medianMs: each.medianMs * 100 }));
  writeFileSync(baseline, JSON.stringify({ ...report, cases: slow }));
  expect((await run('bench', '--filter', 'triangular/*', '--baseline', baseline)).code).toBe(0);
});

test('the same cases as WGSL: compiled, dispatched, and against that adapter', async () => {
  const json = join(scratch, 'software.json');
  const { code } = await run('bench', '--device', 'software', '--filter', 'triangular/solve*', '--json', json);
  expect(code).toBe(0);
  const { adapter, roofline, cases } = JSON.parse(readFileSync(json, 'utf8'));
  expect(adapter.software).toBe(true);
  expect(roofline.launchUs).toBeGreaterThan(1);
  expect(cases.length).toBe(1);
  expect(cases[0].submitsPerRun).toBeGreaterThan(0);
  expect(cases[0].compileMs).toBeGreaterThan(1);
});
