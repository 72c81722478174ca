// `unweave study [NAME]`: trains and measures what a study compares, and tells what was found. Stopped or killed, it goes on when it is run
// again with the same folder.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reportOf } from '../../figures/report';
import type { Job } from '../../runs/job';
import type { ModelRecord } from '../../runs/record';
import { unfinished } from '../../runs/work';
import { studies, tableStudies } from '../../studies';
import { powerOf } from '../../studies/paired';
import { type Results, resultsOf } from '../../studies/results';
import { checkPower, type Definition, definitionOf, type Entry, entriesOf, jobsIn } from '../../studies/study';
import { commandLine, nearest, usageError } from '../errors';
import { timestamp } from '../folders';
import { adapterName, type Host, type HostOptions, whereOptions, withHost } from '../hosts';
import { formatSeconds, Progress, studyTable } from '../output';
import { StudyFolder } from '../studyFolder';
import { listStudy } from '../studyList';
import { tableStudyCommand } from '../tableStudy';
import { loadTuning } from '../tuningFile';
import { versions } from '../versions';
import type { Channel } from '../work';
import { fileOf, type PopulationJob, REMOVED } from '../work/runs';
import { defineCommand, json, where, whereOf } from './command';

export interface StudyArguments {
  readonly study: string;
  readonly preset: string;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly keep: boolean;
  /** `i/n`: the seeds of one machine of n. */
  readonly shard: string | undefined;
  /** Only say what would be trained, and what it would cost. */
  readonly list: boolean;
  readonly json: boolean;
  readonly where: HostOptions;
}

/** The definition that is asked for. Throws a usage error for a name that there is not. */
export function chosenStudy({ study, preset }: Pick<StudyArguments, 'study' | 'preset'>): Definition {
  refuseUnknown('study', study, [...Object.keys(studies), ...Object.keys(tableStudies)]);
  if (Object.hasOwn(tableStudies, study))
    throw usageError(`The study ${study} trains nothing: there is nothing to cut, to list or to submit.`);
  refuseUnknown('preset', preset, Object.keys(studies[study].presets));
  return definitionOf(studies[study], preset);
}

export async function studyCommand(args: StudyArguments): Promise<void> {
  const definition = chosenStudy(args);
  checkPower(definition);
  const entries = await entriesOf(definition);
  const mine = args.shard === undefined ? entries : shardOf(entries, definition.seeds, args.shard);
  const jobs = jobsIn(mine);
  if (args.list) return await listStudy(definition, mine, args);
  const path = resolve(args.out ?? join('runs', `${args.study}-${timestamp(new Date())}`));
  const folder = await StudyFolder.take(path, definition, args.force);
  const progress = new Progress();
  const begun = performance.now();
  const again = () => againCommand(args, path);
  try {
    await withHost({ ...args.where, resume: again }, async (host) => {
      announce(definition, jobs, host);
      await workAll(host, folder, jobs, definition, await folder.keeps(args.keep), progress);
    });
    progress.end();
    const records = await folder.records(jobsIn(entries));
    const missing = jobsIn(entries).filter(({ name }) => !records.has(name));
    if (missing.length > 0) {
      process.stderr.write(
        `In ${path}: ${records.size} of ${records.size + missing.length} records; put shards together with unweave merge.\n`,
      );
      return;
    }
    const results = resultsOf(definition, entries, records, versions({}));
    await writeResults(folder, results, records);
    process.stdout.write(args.json ? `${JSON.stringify(results, null, 1)}\n` : `${studyTable(results)}\n`);
    const seconds = (performance.now() - begun) / 1000;
    process.stderr.write(`\nWritten to ${path}: results.json, report.html (${formatSeconds(seconds)})\n`);
  } finally {
    await folder.close();
  }
}

/** The command that goes on, as a shell takes it: where it was running. */
function againCommand({ study, preset, keep, shard, where }: StudyArguments, path: string): string {
  const cut = shard === undefined ? [] : ['--shard', shard];
  const own = ['--preset', preset, '--out', path, ...cut, ...(keep ? ['--keep'] : [])];
  return commandLine('unweave', 'study', study, ...own, ...whereOptions(where));
}

/** Writes what follows from the records. */
export async function writeResults(
  folder: StudyFolder,
  results: Results,
  records: ReadonlyMap<string, ModelRecord>,
): Promise<void> {
  const script = await readFile(join(import.meta.dirname, 'report.js'), 'utf8');
  await folder.writeText('results.json', `${JSON.stringify(results, null, 1)}\n`);
  await folder.writeText('report.html', reportOf([results], records, script));
}

/** The part of a study that machine `i` of `n` does: whole seeds, so that what is compared is made in one place. */
function shardOf(entries: readonly Entry[], seeds: readonly number[], text: string): Entry[] {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [i, n] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || i < 1 || i > n) throw usageError(`--shard is "${text}".`, 'It takes i/n, such as 1/4 ... 4/4.');
  if (n > seeds.length)
    throw usageError(
      `--shard ${text}: a study is cut by seed, and there are ${seeds.length}.`,
      'Take at most as many shards.',
    );
  const own = seeds.filter((_, s) => s % n === i - 1);
  return entries.filter(({ seed }) => own.includes(seed));
}

