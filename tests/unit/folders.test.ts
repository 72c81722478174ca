// Folders and locks without a browser: several processes that find one stale lock, what appears while work is going on, a folder
// that is closed under a write, names that are nearly too long.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../../src/cli/errors';
import { checkWritable, makeFolder, type Product, refuseExisting } from '../../src/cli/folders';
import { takeLock } from '../../src/cli/lock';
import { RUN, RunFolder } from '../../src/cli/runFolder';
import { writeCheckpoint } from '../../src/runs/checkpoint';
import { jobsOf, RUN_SCHEMA_VERSION, replicasOf, type TrainingConfig } from '../../src/runs/config';
import { wgsl } from '../../wgsl.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'unweave-folders-'));
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Bundles a script that may import from src, and says how to start it. */
async function script(name: string, text: string): Promise<string> {
  const outfile = join(scratch, `${name}.mjs`);
  await esbuild.build({
    stdin: { contents: text, resolveDir: join(import.meta.dirname, '../..'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    plugins: [wgsl],
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

const ended = (child: ChildProcess): Promise<number | null> => new Promise((done) => child.once('exit', done));

const PROCESSES = 6;
const ROUNDS = 60;

test('of six processes that find one stale lock, one takes it', async () => {
  const gone = spawn(process.execPath, ['-e', '']);
  await ended(gone);
  const stale = (k: number) => ({ pid: k % 2 === 0 ? gone.pid : process.pid, host: hostname(), began: '1' });
  for (let k = 0; k < ROUNDS; k++) writeFileSync(join(scratch, `lock-${k}`), JSON.stringify(stale(k)));
  const file = await script(
    'taking',
    `import { takeLock } from './src/cli/lock';
     import { appendFileSync } from 'node:fs';
     const start = Number(process.argv[2]);
     for (let k = 0; k < ${ROUNDS}; k++) {
       while (Date.now() < start + 12 * k);
       await takeLock('${scratch}/lock-' + k, 'it').then(
         () => appendFileSync('${scratch}/won', k + '\\n'),
         (error) => { if (!/is being written by process/.test(error.message)) throw error; });
     }
     // Whoever holds a lock lives until all have asked for it.
     setTimeout(() => undefined, start + ${12 * ROUNDS} + 1500 - Date.now());`,
  );
  const start = Date.now() + 700;
  const takers = Array.from({ length: PROCESSES }, () => {
    const child = spawn(process.execPath, [file, String(start)], { stdio: 'inherit' });
    children.push(child);
    return ended(child);
  });
  expect(await Promise.all(takers)).toEqual(Array(PROCESSES).fill(0));
  const won = readFileSync(join(scratch, 'won'), 'utf8').trim().split('\n').map(Number);
  expect(won.sort((a, b) => a - b)).toEqual(Array.from({ length: ROUNDS }, (_, k) => k));
}, 30_000);

test('a lock is given back by who has it alone', async () => {
  const file = join(scratch, 'mine');
  const unlock = await takeLock(file, 'it');
  await expect(takeLock(file, 'it')).rejects.toThrow(`it is being written by process ${process.pid}.`);
  // Somebody was told to delete it, and another process took it.
  writeFileSync(file, 'of another');
  await unlock();
  expect(readFileSync(file, 'utf8')).toBe('of another');
  expect(readdirSync(scratch).filter((name) => name.startsWith('mine.'))).toEqual([]);
  await expect(takeLock(join(scratch, 'no', 'such'), 'it')).rejects.toThrow(
    'it cannot be written: there is no such place.',
  );
});

test('what a process left that was killed while it asked for a lock is swept by who gets it; of a living one nothing is', async () => {
  const file = join(scratch, 'swept');
  const [gone, here] = [999_999_999, process.pid];
  const holder = (pid: number, host = hostname()) => JSON.stringify({ pid, host, began: null });
  writeFileSync(`${file}.${gone}-whole`, holder(gone));
  writeFileSync(`${file}.${gone}-empty`, '');
  writeFileSync(`${file}.${here}-whole`, holder(here));
  writeFileSync(`${file}.${gone}-elsewhere`, holder(gone, 'another'));
  writeFileSync(`${file}.backup`, 'of somebody');
  const unlock = await takeLock(file, 'it');
  await unlock();
  expect(readdirSync(scratch).filter((name) => name.startsWith('swept'))).toEqual(
    [`swept.${here}-whole`, `swept.${gone}-elsewhere`, 'swept.backup'].sort(),
  );
});

const product: Product = { mark: 'mark.json', isOwn: () => true, names: /^(a|inner(\/b)?)$/ };
const files = (folder: string, names: readonly string[]): string => {
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '{}');
  }
  return folder;
};

test('what appears while a folder is made is not replaced: what was made is kept and named', async () => {
  const folder = join(scratch, 'appears');
  const making = makeFolder({ folder, force: false, product }, async (staged) => {
    files(staged, ['mark.json']);
    files(folder, ['precious']);
  });
  const error = await making.catch((cause: Error & { hint?: string }) => cause);
  expect(error).toMatchObject({ message: `The output folder ${folder} exists.` });
  const kept = /What was made is kept in (.*)\.$/.exec((error as { hint: string }).hint)?.[1] ?? '';
  expect([readdirSync(folder), readdirSync(kept)]).toEqual([['precious'], ['mark.json']]);
});

test('--force replaces what was recognised, not what was put into it meanwhile', async () => {
  const folder = files(join(scratch, 'changes'), ['mark.json', 'a']);
  const target = { folder, force: true, product };
  await refuseExisting(target);
  const making = makeFolder(target, async (staged) => {
    files(staged, ['mark.json']);
    files(folder, ['precious']);
  });
  await expect(making).rejects.toThrow('also holds precious');
  expect(readdirSync(folder).sort()).toEqual(['a', 'mark.json', 'precious']);
});

test.each([
  ['a file in a folder of the command', ['inner/precious'], 'inner/precious'],
  ['a folder with the name of a file', ['a/precious'], 'a/precious'],
])('--force does not delete %s', async (name, foreign, said) => {
  const folder = files(join(scratch, name.replaceAll(' ', '-')), ['mark.json', 'inner/b', ...foreign]);
  await expect(refuseExisting({ folder, force: true, product })).rejects.toThrow(`also holds ${said}`);
});

test.each([
  ['notes.partial', false],
  ['run.lock.backup', false],
  ['metrics.csv.partial', true],
  ['run.lock', true],
  ['run.lock.takeover.123-0a1b', true],
  ['metrics.csv.bad-2026-01-31-12-30-00', true],
  ['checkpoint-12.safetensors.partial', true],
  ['checkpoint-12.safetensors/precious', false],
  ['record-3.json', true],
])('%s in the folder of a run is its own: %s', (name, own) => {
  expect(RUN.names.test(name)).toBe(own);
});

test('a link that leads nowhere, and names that leave no room for a staged folder, are refused before work starts', async () => {
  const link = join(scratch, 'link');
  symlinkSync(join(scratch, 'nowhere'), link);
  await expect(refuseExisting({ folder: link, force: false, product })).rejects.toThrow('exists');
  await expect(refuseExisting({ folder: link, force: true, product })).rejects.toThrow(
    'is no folder that can be replaced',
  );
  await expect(checkWritable(join(scratch, 'x'.repeat(250)))).rejects.toThrow('the name is too long');
  await checkWritable(join(scratch, 'deep', 'er', 'x'.repeat(240)));
  await checkWritable(join(scratch, 'flat'));
  expect(['deep', 'flat'].filter((name) => existsSync(join(scratch, name)))).toEqual([]);
});

const config: TrainingConfig = {
  data: [{ name: 'squares' }],
  architecture: { name: 'mlp', hidden: [4] },
  latents: 2,
  posteriors: [{ name: 'factorized', numbers: {} }],
  objectives: [{ name: 'betaVae', numbers: { beta: [4], lambda: [0] } }],
  learningRate: [0.001],
  batch: 4,
  steps: 200,
  seeds: [0],
  every: 100,
  saveEvery: 100,
};
const run = { schemaVersion: RUN_SCHEMA_VERSION, config, replicas: replicasOf(config) };
const [job] = await jobsOf(run.replicas);
let checkpoint: Uint8Array;

beforeAll(async () => {
  const saved = { step: 100, values: { parameters: new Float32Array(3) } };
  checkpoint = await writeCheckpoint(job, { saved, curves: {} });
});

test.each([false, true])(
  'a run that is closed while its first checkpoint is written loses nothing (--force %s)',
  async (force) => {
    const path = join(scratch, `closed-${force}`);
    if (force) files(path, ['config.json', 'metrics.csv']);
    if (force) writeFileSync(join(path, 'config.json'), JSON.stringify(run));
    const folder = await RunFolder.planned(path, force, run);
    await folder.begin(['loss'], {});
    const saving = folder.save(`checkpoint/${job.name}`, checkpoint);
    await folder.close();
    expect(readdirSync(path).sort()).toEqual(['checkpoint-0.safetensors', 'config.json', 'metrics.csv']);
    await saving;
    expect(readdirSync(scratch).filter((name) => name.startsWith(`closed-${force}.`))).toEqual([]);
  },
);

test('without --force a run does not begin in a folder that has appeared', async () => {
  const path = join(scratch, 'late');
  const folder = await RunFolder.planned(path, false, run);
  files(path, ['precious']);
  await expect(folder.begin(['loss'], {})).rejects.toThrow('exists');
  await folder.close();
  expect(readdirSync(path)).toEqual(['precious']);
});

test('going on keeps a table behind a byte-order mark, and moves aside what is no table', async () => {
  const path = join(scratch, 'marked');
  files(path, ['config.json']);
  writeFileSync(join(path, 'config.json'), JSON.stringify(run));
  writeFileSync(join(path, 'checkpoint-0.safetensors'), checkpoint);
  writeFileSync(join(path, 'metrics.csv'), '\uFEFFreplica,step,loss\n0,100,5\n');
  const marked = await RunFolder.resumed(path);
  await expect(RunFolder.resumed(path)).rejects.toThrow('is being written by process');
  expect(await marked.goOn(['loss'])).toBeUndefined();
  await marked.close();
  expect(readFileSync(join(path, 'metrics.csv'), 'utf8')).toBe('replica,step,loss\n0,100,5\n');
  writeFileSync(join(path, 'metrics.csv'), 'notes of mine');
  const noted = await RunFolder.resumed(path);
  expect(await noted.goOn(['loss'])).toContain('lacks');
  await noted.close();
  const bad = readdirSync(path).find((name) => RUN.names.test(name) && name.startsWith('metrics.csv.bad-')) ?? '';
  expect(readFileSync(join(path, bad), 'utf8')).toBe('notes of mine');
});

test('a signal while a folder is put in place is answered after it; before that, what was staged goes', async () => {
  const file = await script(
    'signalled',
    `import { watchSignals } from './src/cli/interruption';
     import { makeFolder } from './src/cli/folders';
     watchSignals();
     const product = { mark: 'mark.json', isOwn: () => true, names: /^$/ };
     await makeFolder({ folder: process.argv[2], force: true, product }, async () => {
       if (process.argv[3] === 'during') { process.kill(process.pid, 'SIGTERM'); await new Promise((done) => setTimeout(done, 5000)); }
       // The signal is delivered in the first turn of the event loop, which is within putInPlace.
       else process.kill(process.pid, 'SIGTERM');
     });
     await new Promise((done) => setTimeout(done, 5000));`,
  );
  for (const [when, left] of [
    ['during', []],
    ['after', ['placed-after']],
  ] as const) {
    const child = spawn(process.execPath, [file, join(scratch, `placed-${when}`), when]);
    let said = '';
    child.stderr.on('data', (piece) => {
      said += piece;
    });
    expect(await ended(child)).toBe(143);
    expect(readdirSync(scratch).filter((name) => name.startsWith(`placed-${when}`))).toEqual(left);
    expect(said).toContain(when === 'during' ? 'nothing was written' : 'placed-after is complete');
  }
});

test('a command that is named can be pasted into a shell', () => {
  expect(commandLine('unweave', '--resume', '/a/b-c.d')).toBe('unweave --resume /a/b-c.d');
  expect(commandLine('unweave', "/it's here/$x")).toBe("unweave '/it'\\''s here/$x'");
});
