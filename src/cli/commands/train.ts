// `unweave train`: trains the replicas of a grid, population by population, into a run folder that can be resumed. A replica that
// diverges is recorded, and the others go on.

import { join, resolve } from 'node:path';
import { jobsOf, RUN_SCHEMA_VERSION, type Run, replicasOf } from '../../runs/config';
import type { Job } from '../../runs/job';
import { lastRows } from '../../runs/metrics';
import { groupedBy, type Limits, populationsOf, stepOf } from '../../runs/populations';
import { dryRun } from '../dryRun';
import { CommandError, commandLine, exitCodes, next, usageError } from '../errors';
import { checkWritable, refuseExisting, timestamp } from '../folders';
import { adapterName, type Host, type HostOptions, threadsOf, whereOptions, withHost } from '../hosts';
import { formatTable, Progress } from '../output';
import { CONFIG, RUN, RunFolder } from '../runFolder';
import { unfinishedOf } from '../runPopulations';
import { configFrom, configOf, type Given, givenSettings, number, replicasAtOnce, trainOptions } from '../trainOptions';
import { loadTuning } from '../tuningFile';
import { versions } from '../versions';
import type { Channel } from '../work';
import type { PopulationJob } from '../work/runs';
import { json as asJson, defineCommand, force, where as placed, whereOf } from './command';

export interface TrainArguments {
  /** What was given of `trainOptions`. */
  readonly given: Given;
  readonly json: boolean;
  readonly where: HostOptions;
}

export async function trainCommand({ given, json, where }: TrainArguments): Promise<void> {
  const limits = limitsOf(given, where);
  if (given['dry-run'] === true) {
    if (given.resume !== undefined) throw usageError('--dry-run is for a new run, and --resume goes on with one.');
    const { run, jobs } = await unwritten(given);
    return dryRun(run, jobs, limits, { json, where });
  }
  const folder = given.resume !== undefined ? await resumedRun(given) : await plannedRun(given, limits);
  try {
    await trainIn(folder, limits, { given, json, where });
  } finally {
    await folder.close();
  }
}

/** The command that goes on with a run, as a shell takes it. */
const resumeCommand = (folder: RunFolder, where: HostOptions): string =>
  commandLine('unweave', 'train', '--resume', folder.path, ...whereOptions(where));

async function trainIn(folder: RunFolder, limits: Limits, { given, json, where }: TrainArguments): Promise<void> {
  const resumed = given.resume !== undefined;
  const { config } = folder.run;
  const terms = termsOf(folder);
  const progress = new Progress();
  const options = { ...where, resume: () => (folder.resumable ? resumeCommand(folder, where) : undefined) };
  const trainAll = async (host: Host): Promise<void> => {
    const populations = unfinishedOf(folder, limits);
    announce(folder, populations.length, host);
    const adapter = adapterName(host.adapter);
    if (!resumed) await folder.begin(terms, { adapter: host.adapter, versions: versions(host.versions) });
    const made = populations.map(({ jobs }) => folder.stepOf(folder.replicaOf.get(jobs[0].name) ?? 0));
    const before = folder.share;
    const winners = await loadTuning(host.adapter);
    const start = [...made];
    const channelOf = (p: number): Channel => ({
      progress(stage, share) {
        made[p] = start[p] + share * (config.steps - start[p]);
        const steps = populations.reduce((sum, { jobs }, q) => sum + jobs.length * (made[q] - start[q]), 0);
        progress.update(stage, Math.min(1, before + steps / (folder.jobs.length * config.steps)));
      },
      read: (name, offset, length) => Promise.resolve(folder.part(name, offset, length)),
      write: (name, bytes) => (name === 'metrics' ? folder.append(bytes) : folder.save(name, bytes)),
    });
    const replicas = Object.fromEntries(folder.replicaOf);
    const work = { measures: [], keep: true, saveEvery: config.saveEvery, adapter };
    const train = (population: PopulationJob, p: number) =>
      host.run(
        'populate',
        { population, options: work, rows: { every: config.every, terms, replicas }, winners },
        channelOf(p),
      );
    await Promise.all(populations.map(train));
  };
  const missing = resumed ? await folder.goOn(terms) : undefined;
  if (missing !== undefined) process.stderr.write(`Note: ${missing}\n`);
  // A run that is complete needs no host.
  if (folder.share < 1) await withHost(options, trainAll);
  progress.end();
  const rows = lastRows(await folder.finish());
  if (json)
    process.stdout.write(`${JSON.stringify({ ...folder.described, folder: folder.path, last: rows }, null, 1)}\n`);
  else process.stdout.write(`${resultTable(folder, rows)}\n`);
  const many = folder.checkpoints.filter((each) => each !== undefined).length;
  process.stderr.write(`\nIn ${folder.path}: ${CONFIG}, metrics.csv, ${many} checkpoint(s)\n`);
  next(commandLine('unweave', 'metrics', folder.path), commandLine('unweave', 'encode', folder.path, '--out', 'codes'));
  reportDiverged(folder);
}

