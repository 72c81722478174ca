// `unweave study theory`, `unweave study scores`: studies that train nothing, told as tables.

import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tablesReport } from '../figures/tablesReport';
import { tableStudies } from '../studies';
import { usageError } from './errors';
import { checkWritable, makeFolder, type Product, refuseExisting, timestamp } from './folders';
import { type HostOptions, withHost } from './hosts';
import { formatTable, Progress } from './output';
import { progressOnly } from './work/channel';

const TABLES: Product = {
  mark: 'results.json',
  isOwn: (content) => typeof content === 'object' && content !== null && 'tables' in content,
  names: /^report\.html$/,
};

export interface TableStudyArguments {
  readonly study: string;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
  readonly where: HostOptions;
}

export async function tableStudyCommand({ study, out, force, json, where }: TableStudyArguments): Promise<void> {
  const { name, question, told } = tableStudies[study] ?? {};
  if (told === undefined) throw usageError(`There is no study of tables "${study}".`);
  const folder = resolve(out ?? join('runs', `${study}-${timestamp(new Date())}`));
  const target = { folder, force, product: TABLES };
  await refuseExisting(target);
  await checkWritable(folder);
  const progress = new Progress();
  const tables = await withHost(where, (host) => {
    process.stderr.write(`Study ${name}\nRuns on: ${host.says}\n`);
    return host.run(
      'tables',
      { study },
      progressOnly((stage, share) => progress.update(stage, share)),
    );
  });
  progress.end();
  const results = { schemaVersion: 1, study, question, finding: told(tables), tables };
  await makeFolder(target, async (staged) => {
    await writeFile(join(staged, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
    await writeFile(join(staged, 'report.html'), tablesReport(results));
  });
  const shown = tables.map(
    ({ title, head, rows }) => `${title}\n${formatTable([head, ...rows].map((row) => row.map(cellText)))}`,
  );
  process.stdout.write(
    json ? `${JSON.stringify(results, null, 1)}\n` : `${shown.join('\n\n')}\n\n${results.finding}\n`,
  );
  process.stderr.write(`\nWritten to ${folder}: results.json, report.html\n`);
}

/** A cell as it is read: four decimals, a dash for what is not there. */
const cellText = (cell: string | number | null): string => (typeof cell === 'number' ? cell.toFixed(4) : (cell ?? '–'));
