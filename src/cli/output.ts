// What the command line prints: progress on stderr, results on stdout.

import { sumOf } from '../math/statistics';
import { fixed } from '../studies/format';
import type { Results } from '../studies/results';

const BAR_WIDTH = 30;
/** Updates before the one that an estimate counts from: the beginning, and the first step. */
const WARM_UP = 2;
/** Seconds that an estimate rests on at least. */
const SOON = 0.5;

/** A bar that redraws itself on a terminal; one line per 10 % elsewhere. NO_COLOR turns colour off. */
export class Progress {
  private printed = -1;
  private estimated = false;
  /** Where the time begins that an estimate rests on: compiling, and the first step, which warms up, are not in it. */
  private base: { readonly share: number; readonly at: number } | undefined;
  private updates = 0;
  private readonly terminal = process.stderr.isTTY === true;
  private readonly colour = process.stderr.isTTY === true && !process.env.NO_COLOR;

  update(stage: string, share: number): void {
    const left = this.left(share);
    const percent = Math.floor(share * 100);
    if (this.terminal) {
      const filled = Math.round(share * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      process.stderr.write(`\r\x1b[2K${this.colour ? `\x1b[36m${bar}\x1b[0m` : bar} ${percent} % ${stage} ${left}`);
      return;
    }
    const tenth = Math.floor(share * 10);
    if (tenth === this.printed && (left === '' || this.estimated)) return;
    this.printed = tenth;
    this.estimated ||= left !== '';
    process.stderr.write(`${percent} % ${stage} ${left}`.trimEnd().concat('\n'));
  }

  private left(share: number): string {
    const now = Date.now();
    this.updates += 1;
    if (this.base === undefined || this.updates <= WARM_UP) this.base = { share, at: now };
    const [made, seconds] = [share - this.base.share, (now - this.base.at) / 1000];
    return made > 0 && seconds > SOON ? `${formatSeconds((seconds * (1 - share)) / made)} left` : '';
  }

  /** What to call with stage and share of each of `count` parts that are done at once, all alike in length. */
  parts(count: number): ((stage: string, share: number) => void)[] {
    const shares = new Array<number>(count).fill(0);
    return shares.map((_, part) => (stage, share) => {
      shares[part] = share;
      this.update(stage, sumOf(shares) / count);
    });
  }

  end(): void {
    if (this.terminal) process.stderr.write('\r\x1b[2K');
  }
}

export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

/** For JSON, which has no infinity: an entropy's ceiling, or the total correlation of dependent latents, is null there. */
export const finiteOnly = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? null : value;

/** The result table of a study: a line an arm, means over seeds; then the finding. */
export function studyTable({ analysis, finding: sentence }: Results): string {
  const head = [
    'arm',
    'seeds',
    'MIG',
    'turned',
    'TC(z|x)',
    'left',
    'recon',
    'KL',
    'I(z;x)',
    'sum I',
    'sum C',
    'sum R',
    'sum S',
  ];
  const tables = analysis.cells.map(({ name, about, arms }) => {
    const rows = arms.map(
      ({ name: arm, seeds, diverged, scores, conditionalTc, irremovable, reconstruction, kl, information }) => {
        const { joint, I, C, R, S } = information ?? {};
        const numbers = [joint, I, C, R, S].map((value) => (value === undefined ? '-' : fixed(value, 2)));
        return [
          arm,
          `${seeds.length}${diverged.length > 0 ? ` (${diverged.length} diverged)` : ''}`,
          fixed(scores.own.mig.mean),
          fixed(scores.turned.mig.mean),
          fixed(conditionalTc.mean),
          fixed(irremovable.mean),
          fixed(reconstruction.mean, 2),
          fixed(kl.mean, 2),
          ...numbers,
        ];
      },
    );
    return `${name}: ${about}\n${formatTable([head, ...rows])}`;
  });
  return `${tables.join('\n\n')}\n\n${sentence}`;
}

/** Columns aligned, the first to the left and the others to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ');
  return rows.map(line).join('\n');
}
