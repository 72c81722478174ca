// `unweave merge OUT DIR...`: the records of several folders of one study, put into one. A union by name: what is there twice must be the same
// bytes. `unweave report DIR...` tells again what records say, of one study or of several side by side.

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '../../engine';
import { reportOf } from '../../figures/report';
import { readRecord } from '../../runs/record';
import { type Results, resultsOf } from '../../studies/results';
import { entriesOf, jobsIn } from '../../studies/study';
import { CommandError, exitCodes, usageError } from '../errors';
import { checkFileWritable, writeWhole } from '../folders';
import { studyTable } from '../output';
import { readDefinition, recordsIn, StudyFolder } from '../studyFolder';
import { versions } from '../versions';
import { writeResults } from './study';

export interface MergeArguments {
  readonly out: string;
  readonly folders: readonly string[];
  readonly force: boolean;
  readonly json: boolean;
}

/** Throws a usage error for folders of other studies, and InputError, naming the file, for a record that is damaged, foreign or in conflict. */
export async function mergeCommand({ out, folders, force, json }: MergeArguments): Promise<void> {
  if (folders.length === 0) throw usageError('merge needs folders: unweave merge OUT DIR...');
  const paths = folders.map((folder) => resolve(folder));
  if (force && paths.includes(resolve(out)))
    throw usageError(
      `${resolve(out)} is to be replaced and is one of those to put together.`,
      'Name another OUT, or leave out --force.',
    );
  const [definition, ...others] = await Promise.all(paths.map(readDefinition));
  const odd = others.findIndex((other) => JSON.stringify(other) !== JSON.stringify(definition));
  if (odd >= 0)
    throw usageError(
      `${paths[odd + 1]} is of another study than ${paths[0]}: ${others[odd].name} ${others[odd].preset}, with other settings or seeds.`,
      'Only parts of one study can be put together.',
    );
  const entries = await entriesOf(definition);
  const jobs = new Map(jobsIn(entries).map((job) => [job.name, job]));
  // Everything is read before anything is written.
  const found = new Map<string, { readonly file: string; readonly bytes: Buffer }>();
  for (const path of [...paths, ...(existsSync(join(resolve(out), 'study.json')) && !force ? [resolve(out)] : [])]) {
    const folder = join(path, 'records');
    for (const name of existsSync(folder) ? (await readdir(folder)).sort() : []) {
      // What a process that was killed, or writes just now, has not finished.
      if (name.endsWith('.partial')) continue;
      const file = join(folder, name);
      const job = jobs.get(name.replace(/\.json$/, ''));
      if (job === undefined) throw new InputError(`${file} is of no job of this study.`);
      const bytes = await readFile(file);
      await readRecord(bytes, file, job);
      const there = found.get(job.name);
      if (there !== undefined && !there.bytes.equals(bytes))
        throw new InputError(`${file} and ${there.file} are of one job, and differ: keep the one that is right.`);
      found.set(job.name, there ?? { file, bytes });
    }
  }
  const folder = await StudyFolder.take(resolve(out), definition, force);
  try {
    for (const [name, { bytes }] of found) await folder.store.write('record', name, bytes);
    const missing = [...jobs.values()].filter(({ name }) => !found.has(name));
    if (missing.length > 0) {
      const list = missing.map(({ name }) => {
        const { cell, arm, seed } = entries.find(({ job }) => job.name === name) ?? entries[0];
        return `${name}  ${cell}, ${arm}, seed ${seed}`;
      });
      throw new CommandError(
        `${missing.length} of ${jobs.size} records are missing:\n${list.slice(0, 20).join('\n')}${list.length > 20 ? '\n...' : ''}`,
        exitCodes.failed,
        `Run the shards that lack them again; what there is is in ${folder.path}.`,
      );
    }
    const records = await folder.records([...jobs.values()]);
    const results = resultsOf(definition, entries, records, versions({}));
    await writeResults(folder, results, records);
    process.stdout.write(json ? `${JSON.stringify(results, null, 1)}\n` : `${studyTable(results)}\n`);
    process.stderr.write(`\nWritten to ${folder.path}: ${found.size} records, results.json, report.html\n`);
  } finally {
    await folder.close();
  }
}

export interface ReportArguments {
  readonly folders: readonly string[];
  /** Where the page goes: into the folder of one study, `report.html` here for several. */
  readonly out: string | undefined;
  readonly force: boolean;
}

/** Throws a usage error where a folder is no study or lacks records, or a file is there that is not to be replaced. */
export async function reportCommand({ folders, out, force }: ReportArguments): Promise<void> {
  if (folders.length === 0) throw usageError('report needs a folder: unweave report DIR...');
  const paths = folders.map((folder) => resolve(folder));
  const file =
    out === undefined ? (paths.length === 1 ? join(paths[0], 'report.html') : resolve('report.html')) : resolve(out);
  // The page of a folder's own study is made again; any other file is somebody's.
  if (existsSync(file) && !force && (out !== undefined || paths.length > 1))
    throw usageError(`${file} exists.`, 'Name another with --out, or replace it with --force.');
  await checkFileWritable(file);
  const all: Results[] = [];
  const records = new Map<string, Awaited<ReturnType<typeof readRecord>>>();
  for (const path of paths) {
    const definition = await readDefinition(path);
    const entries = await entriesOf(definition);
    const own = await recordsIn(path, jobsIn(entries));
    const missing = jobsIn(entries).filter(({ name }) => !own.has(name));
    if (missing.length > 0)
      throw usageError(
        `${path} lacks ${missing.length} of ${jobsIn(entries).length} records.`,
        'Run the study again with --out: it goes on.',
      );
    all.push(resultsOf(definition, entries, own, versions({})));
    // A job of two studies may have pictures in one of them only.
    for (const [name, record] of own) if (records.get(name)?.measures.traversals == null) records.set(name, record);
  }
  const script = await readFile(join(import.meta.dirname, 'report.js'), 'utf8');
  await writeWhole(file, reportOf(all, records, script));
  for (const results of all) process.stdout.write(`${studyTable(results)}\n\n`);
  process.stderr.write(`Written: ${file}\n`);
}
