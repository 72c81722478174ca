// `unweave study [decline]`: runs a study in the browser and keeps what it found.

import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { presets } from '../studies/decline';
import type { StudyResults } from '../studies/results';
import { nearest, usageError } from './errors';
import { checkWritable, makeFolder, type Product, refuseExisting, type Target, timestamp } from './folders';
import type { GpuMode } from './launch';
import { Progress, studyTable } from './output';
import type { Exposed } from './page';
import { withSession } from './session';
import { loadTuning } from './tuningFile';
import { versions } from './versions';

export interface StudyArguments {
  readonly study: string;
  readonly preset: string;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
  readonly gpu: GpuMode;
  readonly browser: string | undefined;
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
  const { results, html } = await withSession(
    { browser: args.browser, gpu: args.gpu, onProgress: (stage, share) => progress.update(stage, share) },
    async ({ page, adapter, browserVersion }) => {
      const where = `${adapter.vendor} ${adapter.architecture} ${adapter.description}`.trim();
      process.stderr.write(
        `Study ${args.study}, preset ${args.preset}: ${config.arms.length} arms x ${config.seeds.length} seeds\n`,
      );
      process.stderr.write(`Adapter: ${where}${adapter.software ? ' (software)' : ''}, ${browserVersion}\n`);
      return page.evaluate(
        (given, known, winners) => (globalThis as unknown as Exposed).unweave.study(given, known, winners),
        config,
        versions(browserVersion),
        await loadTuning(adapter),
      );
    },
  );
  progress.end();
  await writeRun(target, results, html);
  process.stdout.write(args.json ? `${JSON.stringify(results, null, 1)}\n` : `${studyTable(results)}\n`);
  process.stderr.write(`\nWritten to ${folder}: results.json, report.html (${results.seconds.toFixed(0)} s)\n`);
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
