// `unweave train`: trains the replicas of a grid, population by population, into a run folder that can be resumed.

import { join, resolve } from 'node:path';
import type { AdapterDescription } from '../engine';
import { checkpointName } from '../studies/run/checkpoint';
import { RUN_SCHEMA_VERSION, replicasOf } from '../studies/run/config';
import { lastRows } from '../studies/run/metrics';
import { DEFAULT_MEMORY, split, stepOf } from '../studies/run/populations';
import { exchange } from './bytes';
import { CommandError, commandLine, exitCodes, usageError } from './errors';
import { checkWritable, refuseExisting, timestamp } from './folders';
import type { GpuMode } from './launch';
import { formatTable, Progress } from './output';
import type { Exposed } from './page';
import { CONFIG, RUN, RunFolder } from './runFolder';
import { type Session, withSession } from './session';
import { configOf, type Given, givenSettings, number, replicasAtOnce } from './trainOptions';
import { loadTuning } from './tuningFile';
import { versions } from './versions';

export interface TrainArguments {
  /** What was given of `trainOptions`. */
  readonly given: Given;
  readonly json: boolean;
  readonly gpu: GpuMode;
  readonly browser: string | undefined;
}

export async function trainCommand({ given, json, gpu, browser }: TrainArguments): Promise<void> {
  const folder = given.resume !== undefined ? await resumedRun(given) : await plannedRun(given);
  try {
    await trainIn(folder, { given, json, gpu, browser });
  } finally {
    await folder.close();
  }
}

/** The command that goes on with a run, as a shell takes it. */
function resumeCommand(folder: RunFolder, gpu: GpuMode, browser: string | undefined): string {
  const where = [...(gpu === 'auto' ? [] : ['--gpu', gpu]), ...(browser === undefined ? [] : ['--browser', browser])];
  return commandLine('unweave', 'train', '--resume', folder.path, ...where);
}

async function trainIn(folder: RunFolder, { given, json, gpu, browser }: TrainArguments): Promise<void> {
  const resumed = given.resume !== undefined;
  const { config, populations, replicas } = folder.run;
  const { terms } = stepOf(config, replicas.slice(0, 1));
  const progress = new Progress(folder.share());
  let current = 0;
  const { readBytes, writeBytes } = exchange(
    () => folder.checkpoints[current]?.bytes ?? new Uint8Array(),
    (name, bytes) => (name === 'metrics' ? folder.append(bytes) : folder.save(current, bytes)),
  );
  const options = {
    browser,
    gpu,
    expose: { readBytes, writeBytes },
    onProgress: (stage: string, share: number) =>
      progress.update(stage, folder.share(current, Math.round(share * config.steps))),
    resume: () => (folder.resumable ? resumeCommand(folder, gpu, browser) : undefined),
  };
  const trainAll = async (session: Session): Promise<void> => {
    announce(folder, session.adapter, session.browserVersion);
    if (!resumed) await folder.begin(terms, { adapter: session.adapter, versions: versions(session.browserVersion) });
    for (current = 0; current < populations.length; current++) {
      if (folder.stepOf(current) < config.steps) await trainOne(session, folder, current);
    }
  };
  const missing = resumed ? await folder.goOn(terms) : undefined;
  if (missing !== undefined) process.stderr.write(`Note: ${missing}\n`);
  // A run that is complete needs no browser.
  if (folder.share() < 1) await withSession(options, trainAll);
  progress.end();
  const rows = lastRows(await folder.finish());
  if (json) process.stdout.write(`${JSON.stringify({ ...folder.run, folder: folder.path, last: rows }, null, 1)}\n`);
  else process.stdout.write(`${resultTable(folder, rows)}\n`);
  process.stderr.write(`\nIn ${folder.path}: ${CONFIG}, metrics.csv, ${populations.length} checkpoint(s)\n`);
}

async function plannedRun(given: Given): Promise<RunFolder> {
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
  const populations = split(config, replicas, atOnce, memory);
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

function announce(folder: RunFolder, adapter: AdapterDescription, browser: string): void {
  const { config, populations, replicas } = folder.run;
  const arms = replicas.length / config.seeds.length;
  const where = `${adapter.vendor} ${adapter.architecture} ${adapter.description}`.trim();
  process.stderr.write(
    `Training ${config.posterior.name} posteriors with ${config.objective.name} on ${config.data.name}: ` +
      `${arms} arms x ${config.seeds.length} seeds in ${populations.length} population(s), ${config.steps} steps\n` +
      `Adapter: ${where}${adapter.software ? ' (software)' : ''}, ${browser}\n`,
  );
}

/** Throws a CommandError that names the last good checkpoint where a number is not finite. */
async function trainOne({ page, adapter }: Session, folder: RunFolder, p: number): Promise<void> {
  const problem = await page.evaluate(
    (job, winners) => (globalThis as unknown as Exposed).unweave.train(job, winners),
    folder.job(p),
    await loadTuning(adapter),
  );
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
