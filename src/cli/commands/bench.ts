// `unweave bench`: what every kernel and whole training steps reach on this adapter, as a table, JSON and CSV, and against a
// baseline.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Baseline, parseBaseline } from '../../../bench/baseline';
import type { BenchReport, CaseResult } from '../../../bench/case';
import { caseNames } from '../../../bench/run';
import { glob, regressions } from '../../../bench/statistics';
import { CommandError, exitCodes, usageError } from '../errors';
import { checkFileWritable, writeWhole } from '../folders';
import { type HostOptions, withHost } from '../hosts';
import { formatTable, Progress } from '../output';
import { loadTuning } from '../tuningFile';
import { versions } from '../versions';
import { progressOnly } from '../work/channel';
import { defineCommand, force, where, whereOf } from './command';

export interface BenchArguments {
  readonly filter: string;
  readonly jsonFile: string | undefined;
  readonly csvFile: string | undefined;
  readonly baseline: string | undefined;
  readonly failAbove: string | undefined;
  readonly force: boolean;
  readonly where: HostOptions;
}

export async function benchCommand(args: BenchArguments): Promise<void> {
  for (const file of [args.jsonFile, args.csvFile]) {
    if (file === undefined) continue;
    if (existsSync(file) && !args.force)
      throw usageError(`${file} exists.`, 'Name another file, or replace it with --force.');
    await checkFileWritable(file);
  }
  const limit = percentOf(args);
  const baseline = args.baseline === undefined ? undefined : await readBaseline(args.baseline);
  const progress = new Progress();
  const names = caseNames();
  if (!names.some(glob(args.filter)))
    throw usageError(`No case matches --filter "${args.filter}".`, `Cases are: ${names.join(' ')}`);
  // One thread: two that compute would share what is measured.
  const report = await withHost({ ...args.where, threads: 1 }, async (host): Promise<BenchReport> => {
    process.stderr.write(`Runs on: ${host.says}\n`);
    const input = { filter: args.filter, winners: await loadTuning(host.adapter) };
    const channel = progressOnly((stage, share) => progress.update(stage, share));
    const { browser = `Node ${process.version}` } = host.versions;
    return { ...(await host.run('bench', input, channel)), browser, versions: versions(host.versions) };
  });
  progress.end();
  if (args.jsonFile !== undefined) await writeWhole(args.jsonFile, `${JSON.stringify(report, null, 1)}\n`);
  if (args.csvFile !== undefined) await writeWhole(args.csvFile, csv(report.cases));
  process.stdout.write(`${describe(report)}\n`);
  if (baseline !== undefined) compare(report, baseline, args.baseline ?? '', limit);
}

function percentOf({ failAbove, baseline }: BenchArguments): number {
  const percent = Number(failAbove ?? 20);
  if (!(percent >= 0)) throw usageError(`--fail-above is "${failAbove}".`, 'It takes a percentage, such as 20.');
  if (failAbove !== undefined && baseline === undefined)
    throw usageError('--fail-above needs a baseline.', 'Name one with --baseline FILE.');
  return percent;
}

