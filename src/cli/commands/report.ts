// `unweave report DIR...`: what the records of a study say, told again; of several studies side by side.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reportOf } from '../../figures/report';
import type { readRecord } from '../../runs/record';
import { type Results, resultsOf } from '../../studies/results';
import { entriesOf, jobsIn } from '../../studies/study';
import { usageError } from '../errors';
import { checkFileWritable, writeWhole } from '../folders';
import { studyTable } from '../output';
import { readDefinition, recordsIn } from '../studyFolder';
import { versions } from '../versions';
import { defineCommand, force, json } from './command';

export interface ReportArguments {
  readonly folders: readonly string[];
  /** Where the page goes: into the folder of one study, `report.html` here for several. */
  readonly out: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
}

/** Throws a usage error where a folder is no study or lacks records, or a file is there that is not to be replaced. */
export async function reportCommand({ folders, out, force: replace, json: document }: ReportArguments): Promise<void> {
  if (folders.length === 0) throw usageError('report needs a folder: unweave report DIR...');
  const paths = folders.map((folder) => resolve(folder));
  const file =
    out === undefined ? (paths.length === 1 ? join(paths[0], 'report.html') : resolve('report.html')) : resolve(out);
  // The page of a folder's own study is made again; any other file is somebody's.
  if (existsSync(file) && !replace && (out !== undefined || paths.length > 1))
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
  if (document) process.stdout.write(`${JSON.stringify({ schemaVersion: 1, file, studies: all }, null, 1)}\n`);
  else for (const results of all) process.stdout.write(`${studyTable(results)}\n\n`);
  process.stderr.write(`Written: ${file}\n`);
}

export const report = defineCommand({
  name: 'report',
  summary: 'the report of a study again, also of several studies side by side',
  usage: ['DIR...'],
  takes: { most: Number.POSITIVE_INFINITY, what: 'folders' },
  options: {
    out: {
      type: 'string',
      value: 'FILE',
      about: 'the page; report.html in the folder of one study, or here for several',
    },
    ...force,
    ...json,
  },
  prints: { 'as unweave study': 'the table and the finding of every folder' },
  examples: [
    ['unweave report runs/decline', 'after an update of this program: the same records, read anew'],
    ['unweave report runs/decline runs/split --out both.html', 'two studies on one page'],
  ],
  run: (values, folders) => reportCommand({ ...values, folders }),
});