function announce(
  { name, preset, seeds, contrasts, cells, onlyRuns }: Definition,
  jobs: readonly Job[],
  { says }: Host,
): void {
  const { leastPValue, level, ofOne, ofTwo } = powerOf(seeds.length, contrasts.length);
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  process.stderr.write(
    `Study ${name}, preset ${preset}: ${cells.length} cell(s), ${seeds.length} seeds, ${jobs.length} models\n` +
      (onlyRuns
        ? 'It shows that everything runs, and finds nothing.\n'
        : `${contrasts.length} declared contrast(s), Holm's first at ${level.toPrecision(2)}; smallest p ${leastPValue.toPrecision(2)}; ` +
          `power at most ${percent(ofOne)} at one standard deviation of a seed's difference, ${percent(ofTwo)} at two\n`) +
      `Runs on: ${says}\n`,
  );
}

async function workAll(
  host: Host,
  folder: StudyFolder,
  jobs: readonly Job[],
  { measures }: Definition,
  keep: boolean,
  progress: Progress,
): Promise<void> {
  const { store } = folder;
  const populations = await unfinished(store, jobs, { measures, keep }, { threads: host.threads });
  const updates = progress.parts(populations.length);
  const winners = await loadTuning(host.adapter);
  const options = { measures, keep, adapter: adapterName(host.adapter) };
  const each = async (population: readonly Job[], p: number): Promise<void> => {
    const here = new Map<string, Uint8Array>();
    for (const { name } of population)
      for (const kind of ['record', 'checkpoint'] as const) {
        const bytes = await store.read(kind, name);
        if (bytes !== undefined) here.set(fileOf(kind, name), bytes);
      }
    const input: PopulationJob = {
      jobs: population,
      sizes: Object.fromEntries([...here].map(([file, { length }]) => [file, length])),
    };
    const channel: Channel = {
      progress: updates[p],
      read: async (file, offset, length) => Uint8Array.from(here.get(file)?.subarray(offset, offset + length) ?? []),
      write(file, bytes) {
        const removed = file.startsWith(REMOVED);
        const [kind, name] = (removed ? file.slice(REMOVED.length) : file).split('/');
        const which = kind === 'record' ? 'record' : 'checkpoint';
        return removed ? store.remove(which, name) : store.write(which, name, bytes);
      },
    };
    await host.run('populate', { population: input, options, rows: null, winners }, channel);
  };
  await Promise.all(populations.map(each));
}

function refuseUnknown(what: string, given: string, known: readonly string[]): void {
  if (known.includes(given)) return;
  const suggestion = nearest(given, known);
  throw usageError(
    `There is no ${what} "${given}".`,
    suggestion === undefined
      ? `Known: ${known.join(', ')}.`
      : `Did you mean "${suggestion}"? Known: ${known.join(', ')}.`,
  );
}

export const study = defineCommand({
  name: 'study',
  summary: 'train, measure, compare, report: the question of the paper in a minute',
  usage: ['[NAME] [--preset NAME] [--out DIR]', 'NAME --list'],
  takes: { most: 1, what: 'one name', names: [...Object.keys(studies), ...Object.keys(tableStudies)] },
  options: {
    preset: {
      type: 'string',
      value: 'NAME',
      default: 'quick',
      about: 'how large: quick, smoke, standard, paper; unweave list studies names them',
    },
    out: {
      type: 'string',
      value: 'DIR',
      about:
        'where records, results.json and report.html go, runs/<study>-<time> by default; a study that was stopped or killed goes on when it is run again there',
    },
    force: { type: 'boolean', about: 'begin anew in that folder' },
    list: { type: 'boolean', about: 'the models, and what they would cost here, from timed steps' },
    keep: { type: 'boolean', about: 'keep the trained models, so that more can be measured later' },
    shard: { type: 'string', value: 'i/n', about: 'the seeds of one machine of n; unweave merge puts shards together' },
    ...json,
    ...where,
  },
  prints: {
    'MIG, turned': 'the mutual information gap in the basis of the latents, and after the unsupervised rotation',
    'TC(z|x), left': 'how coupled the posterior is, nats, and what no rotation removes of that',
    'recon, KL': 'the two parts of the bound, nats an example',
    'I(z;x), sum I, C, R, S': 'information of all latents together, and sums over latents (docs/information.md)',
  },
  examples: [
    ['unweave study', 'decline, quick: does disentanglement decline when the posterior may couple latents?'],
    ['unweave study decline --preset standard --list', 'what the whole study would cost here'],
  ],
  async run(values, [name = 'decline']) {
    const { out, force: anew, json: document } = values;
    if (!Object.hasOwn(tableStudies, name)) {
      await studyCommand({ ...values, study: name, where: whereOf(values) });
      return;
    }
    const stray = (['list', 'keep', 'shard'] as const).find(
      (each) => values[each] !== undefined && values[each] !== false,
    );
    if (stray !== undefined || values.preset !== 'quick')
      throw usageError(`study ${name} trains nothing: it takes no --${stray ?? 'preset'}.`);
    await tableStudyCommand({ study: name, out, force: anew, json: document, where: whereOf(values) });
  },
});