/** Throws a CommandError, when all others are trained, that says which replicas diverged, and what is left of them. */
function reportDiverged(folder: RunFolder): void {
  const gone = folder.diverged.flatMap((record, replica) =>
    record === undefined ? [] : [{ replica, ...record.diverged }],
  );
  if (gone.length === 0) return;
  const told = groupedBy(gone, ({ step, terms }) => `${step} ${terms}`).map((group) => {
    const [{ step, terms = [] }] = group;
    const where = terms.length > 0 ? ` (not finite: ${terms.join(', ')})` : '';
    return `Replica ${group.map(({ replica }) => replica).join(', ')}: training stopped at step ${step}: a gradient is not a finite number${where}; try a lower learning rate.`;
  });
  const kept = gone.filter(({ replica }) => folder.stepOf(replica) > 0);
  const left = kept.map(({ replica }) => `checkpoint-${replica} is of step ${folder.stepOf(replica)}`).join(', ');
  throw new CommandError(
    told.join('\n'),
    exitCodes.failed,
    kept.length > 0
      ? `In ${folder.path}: the last good ${left}; the other replicas are trained.`
      : `There was no checkpoint yet; the other replicas are trained.`,
  );
}

/** What every step of any of the run's objectives measures. */
function termsOf({ jobs }: RunFolder): string[] {
  return [...new Set(groupedBy(jobs, ({ setting }) => setting.objective.name).flatMap(([job]) => stepOf([job]).terms))];
}

function limitsOf(given: Given, where: HostOptions): Limits {
  const atOnce = replicasAtOnce(given.replicas);
  if (given.memory !== undefined && atOnce !== 'auto')
    throw usageError('--memory decides how many replicas train at once; so does --replicas: give one of them.');
  const memory = given.memory === undefined ? undefined : 2 ** 20 * number('--memory', String(given.memory));
  if (memory !== undefined && !(memory > 0))
    throw usageError(`--memory is "${given.memory}".`, 'It takes mebibytes above 0, such as 1024.');
  // On the CPU every thread has populations of its own.
  return {
    threads: threadsOf(where),
    ...(atOnce === 'auto' ? {} : { atOnce }),
    ...(memory === undefined ? {} : { memory }),
  };
}

/** A run as it would be, and its jobs. Throws a usage error, or InputError, for what makes no run. */
async function unwritten(given: Given): Promise<{ readonly run: Run; readonly jobs: Job[] }> {
  const base = given.config === undefined ? undefined : await configFrom(String(given.config));
  const config = configOf(given, base);
  const run = { schemaVersion: RUN_SCHEMA_VERSION, config, replicas: replicasOf(config) };
  return { run, jobs: await jobsOf(run.replicas) };
}

