// `unweave metrics RUN`: every score of every replica of a run. Its data set is encoded and counted on the GPU, for whole
// populations at once.

import { resolve } from 'node:path';
import { InputError } from '../engine';
import { meanOf } from '../math/statistics';
import { reportUdr, type ScoreEntry, type ScoreReport, type UdrEntry } from '../metrics';
import { groupedBy } from '../runs/populations';
import type { ScoredReplica, ScoringOptions } from '../runs/scoring';
import { fixed } from '../studies/format';
import { paired } from '../studies/paired';
import { commandLine, next, wholeNumber } from './errors';
import { writeWhole } from './folders';
import { type HostOptions, threadsOf, withHost } from './hosts';
import { finiteOnly, formatTable, Progress } from './output';
import { RunFolder } from './runFolder';
import { refuseUntrained, trainedOf } from './runPopulations';
import {
  aboutConstant,
  aboutRows,
  CSV_NUMBERS,
  checkCsv,
  chosenScores,
  constantsLine,
  csvNumbers,
  csvOf,
  LEGEND,
  NONE_DEAD,
  numbersOf,
} from './scoresOfFiles';
import type { Channel } from './work';

export interface RunToScore {
  readonly run: string;
  readonly rows: string | undefined;
  readonly only: string | undefined;
  readonly seed: string;
  readonly where: HostOptions;
}

export interface ScoreRunArguments extends RunToScore {
  readonly csv: string | undefined;
  readonly json: boolean;
}

/** What the published protocol fits and tests on. */
const DEFAULT_ROWS = '15000';

/** What can be asked for: UDR compares the replicas of an arm, so no single code has it. */
const UDR = 'udr';

type Described = RunFolder['described']['replicas'][number];

/** The report of one replica, and which it is. */
export type Scored = Described & {
  readonly report: Omit<ScoreReport, 'scores' | 'leftOut'> & {
    readonly scores: readonly (ScoreEntry | UdrEntry)[];
    readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  };
};

/** Every replica of a run that has a model, scored. Throws a usage error where there is none, InputError where no score can be given. */
export async function scoredRun(args: RunToScore): Promise<Scored[]> {
  const words = args.only?.split(',').map((word) => word.trim()) ?? [UDR];
  const options: ScoringOptions = {
    rows: wholeNumber('--rows', args.rows ?? DEFAULT_ROWS, 2),
    seed: wholeNumber('--seed', args.seed),
    only:
      args.only === undefined
        ? undefined
        : chosenScores(
            words.filter((word) => word !== UDR),
            true,
          ),
  };
  const folder = await RunFolder.open(resolve(args.run));
  refuseUntrained(folder);
  const populations = trainedOf(folder, { threads: threadsOf(args.where) });
  const ofRun = folder.described.replicas;
  const progress = new Progress();
  const updates = progress.parts(populations.length);
  const channelOf = (p: number): Channel => ({
    progress: updates[p],
    read: (name, offset, length) => Promise.resolve(folder.part(name, offset, length)),
    write: () => Promise.resolve(),
  });
  const found = await withHost(args.where, async (host) => {
    process.stderr.write(`Runs on: ${host.says}\n`);
    const all = populations.map(async (population, p): Promise<(Described & ScoredReplica)[]> => {
      const scored = await host.run('score', { population, options }, channelOf(p));
      return population.jobs.map(({ name }, i) => ({ ...ofRun[folder.replicaOf.get(name) ?? -1], ...scored[i] }));
    });
    return (await Promise.all(all)).flat().sort((a, b) => a.replica - b.replica);
  });
  progress.end();
  const scored = words.includes(UDR) ? withUdr(found, options.seed) : found.map(withoutCodes);
  const reasons = scored.flatMap(({ report }) =>
    report.leftOut.map(({ name, reason }) => `left out: ${name}: ${reason}\n`),
  );
  for (const line of new Set(reasons)) process.stderr.write(line);
  if (scored.every(({ report: { scores } }) => scores.length === 0))
    throw new InputError('None of these scores can be given for this run.');
  return scored;
}

export async function scoreRun({ csv, json, ...asked }: ScoreRunArguments): Promise<void> {
  await checkCsv(csv);
  const scored = await scoredRun(asked);
  const arms = armsOf(scored);
  if (json) process.stdout.write(`${JSON.stringify({ schemaVersion: 2, replicas: scored, arms }, finiteOnly, 1)}\n`);
  else process.stdout.write(`${describe(scored, arms)}\n`);
  if (csv !== undefined) await writeWhole(csv, table(scored));
  next(commandLine('unweave', 'compare', asked.run), commandLine('unweave', 'encode', asked.run, '--out', 'codes'));
}

