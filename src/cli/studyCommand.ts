// `unweave study [decline]`: runs a study and keeps what it found.

import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { presets, putTogether } from '../studies';
import { report } from '../studies/report';
import type { StudyResults } from '../studies/results';
import { nearest, usageError } from './errors';
import { checkWritable, makeFolder, type Product, refuseExisting, type Target, timestamp } from './folders';
import { type Host, type HostOptions, withHost } from './hosts';
import { Progress, studyTable } from './output';
import { loadTuning } from './tuningFile';
import { versions } from './versions';
import { progressOnly } from './work/channel';

export interface StudyArguments {
  readonly study: string;
  readonly preset: string;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
  readonly where: HostOptions;
}

const studies = ['decline'];

export async function studyCommand(args: StudyArguments): Promise<void> {
  refuseUnknown('study', args.study, studies);
  refuseUnknown('preset', args.preset, Object.keys(presets));
  const config = presets[args.preset];
  const folder = resolve(args.out ?? join('runs', `${args.study}-${timestamp(new Date())}`));
  const target = { folder, force: args.force, product: STUDY };
  await refuseExisting(target);
  await checkWritable(folder);
  const progress = new Progress();
  const begun = performance.now();
  const { results, traversals } = await withHost(args.where, async (host) => {
    process.stderr.write(
      `Study ${args.study}, preset ${args.preset}: ${config.arms.length} arms x ${config.seeds.length} seeds\n` +
        `Runs on: ${host.says}\n`,
    );
    const parts = await inParts(host, config, progress);
    return putTogether(config, parts, {
      adapter: host.adapter,
      versions: versions(host.versions),
      seconds: (performance.now() - begun) / 1000,
    });
  });
  progress.end();
  const script = await readFile(join(import.meta.dirname, 'report.js'), 'utf8');
  await writeRun(target, results, report({ results, traversals }, script));
  process.stdout.write(args.json ? `${JSON.stringify(results, null, 1)}\n` : `${studyTable(results)}\n`);
  process.stderr.write(`\nWritten to ${folder}: results.json, report.html (${results.seconds.toFixed(0)} s)\n`);
}

/** The study cut by seed into a part for each thread: both models of a seed are made in one place. */
async function inParts(host: Host, config: StudyResults['config'], progress: Progress) {
  const { seeds } = config;
  const count = Math.min(host.threads, seeds.length);
  const winners = await loadTuning(host.adapter);
  const parts = progress.parts(count).map((update, part) => {
    const channel = progressOnly(update);
    return host.run('study', { config, seeds: seeds.filter((__, i) => i % count === part), winners }, channel);
  });
  return (await Promise.all(parts)).flat();
}

const STUDY: Product = {
  mark: 'results.json',
  isOwn: (content) =>
    typeof content === 'object' &&
    content !== null &&
    'study' in content &&
    'schemaVersion' in content &&
    'arms' in content,
  names: /^report\.html$/,
};

async function writeRun(target: Target, results: StudyResults, html: string): Promise<void> {
  await makeFolder(target, async (staged) => {
    await writeFile(join(staged, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
    await writeFile(join(staged, 'report.html'), html);
  });
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
