// The command: reads arguments, runs the page, prints the table and writes the file.

import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CommandError, exitCodes, usageError } from '../../src/cli/errors';
import { withSession } from '../../src/cli/hosts/session';
import { Progress } from '../../src/cli/output';
import { glob } from '../statistics';
import type { ExposedPeers } from './page';
import { records, type Surroundings, table } from './report';

const HELP = `node bench/peers/run.mjs [options]
  --json FILE     write [{ case, ours, peers }], milliseconds
  --force         replace FILE
  --filter GLOB   only the cases that match, such as 'matmul/*'
  --device gpu    a hardware adapter; the software one by default
  --browser PATH  the browser to use
`;

/** Runs the comparison; `folder` is where package.json is. */
export async function main(folder: string): Promise<void> {
  try {
    await run(folder);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`bench/peers: ${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`);
    process.exitCode = error.exitCode;
  }
}

async function run(folder: string): Promise<void> {
  const { json, force, filter, mode, browser, help } = readArguments();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  if (json !== undefined && existsSync(json) && !force)
    throw usageError(`${json} exists.`, 'Name another file, or replace it with --force.');
  const progress = new Progress();
  const onProgress = (stage: string, share: number) => progress.update(stage, share);
  const { results, ...around } = await withSession(
    { browser, mode, install: true, onProgress },
    async ({ page, adapter, browserVersion }) => {
      const names = await page.evaluate(() => (globalThis as unknown as ExposedPeers).unweave.caseNames());
      if (!names.some(glob(filter)))
        throw usageError(`No case matches --filter "${filter}".`, `Cases are: ${names.join(' ')}`);
      const measured = await page.evaluate(
        (pattern) => (globalThis as unknown as ExposedPeers).unweave.compare(pattern),
        filter,
      );
      const surroundings: Surroundings = { adapter, browser: browserVersion, versions: versionsIn(folder) };
      return { ...surroundings, results: measured };
    },
  );
  progress.end();
  process.stdout.write(`${table(results, around)}\n`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(records(results), null, 1)}\n`);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'string' },
        force: { type: 'boolean', default: false },
        filter: { type: 'string', default: '*' },
        device: { type: 'string', default: 'software' },
        browser: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.device !== 'gpu' && values.device !== 'software')
      throw usageError(`--device is "${values.device}".`, 'It is gpu or software.');
    return { ...values, mode: values.device === 'gpu' ? ('hardware' as const) : ('software' as const) };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(error instanceof Error ? error.message : String(error), exitCodes.usage, HELP);
  }
}

/** What is installed, not what is asked for. */
function versionsIn(folder: string): Record<string, string> {
  const packageIn = (path: string) =>
    JSON.parse(readFileSync(join(folder, path, 'package.json'), 'utf8')) as {
      version: string;
      dependencies: Record<string, string>;
    };
  const names = Object.keys(packageIn('.').dependencies);
  const peers = names.map((name) => [name, packageIn(`node_modules/${name}`).version]);
  return { unweave: packageIn('../..').version, ...Object.fromEntries(peers) };
}