async function readBaseline(file: string): Promise<Baseline> {
  try {
    return parseBaseline(await readFile(file, 'utf8'), file);
  } catch (cause) {
    throw usageError(
      `${file} cannot be read as a baseline: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Make one with: unweave bench --json FILE',
    );
  }
}

const number = (value: number, digits = 3): string => (Number.isFinite(value) ? value.toPrecision(digits) : '-');

function describe({ adapter, browser, date, method, roofline, cases }: BenchReport): string {
  const where = `${adapter.vendor} ${adapter.architecture} ${adapter.description}`.trim();
  const head = ['case', 'ms', 'spread', 'GPU ms', 'GFLOP/s', 'GB/s', 'share', 'compile ms', 'dispatches'];
  const rows = cases.map((each) => [
    each.name,
    number(each.medianMs),
    number(each.spreadMs, 2),
    number(each.gpuMs ?? Number.NaN),
    each.gflops > 0 ? number(each.gflops) : '-',
    each.gbps > 0 ? number(each.gbps) : '-',
    each.share > 0 ? `${Math.round(100 * each.share)} %` : '-',
    number(each.compileMs),
    String(each.dispatches),
  ]);
  const steps = cases.filter(({ profile }) => profile !== undefined).map(describeStep);
  return [
    `${where}${adapter.software ? ' (software)' : ''}, ${browser}, ${date}`,
    method,
    `Ceilings, measured: ${number(roofline.gflops)} GFLOP/s multiply-add, ${number(roofline.gbps)} GB/s copy, ${number(roofline.launchUs)} us a launch. Share: of the nearer ceiling.`,
    '',
    formatTable([head, ...rows]),
    ...steps,
  ].join('\n');
}

function describeStep({ name, medianMs, gpuMs, dispatches, submitsPerRun, uploadsPerRun, profile = [] }: CaseResult) {
  const overhead = gpuMs === null ? Number.NaN : (1000 * (medianMs - gpuMs)) / dispatches;
  const rows = profile.map(({ kernel, dispatches: count, ms, share }) => [
    `  ${kernel}`,
    String(count),
    number(ms),
    `${Math.round(100 * share)} %`,
  ]);
  return [
    '',
    `${name}: ${dispatches} dispatches, ${number(submitsPerRun)} submits, ${uploadsPerRun} uploads a step; wall less GPU time ${number(overhead)} us a dispatch`,
    formatTable([['  kernel', 'dispatches', 'GPU ms', 'share'], ...rows]),
  ].join('\n');
}

const COLUMNS = [
  'name',
  'medianMs',
  'spreadMs',
  'minMs',
  'gpuMs',
  'gflops',
  'gbps',
  'share',
  'compileMs',
  'dispatches',
] as const;

const csv = (cases: readonly CaseResult[]): string =>
  `${[COLUMNS.join(','), ...cases.map((each) => COLUMNS.map((column) => each[column] ?? '').join(','))].join('\n')}\n`;

function compare(report: BenchReport, baseline: Baseline, file: string, percent: number): void {
  const adapterOf = ({ adapter }: Baseline) => `${adapter.vendor} ${adapter.architecture}`;
  if (adapterOf(report) !== adapterOf(baseline)) {
    process.stderr.write(`The baseline is of another adapter (${adapterOf(baseline)}): the comparison means little.\n`);
  }
  const slower = regressions(report.cases, baseline.cases, percent);
  if (slower.length === 0) {
    process.stdout.write(`\nNo case is more than ${percent} % slower than in ${file}.\n`);
    return;
  }
  const list = slower.map(({ name, change }) => `  ${name}: ${change.toFixed(0)} % slower`);
  throw new CommandError(`Slower than ${file} by more than ${percent} %:\n${list.join('\n')}`, exitCodes.failed);
}

export const bench = defineCommand({
  name: 'bench',
  summary: 'what every kernel and a training step reach here',
  usage: ["[--filter 'matmul/*'] [--json FILE] [--baseline FILE]"],
  options: {
    filter: {
      type: 'string',
      value: 'GLOB',
      default: '*',
      about: 'only cases whose name matches; unweave list bench names them',
    },
    json: { type: 'string', value: 'FILE', about: 'keep the figures as JSON' },
    csv: { type: 'string', value: 'FILE', about: 'keep them as a table' },
    baseline: { type: 'string', value: 'FILE', about: 'compare with an earlier --json file' },
    'fail-above': { type: 'string', value: 'PCT', about: 'exit 1 where a case is slower by more; 20 by default' },
    ...force,
    ...where,
  },
  prints: {
    ms: 'median wall time of one run',
    spread: 'median distance from it',
    'GPU ms': 'the same by the timestamps of the GPU, where it has them',
    'GFLOP/s, GB/s': 'by the formulas of docs/benchmarks.md',
    share: 'of the nearer of the two measured ceilings',
    'compile ms': 'of the first compilation',
    dispatches: 'of one run',
  },
  examples: [
    ["unweave bench --filter 'matmul/*'", 'matrix products alone'],
    [
      'unweave bench --baseline before.json --fail-above 10',
      'exits with 1 where something got slower by more than 10 %',
    ],
  ],
  run: (values) =>
    benchCommand({
      filter: values.filter,
      jsonFile: values.json,
      csvFile: values.csv,
      baseline: values.baseline,
      failAbove: values['fail-above'],
      force: values.force,
      where: whereOf(values),
    }),
});
