// `unweave train`: trains the replicas of a grid, population by population, into a run folder that can be resumed.

import { join, resolve } from 'node:path';
import { checkpointName } from '../runs/checkpoint';
import { RUN_SCHEMA_VERSION, replicasOf } from '../runs/config';
import { lastRows } from '../runs/metrics';
import { DEFAULT_MEMORY, split, stepOf } from '../runs/populations';
import { CommandError, commandLine, exitCodes, usageError } from './errors';
import { checkWritable, refuseExisting, timestamp } from './folders';
import { type Host, type HostOptions, threadsOf, withHost } from './hosts';
import { formatTable, Progress } from './output';
import { CONFIG, RUN, RunFolder } from './runFolder';
import { configOf, type Given, givenSettings, number, replicasAtOnce } from './trainOptions';
import { loadTuning } from './tuningFile';
import { versions } from './versions';
import type { Channel } from './work';

export interface TrainArguments {
  /** What was given of `trainOptions`. */
  readonly given: Given;
  readonly json: boolean;
  readonly where: HostOptions;
}

export async function trainCommand({ given, json, where }: TrainArguments): Promise<void> {
  const folder = given.resume !== undefined ? await resumedRun(given) : await plannedRun(given, where);
  try {
    await trainIn(folder, { given, json, where });
  } finally {
    await folder.close();
  }
}

/** The command that goes on with a run, as a shell takes it. */
function resumeCommand(folder: RunFolder, { device, threads, browser }: HostOptions): string {
  const where = [
    ...(device === 'auto' ? [] : ['--device', device]),
    ...(threads === undefined ? [] : ['--threads', String(threads)]),
    ...(browser === undefined ? [] : ['--browser', browser]),
  ];
  return commandLine('unweave', 'train', '--resume', folder.path, ...where);
}

async function trainIn(folder: RunFolder, { given, json, where }: TrainArguments): Promise<void> {
  const resumed = given.resume !== undefined;
  const { config, populations, replicas } = folder.run;
  const { terms } = stepOf(config, replicas.slice(0, 1));
  const progress = new Progress(folder.share());
  const options = { ...where, resume: () => (folder.resumable ? resumeCommand(folder, where) : undefined) };
  const trainAll = async (host: Host): Promise<void> => {
    announce(folder, host);
    if (!resumed) await folder.begin(terms, { adapter: host.adapter, versions: versions(host.versions) });
    const made = populations.map((_, p) => folder.stepOf(p));
    const unfinished = [...populations.keys()].filter((p) => made[p] < config.steps);
    const channelOf = (p: number): Channel => ({
      progress(stage, share) {
        made[p] = Math.round(share * config.steps);
        progress.update(stage, folder.share(made));
      },
      read: (_, offset, length) => Promise.resolve(folder.checkpointPart(p, offset, length)),
      write: (name, bytes) => (name === 'metrics' ? folder.append(bytes) : folder.save(p, bytes)),
    });
    await Promise.all(unfinished.map((p) => trainOne(host, folder, p, channelOf(p))));
  };
  const missing = resumed ? await folder.goOn(terms) : undefined;
  if (missing !== undefined) process.stderr.write(`Note: ${missing}\n`);
  // A run that is complete needs no host.
  if (folder.share() < 1) await withHost(options, trainAll);
  progress.end();
  const rows = lastRows(await folder.finish());
  if (json) process.stdout.write(`${JSON.stringify({ ...folder.run, folder: folder.path, last: rows }, null, 1)}\n`);
  else process.stdout.write(`${resultTable(folder, rows)}\n`);
  process.stderr.write(`\nIn ${folder.path}: ${CONFIG}, metrics.csv, ${populations.length} checkpoint(s)\n`);
}

async function plannedRun(given: Given, where: HostOptions): Promise<RunFolder> {
  const config = configOf(given);
  const folder = resolve(String(given.out ?? join('runs', `train-${timestamp(new Date())}`)));
  const force = given.force === true;
  await refuseExisting({ folder, force, product: RUN });
  await checkWritable(folder);
  const replicas = replicasOf(config);
  const memory = given.memory === undefined ? DEFAULT_MEMORY : 2 ** 20 * number('--memory', String(given.memory));
  const atOnce = replicasAtOnce(given.replicas);
  if (given.memory !== undefined && atOnce !== 'auto')
    throw usageError('--memory decides how many replicas train at once; so does --replicas: give one of them.');
  if (!(memory > 0)) throw usageError(`--memory is "${given.memory}".`, 'It takes mebibytes above 0, such as 1024.');
  // On the CPU every thread has populations of its own.
  const populations = split(config, replicas, atOnce, memory, threadsOf(where));
  return RunFolder.planned(folder, force, { schemaVersion: RUN_SCHEMA_VERSION, config, populations, replicas });
}

function resumedRun(given: Given): Promise<RunFolder> {
  const others = [...givenSettings(given), ...['out'].filter((name) => given[name] !== undefined)];
  if (others.length > 0) {
    throw usageError(
      `--resume goes on with the settings of the run; it does not take --${others[0]}.`,
      'A run with other settings is a new run.',
    );
  }
  return RunFolder.resumed(resolve(String(given.resume)));
}

function announce(folder: RunFolder, { says }: Host): void {
  const { config, populations, replicas } = folder.run;
  const arms = replicas.length / config.seeds.length;
  process.stderr.write(
    `Training ${config.posterior.name} posteriors with ${config.objective.name} on ${config.data.name}: ` +
      `${arms} arms x ${config.seeds.length} seeds in ${populations.length} population(s), ${config.steps} steps\n` +
      `Runs on: ${says}\n`,
  );
}

/** Throws a CommandError that names the last good checkpoint where a number is not finite. */
async function trainOne(host: Host, folder: RunFolder, p: number, channel: Channel): Promise<void> {
  const problem = await host.run('train', { job: folder.job(p), winners: await loadTuning(host.adapter) }, channel);
  if (problem === null) return;
  const last = folder.stepOf(p);
  const kept =
    last > 0
      ? `In ${folder.path}: the last good checkpoint, ${checkpointName(p)}, is of step ${last}.`
      : `There was no checkpoint yet${folder.resumable ? '' : `; ${folder.path} is as it was`}.`;
  throw new CommandError(problem, exitCodes.failed, kept);
}

/** The last row of every replica, with what sets it apart. */
function resultTable(folder: RunFolder, rows: readonly Record<string, number>[]): string {
  const { replicas } = folder.run;
  const described = replicas.map(({ replica, seed, posterior, objective, learningRate }) => ({
    replica,
    seed,
    ...posterior,
    ...objective,
    lr: learningRate,
  }));
  // A table that was lost has no rows.
  const lastOf = (replica: number) => rows.find((row) => row.replica === replica);
  const terms = Object.keys(rows[0] ?? {}).filter((name) => name !== 'replica');
  return formatTable([
    [...Object.keys(described[0]), ...terms],
    ...described.map((each) => [
      ...Object.values(each).map(String),
      ...terms.map((name) => {
        const value = lastOf(each.replica)?.[name];
        return value === undefined ? '-' : name === 'step' ? String(value) : value.toFixed(3);
      }),
    ]),
  ]);
}
