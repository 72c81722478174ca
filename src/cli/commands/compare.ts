// `unweave compare RUN RUN...`: the arms of several runs beside each other, and how far each is from the first, seed by seed.

import { groupedBy } from '../../runs/populations';
import { differingKeys } from '../../runs/setting';
import { fixed } from '../../studies/format';
import { paired } from '../../studies/paired';
import { usageError } from '../errors';
import { finiteOnly, formatTable } from '../output';
import { type ArmScore, armsOf, type Scored, scoredRun } from '../scoresOfRun';
import { defineCommand, json, seed, where, whereOf } from './command';

interface Compared extends ArmScore {
  readonly run: string;
  /** What sets the arm apart from the others that are compared. */
  readonly differs: Readonly<Record<string, string>>;
  /** From the first arm, in the seeds that both have: mean, Student's 95 % interval, p of the sign-flip test. Null for fewer than two. */
  readonly difference: {
    readonly seeds: number;
    readonly mean: number;
    readonly interval: readonly [number, number];
    readonly pValue: number;
  } | null;
}

/** The arms of all runs, by score; the first of the first run is what the others are compared with. */
export function compared(runs: readonly { readonly run: string; readonly scored: readonly Scored[] }[]): Compared[] {
  const settingsOf = (run: string, arm: number): Readonly<Record<string, unknown>> =>
    runs.find((each) => each.run === run)?.scored.find((each) => each.arm === arm)?.setting ?? {};
  const all = runs.flatMap(({ run, scored }) => armsOf(scored).map((each) => ({ ...each, run })));
  const settings = all.map(({ run, arm }) => settingsOf(run, arm));
  const differing = differingKeys(settings);
  const [reference] = all;
  return groupedBy(all, ({ score }) => score).flatMap((group) => {
    // An arm without this score is not stood in for by another.
    const first = group.find(({ run, arm }) => run === reference.run && arm === reference.arm);
    return group.map((each) => {
      const setting = settingsOf(each.run, each.arm);
      const differs = Object.fromEntries(differing.map((name) => [name, String(setting[name] ?? '-')]));
      return { ...each, differs, difference: first === undefined || each === first ? null : differenceOf(first, each) };
    });
  });
}

function differenceOf(first: ArmScore, other: ArmScore): Compared['difference'] {
  const differences = other.seeds.flatMap((own, i) => {
    const at = first.seeds.indexOf(own);
    return at < 0 ? [] : [other.values[i] - first.values[at]];
  });
  if (differences.length < 2) return null;
  const { n, difference, interval, pValue } = paired(differences);
  return { seeds: n, mean: difference, interval, pValue };
}

function describe(rows: readonly Compared[]): string {
  const differing = Object.keys(rows[0]?.differs ?? {});
  const head = ['score', 'run', 'arm', ...differing, 'seeds', 'mean', '95 %', 'less the first', '95 %', 'p'];
  const range = ([low, high]: readonly [number, number]): string =>
    Number.isFinite(low) ? `${fixed(low)} ... ${fixed(high)}` : '-';
  const lines = rows.map(({ score, run, arm, differs, seeds, mean, interval, difference }) => [
    score,
    run,
    String(arm),
    ...differing.map((name) => differs[name]),
    String(seeds.length),
    fixed(mean),
    range(interval),
    difference === null ? '-' : fixed(difference.mean),
    difference === null ? '-' : range(difference.interval),
    difference === null ? '-' : difference.pValue.toPrecision(2),
  ]);
  return [
    formatTable([head, ...lines]),
    '',
    `The first: ${rows[0]?.run}, arm ${rows[0]?.arm}. Differences are within seeds: only seeds that both arms have count, two at least. p: sign-flip test.`,
  ].join('\n');
}

export const compare = defineCommand({
  name: 'compare',
  summary: 'the arms of several runs: scores, and differences within seeds',
  usage: ['RUN RUN... [--only mig,sap]'],
  takes: { most: Number.POSITIVE_INFINITY, what: 'runs' },
  options: {
    only: {
      type: 'string',
      value: 'LIST',
      default: 'mig',
      about: 'these scores, or families of them; unweave list scores names them',
    },
    rows: { type: 'string', value: 'N', about: 'a sample of so many rows where there are more, 15000 by default' },
    ...seed,
    ...json,
    ...where,
  },
  prints: {
    'arm, seeds': 'the number of the arm in its run, what sets it apart, and how many seeds it has',
    mean: 'of the score over the seeds of an arm, with the 95 % interval of that mean',
    'less the first':
      'how far the arm is from the first of the first run, in the seeds that both have, with its 95 % interval',
    p: 'how likely so large a difference is where there is none: signs flipped within seeds',
  },
  examples: [
    ['unweave compare runs/factorized runs/full', 'two runs of the same seeds'],
    ['unweave compare runs/doses --only mig,sap', 'the arms of one run'],
  ],
  async run(values, runs) {
    if (runs.length === 0) throw usageError('compare needs runs: unweave compare RUN RUN...');
    const twice = runs.find((run, i) => runs.indexOf(run) < i);
    if (twice !== undefined) throw usageError(`${twice} is given twice.`, 'Name each run once.');
    const asked = { rows: values.rows, only: values.only, seed: values.seed, where: whereOf(values) };
    const scored: { run: string; scored: Scored[] }[] = [];
    for (const run of runs) scored.push({ run, scored: await scoredRun({ ...asked, run }) });
    const rows = compared(scored);
    if (values.json) process.stdout.write(`${JSON.stringify({ schemaVersion: 1, arms: rows }, finiteOnly, 1)}\n`);
    else process.stdout.write(`${describe(rows)}\n`);
  },
});