const table = (scored: readonly Scored[]): string =>
  csvOf(
    [['score', 'replica', 'arm', 'seed', ...CSV_NUMBERS]],
    scored.flatMap(({ replica, arm, seed, report: { scores } }) =>
      scores.map((score) => [score.name, ...[replica, arm, seed].map(String), ...csvNumbers(score)]),
    ),
  );

/** A score of an arm: its mean over seeds, and Student's 95 % interval of that mean. */
export interface ArmScore {
  readonly score: string;
  readonly arm: number;
  readonly seeds: readonly number[];
  readonly values: readonly number[];
  readonly mean: number;
  readonly interval: readonly [number, number];
  /** Means over seeds. */
  readonly chance: number;
  readonly ceiling: number;
}

export function armsOf(scored: readonly Scored[]): ArmScore[] {
  const entries = scored.flatMap(({ arm, seed, report: { scores } }) => scores.map((score) => ({ arm, seed, score })));
  return groupedBy(entries, ({ arm, score }) => `${score.name} ${arm}`).map((own) => {
    const values = own.map(({ score }) => score.value);
    const { difference: mean, interval } = paired(values);
    return {
      score: own[0].score.name,
      arm: own[0].arm,
      seeds: own.map(({ seed }) => seed),
      values,
      mean,
      interval,
      chance: meanOf(own.map(({ score }) => score.chance)),
      ceiling: meanOf(own.map(({ score }) => score.ceiling)),
    };
  });
}

const withoutCodes = ({ codes: _, divergence: __, ...rest }: Described & ScoredReplica): Scored => rest;

/** Adds UDR among the replicas of every arm, or why there is none. */
function withUdr(found: readonly (Described & ScoredReplica)[], seed: number): Scored[] {
  const entries = new Map<number, UdrEntry>();
  for (const arm of new Set(found.map((each) => each.arm))) {
    const own = found.filter((each) => each.arm === arm);
    if (own.length < 2) continue;
    for (const [m, entry] of reportUdr(own, seed).entries()) entries.set(own[m].replica, entry);
  }
  return found.map((each) => {
    const { report, ...replica } = withoutCodes(each);
    const entry = entries.get(replica.replica);
    if (entry !== undefined) return { ...replica, report: { ...report, scores: [...report.scores, entry] } };
    const reason = 'it compares seeds of one arm, and this arm has one';
    return { ...replica, report: { ...report, leftOut: [...report.leftOut, { name: UDR, reason }] } };
  });
}

/** Arms of several seeds, a line for every score. */
function describeArms(arms: readonly ArmScore[]): string[] {
  const several = arms.filter(({ seeds }) => seeds.length > 1);
  if (several.length === 0) return [];
  const rows = several.map(({ score, arm, seeds, mean, interval, chance, ceiling }) => [
    score,
    ...[arm, seeds.length].map(String),
    ...[mean, ...interval, chance, ceiling].map((value) => fixed(value)),
  ]);
  return [
    '',
    formatTable([['mean over seeds', 'arm', 'seeds', 'mean', '95 % from', 'to', 'chance', 'ceiling'], ...rows]),
  ];
}

/** A line for every score and replica, the replicas of a score together; then the arms. */
function describe(scored: readonly Scored[], arms: readonly ArmScore[]): string {
  const head = ['score', 'replica', 'arm', 'seed', 'value', '90 %', 'bias', 'chance', 'ceiling'];
  const [{ report }] = scored;
  // Arms may differ in the scores they have.
  const shown = new Map(scored.flatMap((each) => each.report.scores.map((score) => [score.name, score] as const)));
  const lines = [...shown.keys()].flatMap((name) =>
    scored.flatMap(({ replica, arm, seed, report: { scores } }) =>
      scores
        .filter((score) => score.name === name)
        .map((score) => [name, ...[replica, arm, seed].map(String), ...numbersOf(score)]),
    ),
  );
  const dead = scored.flatMap(({ replica, report: { deadLatents } }) =>
    deadLatents.length === 0 ? [] : [`Dead latents of replica ${replica}: ${deadLatents.join(', ')}.`],
  );
  return [
    formatTable([head, ...lines]),
    ...describeArms(arms),
    '',
    aboutRows(report),
    ...(dead.length === 0 ? [NONE_DEAD] : dead),
    ...aboutConstant(report, String),
    LEGEND,
    ...[...shown.values()].map(constantsLine),
  ].join('\n');
}
