// Reports of the benchmark: as a table for an issue, as rows of the roofline; and those the visitor keeps, in the browser.

import { parseBaseline } from '../../../bench/baseline';
import { InputError } from '../../engine';
import type { Figure } from '../../figures/figureData';
import type { Report } from './benchWorker';

const KEY = 'unweave.bench';
const MOST = 12;

export function keptReports(): Report[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept)
      ? kept.filter((each) => typeof each?.roofline?.gflops === 'number' && Array.isArray(each.cases))
      : [];
  } catch {
    return [];
  }
}

/** Keeps the newest ones; without the single samples, which would fill the browser's store. */
export function keepReport(report: Report): Report[] {
  const lean = { ...report, cases: report.cases.map((each) => ({ ...each, samplesMs: [] })) };
  const all = [lean, ...keptReports().filter(({ date }) => date !== report.date)].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // Full or forbidden: the report is on the page, and can be saved as a file.
  }
  return all;
}

/** Throws InputError, naming the file, for what is no report. */
export function readReport(text: string, file: string): Report {
  parseBaseline(text, file);
  const report = JSON.parse(text) as Partial<Report>;
  const { roofline, cases = [] } = report;
  const numbers = [roofline?.gflops, roofline?.gbps, ...cases.flatMap(({ gflops, gbps }) => [gflops, gbps])];
  if (typeof report.date !== 'string' || numbers.some((value) => typeof value !== 'number'))
    throw new InputError(
      `${file} is a report without ceilings or rates: make one with this page or with unweave bench --json.`,
    );
  return report as Report;
}

export const digits = (value: number, count = 3): string =>
  Number.isFinite(value) && value > 0 ? value.toPrecision(count) : '–';

export const adapterName = ({ adapter }: Report): string =>
  `${adapter.vendor} ${adapter.architecture} ${adapter.description}`.trim();

/** Times of another report by case. */
export const timesOf = (report: Report | undefined): ReadonlyMap<string, number> =>
  new Map(report?.cases.map(({ name, medianMs }) => [name, medianMs]));

export const headOf = (other: Report | undefined): string[] => [
  'case',
  'ms',
  'spread',
  'GFLOP/s',
  'GB/s',
  'of ceiling',
  'compile ms',
  'dispatches',
  ...(other === undefined ? [] : ['other ms', 'ratio']),
];

export function rowsOf(report: Report, other: Report | undefined): string[][] {
  const before = timesOf(other);
  return report.cases.map(({ name, medianMs, spreadMs, gflops, gbps, share, compileMs, dispatches }) => {
    const then = before.get(name);
    return [
      name,
      digits(medianMs),
      digits(spreadMs, 2),
      digits(gflops),
      digits(gbps),
      share > 0 ? `${Math.round(100 * share)} %` : '–',
      digits(compileMs),
      String(dispatches),
      ...(other === undefined
        ? []
        : [then === undefined ? '–' : digits(then), then === undefined ? '–' : digits(medianMs / then)]),
    ];
  });
}

export function markdownOf(report: Report, other: Report | undefined): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const head = headOf(other);
  const { roofline } = report;
  return [
    `**${adapterName(report)}**${report.adapter.software ? ' (software)' : ''}, ${report.browser}, ${report.date}`,
    '',
    `Ceilings, measured: ${digits(roofline.gflops)} GFLOP/s multiply-add, ${digits(roofline.gbps)} GB/s copy, ${digits(roofline.launchUs)} µs a launch.${other === undefined ? '' : ` Ratio to ${adapterName(other)}, ${other.date}.`}`,
    '',
    line(head),
    line(head.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...rowsOf(report, other).map(line),
    '',
    report.method,
    '',
  ].join('\n');
}

export const rooflineFigure = ({ roofline, cases }: Report): Figure => ({
  kind: 'roofline',
  title: 'Roofline',
  caption: `How many operations a byte brings, and how fast they are done. The roof is what this adapter was measured to do: ${digits(roofline.gbps)} GB/s along the slope, ${digits(roofline.gflops)} GFLOP/s along the top. Kernels on the roof are as fast as they can be here.`,
  rows: cases
    .filter(({ gflops, gbps }) => gflops > 0 && gbps > 0)
    .map(({ name, gflops, gbps, share }) => ({
      case: name,
      op: name.split('/')[0],
      intensity: Number((gflops / gbps).toPrecision(4)),
      gflops: Number(gflops.toPrecision(4)),
      share: Number(share.toPrecision(3)),
      topGflops: roofline.gflops,
      topGbps: roofline.gbps,
    })),
});
