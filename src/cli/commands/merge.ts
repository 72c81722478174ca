// `unweave merge OUT DIR...`: the records of several folders of one study, put into one. A union by name: what is there twice must be the same
// bytes.

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '../../engine';
import { readRecord } from '../../runs/record';
import { resultsOf } from '../../studies/results';
import { entriesOf, jobsIn } from '../../studies/study';
import { CommandError, exitCodes, usageError } from '../errors';
import { studyTable } from '../output';
import { readDefinition, StudyFolder } from '../studyFolder';
import { versions } from '../versions';
import { defineCommand, force, json } from './command';
import { writeResults } from './study';

export interface MergeArguments {
  readonly out: string;
  readonly folders: readonly string[];
  readonly force: boolean;
  readonly json: boolean;
}

/** Throws a usage error for folders of other studies, and InputError, naming the file, for a record that is damaged, foreign or in conflict. */
export async function mergeCommand({ out, folders, force: anew, json: document }: MergeArguments): Promise<void> {
  if (folders.length === 0) throw usageError('merge needs folders: unweave merge OUT DIR...');
  const paths = folders.map((folder) => resolve(folder));
  if (anew && paths.includes(resolve(out)))
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
  for (const path of [...paths, ...(existsSync(join(resolve(out), 'study.json')) && !anew ? [resolve(out)] : [])]) {
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
  const folder = await StudyFolder.take(resolve(out), definition, anew);
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
    process.stdout.write(document ? `${JSON.stringify(results, null, 1)}\n` : `${studyTable(results)}\n`);
    process.stderr.write(`\nWritten to ${folder.path}: ${found.size} records, results.json, report.html\n`);
  } finally {
    await folder.close();
  }
}

export const merge = defineCommand({
  name: 'merge',
  summary: 'the shards of a study, put together',
  usage: ['OUT DIR...'],
  takes: { most: Number.POSITIVE_INFINITY, what: 'folders' },
  options: { ...force, ...json },
  prints: { 'as unweave study': 'the table and the finding of the whole' },
  examples: [
    ['unweave merge whole shard-1 shard-2', 'records of both into whole, with results.json and report.html'],
    ['unweave merge whole shard-3', 'adds another; what is there twice must be the same bytes'],
  ],
  async run(values, [out, ...folders]) {
    if (out === undefined) throw usageError('merge needs a folder: unweave merge OUT DIR...');
    await mergeCommand({ out, folders, force: values.force, json: values.json });
  },
});
