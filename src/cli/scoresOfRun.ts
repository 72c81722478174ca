// `unweave metrics RUN`: every score of every replica of a run. Its data set is encoded and counted on the GPU, for whole
// populations at once.

import { resolve } from 'node:path';
import { InputError } from '../engine';
import { reportUdr, type ScoreEntry, type ScoreReport, type UdrEntry } from '../metrics';
import type { ScoredReplica, ScoringOptions } from '../runs/scoring';
import { wholeNumber } from './errors';
import { type HostOptions, threadsOf, withHost } from './hosts';
import { formatTable, Progress } from './output';
import { RunFolder } from './runFolder';
import { refuseUntrained, trainedOf } from './runPopulations';
import { aboutConstant, aboutRows, chosenScores, constantsLine, LEGEND, NONE_DEAD, numbersOf } from './scoresOfFiles';
import type { Channel } from './work';

export interface MetricsOfRunArguments {
  readonly run: string;
  readonly rows: string | undefined;
  readonly only: string | undefined;
  readonly seed: string;
  readonly json: boolean;
  readonly where: HostOptions;
}

/** What the published protocol fits and tests on. */
const DEFAULT_ROWS = '15000';

/** What can be asked for: UDR compares the replicas of an arm, so no single code has it. */
const UDR = 'udr';

type Described = RunFolder['described']['replicas'][number];

/** The report of one replica, and which it is. */
type Scored = Described & {
  readonly report: Omit<ScoreReport, 'scores' | 'leftOut'> & {
    readonly scores: readonly (ScoreEntry | UdrEntry)[];
    readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  };
};

export async function scoreRun(args: MetricsOfRunArguments): Promise<void> {
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
  const { config } = folder.run;
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
  if (args.json)
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, data: config.data, replicas: scored }, null, 1)}\n`);
  else process.stdout.write(`${describe(scored)}\n`);
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

/** A line for every score and replica, the replicas of a score together. */
function describe(scored: readonly Scored[]): string {
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
    '',
    aboutRows(report),
    ...(dead.length === 0 ? [NONE_DEAD] : dead),
    ...aboutConstant(report, String),
    LEGEND,
    ...[...shown.values()].map(constantsLine),
  ].join('\n');
}
