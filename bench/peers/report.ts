// What was measured, as a table to read and as records to keep.

import { formatTable } from '../../src/cli/output';
import type { AdapterDescription } from '../../src/engine';
import { BUDGET_MS, type CaseResult, type Outcome, ROUNDS, SAMPLE_MS, type Timing, WARM_UPS } from './protocol';

export interface Surroundings {
  readonly adapter: AdapterDescription;
  readonly browser: string;
  readonly versions: Readonly<Record<string, string>>;
}

export interface PeerRecord {
  readonly case: string;
  /** Milliseconds; null where it failed. */
  readonly ours: number | null;
  readonly peers: Readonly<Record<string, number | null>>;
}

const timingOf = (outcome: Outcome): Timing | null => (typeof outcome === 'string' ? null : outcome);
const msOf = (outcome: Outcome): number | null => timingOf(outcome)?.medianMs ?? null;

export const records = (results: readonly CaseResult[]): PeerRecord[] =>
  results.map(({ name, outcomes: { ours, ...peers } }) => ({
    case: name,
    ours: msOf(ours),
    peers: Object.fromEntries(Object.entries(peers).map(([peer, outcome]) => [peer, msOf(outcome)])),
  }));

const number = (value: number): string => value.toPrecision(3).replace(/e\+(\d)$/, 'e$1');

/** Milliseconds and how many times ours that is. */
function cell(ms: number | null, ours: number | null): string {
  if (ms === null) return 'null';
  return ours === null ? number(ms) : `${number(ms)} (${(ms / ours).toFixed(2)}x)`;
}

export function table(results: readonly CaseResult[], { adapter, browser, versions }: Surroundings): string {
  const rows = records(results);
  const peers = Object.keys(rows[0].peers);
  const lines = rows.map(({ case: name, ours, peers: times }) => [
    name,
    ours === null ? 'null' : number(ours),
    ...peers.map((peer) => cell(times[peer], ours)),
  ]);
  const place = `${adapter.vendor} ${adapter.architecture} ${adapter.description}`.trim();
  return [
    `${place}${adapter.software ? ' (software)' : ''}, ${browser}, ${new Date().toISOString()}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    `Wall time of a call: ${WARM_UPS} warm-ups, then the median of ${ROUNDS} rounds interleaved over all competitors; a sample is ` +
      `as many calls as take ${SAMPLE_MS} ms and a read-back; at most ${BUDGET_MS / 1000} s a competitor and case.`,
    'In brackets: times ours, so below 1 is where ours is slower.',
    '',
    ...barred([['case', 'ours ms', ...peers.map((peer) => `${peer} ms`)], ...lines]),
    ...losses(rows),
    ...details(results),
  ].join('\n');
}

/** Columns between bars, as Markdown has them. */
function barred([head, ...rows]: readonly string[][]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((each, i) => (i === 0 ? each.padEnd(widths[i]) : each.padStart(widths[i]))).join(' | ')} |`;
  const rule = widths.map((width, i) => '-'.repeat(width + 1) + (i === 0 ? '-' : ':'));
  return [line(head), `|${rule.join('|')}|`, ...rows.map(line)];
}

function losses(rows: readonly PeerRecord[]): string[] {
  const slower = rows.flatMap(({ case: name, ours, peers }) =>
    Object.entries(peers).flatMap(([peer, ms]) =>
      ms !== null && ours !== null && ms < ours
        ? [`  ${name}: ${peer} takes ${(ms / ours).toFixed(2)} of our time`]
        : [],
    ),
  );
  return ['', slower.length === 0 ? 'Ours is the fastest of what was timed.' : 'Where ours is slower:', ...slower];
}

function details(results: readonly CaseResult[]): string[] {
  const rows = results.flatMap(({ name, trained, outcomes }) =>
    Object.entries(outcomes).flatMap(([who, outcome]) => {
      const timing = timingOf(outcome);
      if (timing === null) return [];
      const { compileMs, spreadMs, medianMs, samples, times, loss } = timing;
      const percent = `${((100 * spreadMs) / medianMs).toFixed(1)} %`;
      const end = loss === null ? '-' : `${loss.toFixed(2)} (${trained})`;
      return [[name, who, number(compileMs), percent, `${samples} x ${times}`, end]];
    }),
  );
  const failures = results.flatMap(({ name, outcomes }) =>
    Object.entries(outcomes).flatMap(([who, outcome]) =>
      typeof outcome === 'string' ? [`  ${name}: ${who}: ${outcome}`] : [],
    ),
  );
  const head = ['case', 'who', 'compile ms', 'spread', 'samples', 'loss (after steps)'];
  return [...(failures.length === 0 ? [] : ['', 'Not timed:', ...failures]), '', formatTable([head, ...rows])];
}