async function plannedRun(given: Given, limits: Limits): Promise<RunFolder> {
  const { run } = await unwritten(given);
  const path = resolve(String(given.out ?? join('runs', `train-${timestamp(new Date())}`)));
  const force = given.force === true;
  await refuseExisting({ folder: path, force, product: RUN });
  await checkWritable(path);
  const folder = await RunFolder.planned(path, force, run);
  // What cannot fit is refused now.
  populationsOf(folder.jobs, limits);
  return folder;
}

function resumedRun(given: Given): Promise<RunFolder> {
  const others = [...givenSettings(given), ...['out', 'config'].filter((name) => given[name] !== undefined)];
  if (others.length > 0) {
    throw usageError(
      `--resume goes on with the settings of the run; it does not take --${others[0]}.`,
      'A run with other settings is a new run.',
    );
  }
  return RunFolder.resumed(resolve(String(given.resume)));
}

function announce({ run: { config, replicas } }: RunFolder, populations: number, { says }: Host): void {
  const arms = replicas.length / config.seeds.length;
  const names = (choices: readonly { readonly name: string }[]) => choices.map(({ name }) => name).join(', ');
  process.stderr.write(
    `Training ${names(config.posteriors)} posteriors with ${names(config.objectives)} on ${names(config.data)}: ` +
      `${arms} arms x ${config.seeds.length} seeds in ${populations} population(s), ${config.steps} steps\n` +
      `Runs on: ${says}\n`,
  );
}

/** The last row of every replica, with what sets it apart. */
function resultTable(folder: RunFolder, rows: readonly Record<string, number>[]): string {
  const { replicas } = folder.run;
  const { data, posteriors, objectives } = folder.run.config;
  const described = replicas.map(({ replica, seed, setting: { data: set, posterior, objective, learningRate } }) => ({
    replica,
    seed,
    ...(data.length > 1 ? { data: set.name } : {}),
    ...(posteriors.length > 1 ? { posterior: posterior.name } : {}),
    ...(objectives.length > 1 ? { objective: objective.name } : {}),
    ...posterior.numbers,
    ...objective.numbers,
    lr: learningRate,
  }));
  const columns = [...new Set(described.flatMap((each) => Object.keys(each)))];
  // A table that was lost has no rows.
  const lastOf = (replica: number) => rows.find((row) => row.replica === replica);
  const terms = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== 'replica');
  return formatTable([
    [...columns, ...terms],
    ...described.map((each) => [
      ...columns.map((name) => String((each as Record<string, unknown>)[name] ?? '-')),
      ...terms.map((name) => {
        const value = lastOf(each.replica)?.[name];
        return value === undefined ? '-' : name === 'step' ? String(value) : value.toFixed(3);
      }),
    ]),
  ]);
}

const options = { ...trainOptions, ...force, ...asJson, ...placed } as const;

export const train = defineCommand({
  name: 'train',
  summary: 'a grid of models: posteriors, objectives, their numbers, seeds; stopped or killed, it can go on',
  usage: [
    '[--data NAME] [--posterior NAMES] [--objective NAMES] [--seeds 0-9] [--out DIR]',
    '--config FILE',
    '--resume DIR',
    '... --dry-run',
  ],
  options,
  prints: {
    replica: 'one arm with one seed; checkpoints, metrics.csv and metrics call it by this number',
    step: 'how many it made',
    'arm, parameters': 'of a dry run: what sets an arm apart, and the numbers that one replica trains',
    'population, memory': 'of a dry run: replicas that train together, and what a step of theirs needs',
    'loss, reconstruction, kl, ...': 'means of the last --every steps, nats an example',
  },
  examples: [
    ['unweave train --posterior full,factorized --seeds 0-4 --out runs/two', 'two arms, five seeds each'],
    [
      'unweave train --posterior full --lambda 0,4,16 --steps 1000 --dry-run',
      'what three doses of the penalty on TC(z|x) would cost here',
    ],
  ],
  run({ json: document, device, threads, browser, ...given }) {
    return trainCommand({ given, json: document, where: whereOf({ device, threads, browser }) });
  },
});
