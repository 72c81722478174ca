// metrics.csv: what training measured, a row for every replica and `every` steps: the number of steps made, and the mean
// of each term over the steps since the row before. Written as it comes; put in order at the end.

import type { History } from '../models';

export const metricsHeader = (terms: readonly string[]): string => `replica,step,${terms.join(',')}\n`;

/**
 * The rows of one block of steps that begins at `firstStep`, a multiple of `every`: `replicas` are their numbers in the run, `terms` the
 * columns; what another objective measures is empty.
 */
export function metricsRows(
  block: History,
  firstStep: number,
  every: number,
  replicas: readonly number[],
  terms: readonly string[],
): string {
  const steps = Object.values(block)[0].length;
  const rows: string[] = [];
  for (let from = 0; from < steps; from += every) {
    const to = Math.min(steps, from + every);
    for (const [r, replica] of replicas.entries()) {
      const meanOf = (term: readonly Float32Array[]) =>
        term.slice(from, to).reduce((total, row) => total + row[r], 0) / (to - from);
      const values = terms.map((name) => (block[name] === undefined ? '' : meanOf(block[name])));
      rows.push(`${replica},${firstStep + to},${values.join(',')}\n`);
    }
  }
  return rows.join('');
}

/**
 * The table as it was when every replica had made `steps[replica]` steps: a run that goes on measures the rest again. A last
 * line that was cut off goes too.
 */
export function metricsUntil(text: string, steps: readonly number[]): string {
  const lines = text.split('\n');
  const kept = lines.slice(1, -1).filter((line) => {
    const [replica, step] = line.split(',', 2).map(Number);
    return step <= (steps[replica] ?? 0);
  });
  return [lines[0], ...kept, ''].join('\n');
}

/** Which rows a table lacks that has been measured up to `steps[replica]`, in words; undefined where it is complete. */
export function missingRows(text: string, steps: readonly number[], every: number): string | undefined {
  const there = new Set(text.split('\n').map((line) => line.split(',', 2).join(',')));
  const missing = steps.flatMap((last, replica) => {
    const due = Array.from({ length: Math.ceil(last / every) }, (_, i) => Math.min(last, (i + 1) * every));
    const absent = due.filter((step) => !there.has(`${replica},${step}`));
    return absent.length === 0 ? [] : [`replica ${replica} at steps ${absent[0]} to ${absent[absent.length - 1]}`];
  });
  if (missing.length === 0) return undefined;
  const shown = missing.slice(0, 3).join('; ');
  return `lacks rows that were measured before: ${shown}${missing.length > 3 ? '; ...' : ''}`;
}

/** The finished table, replica by replica: the same however the run was split, stopped and resumed. */
export function metricsInOrder(text: string): string {
  const [header, ...lines] = text.split('\n').slice(0, -1);
  // A GPU that was lost makes steps twice, and measures the same.
  const rows = [...new Set(lines)].map((line) => ({ line, key: line.split(',', 2).map(Number) }));
  rows.sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1]);
  return [header, ...rows.map(({ line }) => line), ''].join('\n');
}

/** The last row of every replica, by column. */
export function lastRows(text: string): Record<string, number>[] {
  const [header, ...lines] = text.trimEnd().split('\n');
  const columns = header.split(',');
  const last = new Map<string, Record<string, number>>();
  for (const line of lines) {
    const values = line.split(',');
    last.set(
      values[0],
      Object.fromEntries(columns.flatMap((name, c) => (values[c] === '' ? [] : [[name, Number(values[c])]]))),
    );
  }
  return [...last.values()];
}
