// What happens when something is killed, in the way, or lies: the command line as a real process, its browser's processes killed
// one by one, signals, folders that exist, two processes in one folder.

import { type ChildProcess, execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { append, makeFolder, writeWhole } from '../../src/cli/folders';
import { findBrowser } from '../../src/cli/hosts/browser';
import { launchBrowser, serve } from '../../src/cli/hosts/launch';
import { takeLock } from '../../src/cli/lock';
import { CLI, type Ended, run, scratch, start } from './commandLine';

const SETTINGS = ['--steps', '300', '--save-every', '100', '--hidden', '16', '--latents', '2', '--batch', '32'];
/** Seconds of work on the CPU, where the other settings take a moment. */
const LONG = ['--steps', '600', '--save-every', '100', '--hidden', '256,256', '--latents', '2', '--batch', '128'];
const SOFTWARE = ['--device', 'software'];
const whole = join(scratch, 'whole');
const wholeLong = join(scratch, 'whole-long');

const running: ChildProcess[] = [];

beforeAll(async () => {
  for (const [settings, out] of [
    [SETTINGS, whole],
    [LONG, wholeLong],
  ] as const)
    expect((await run('train', ...settings, '--out', out)).code).toBe(0);
}, 120_000);

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Everything that descends from a process. */
function descendants(pid: number): Process[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\n');
  const all = lines.flatMap((line): Process[] => {
    const [, own, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return own === undefined ? [] : [{ pid: Number(own), parent: Number(parent), command }];
  });
  const found: Process[] = [];
  const parents = new Set([pid]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const each of all)
      if (parents.has(each.parent) && !parents.has(each.pid)) {
        parents.add(each.pid);
        found.push(each);
        grown = true;
      }
  }
  return found;
}

const isAlive = (pid: number): boolean => {
  try {
    // A zombie is no process any more.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

async function until(condition: () => boolean, seconds = 60): Promise<number> {
  const begun = performance.now();
  while (!condition()) {
    if (performance.now() - begun > 1000 * seconds) throw new Error(`waited ${seconds} s in vain: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return performance.now() - begun;
}

const profiles = (pid: number): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`unweave-${pid}-`));
const sibling = (name: string): string[] =>
  readdirSync(scratch).filter((each) => each.startsWith(name) && each !== name);

/** Starts training into `out`, in a browser or long enough on the CPU, and waits until it has a checkpoint. */
async function training(name: string, device: 'cpu' | 'software' = 'cpu') {
  const out = join(scratch, name);
  const settings = device === 'cpu' ? LONG : [...SETTINGS, ...SOFTWARE];
  const { child, ended } = start(['train', ...settings, '--out', out]);
  running.push(child);
  await until(() => existsSync(join(out, 'checkpoint-0.safetensors')));
  const pid = child.pid ?? 0;
  return { out, pid, child, ended, processes: descendants(pid) };
}

/** Milliseconds from `act` to the end of the process, and how it ended. */
async function timed(act: () => void, ended: Promise<Ended>): Promise<Ended & { ms: number }> {
  const begun = performance.now();
  act();
  return { ...(await ended), ms: performance.now() - begun };
}

/** Goes on with a run, which must then be the run that nothing happened to. */
async function expectSameAfterResume(out: string, same = whole, ...where: string[]): Promise<void> {
  const { code, stderr } = await run('train', '--resume', out, ...where);
  expect([code, stderr.includes('lacks rows')]).toEqual([0, false]);
  for (const file of ['checkpoint-0.safetensors', 'metrics.csv'])
    expect(readFileSync(join(out, file)).equals(readFileSync(join(same, file))), file).toBe(true);
  expect(readdirSync(out).sort()).toEqual(['checkpoint-0.safetensors', 'config.json', 'metrics.csv']);
}

/** All processes of a type: Chrome keeps a spare renderer, which nobody would miss. */
const ofType = (processes: readonly Process[], type: string): number[] => {
  const found = processes.filter(({ command }) => command.includes(`--type=${type}`)).map(({ pid }) => pid);
  return found.length > 0 ? found : expect.unreachable(`no ${type}`);
};

const kill = (pids: readonly number[]): void => {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
};

test.each([
  ['renderer', 'The page crashed'],
  ['browser', 'The browser was closed or killed'],
])(
  '%s killed: one line and the resume command within 2 s, no process left, and going on, on the CPU, gives the same bits',
  async (what, message) => {
    const { out, pid, ended, processes } = await training(`killed-${what}`, 'software');
    const main = processes.find(({ command, parent }) => parent === pid && command.includes('chrom'))?.pid ?? 0;
    const victims = what === 'browser' ? [main] : ofType(processes, what);
    const { code, stderr, ms } = await timed(() => kill(victims), ended);
    expect(code).toBe(1);
    expect(ms).toBeLessThan(2500);
    const last = stderr
      .trim()
      .split('\n')
      .slice(-2)
      .map((line) => line.trim());
    expect(last[0]).toContain(`unweave: ${message}`);
    expect(last[1]).toBe(`--> Go on with: unweave train --resume ${out} ${SOFTWARE.join(' ')}`);
    expect(stderr).not.toMatch(/\n\s+at |TargetCloseError|Target closed/);
    await until(() => processes.every((each) => !isAlive(each.pid)), 5);
    expect(profiles(pid)).toEqual([]);
    await expectSameAfterResume(out);
  },
  120_000,
);

test('the GPU process killed: training goes on from its last checkpoint to the same bits', async () => {
  const { out, ended, processes } = await training('killed-gpu', 'software');
  kill(ofType(processes, 'gpu-process'));
  const { code } = await ended;
  expect(code).toBe(0);
  for (const file of ['checkpoint-0.safetensors', 'metrics.csv'])
    expect(readFileSync(join(out, file)).equals(readFileSync(join(whole, file))), file).toBe(true);
}, 120_000);

test('node killed: its browser ends too, no port was ever open, and its profile goes at the next start', async () => {
  const { out, pid, child, ended, processes } = await training('killed-node', 'software');
  expect(processes.length).toBeGreaterThan(3);
  const commands = processes.map(({ command }) => command).join('\n');
  expect(commands).toContain('--remote-debugging-pipe');
  expect(commands).not.toContain('--remote-debugging-port');
  child.kill('SIGKILL');
  await ended;
  await until(() => processes.every((each) => !isAlive(each.pid)), 10);
  // The lock of a process that is gone is taken over.
  expect(existsSync(join(out, 'run.lock'))).toBe(true);
  await expectSameAfterResume(out, whole, ...SOFTWARE);
  expect(profiles(pid)).toEqual([]);
}, 120_000);

test('node killed while its threads compute: the run goes on from its checkpoint to the same bits', async () => {
  const { out, child, ended } = await training('killed-threads');
  child.kill('SIGKILL');
  await ended;
  expect(existsSync(join(out, 'run.lock'))).toBe(true);
  await expectSameAfterResume(out, wholeLong);
}, 60_000);

test.each([
  ['SIGINT', 130, 'cpu'],
  ['SIGTERM', 143, 'cpu'],
  ['SIGHUP', 129, 'cpu'],
  ['SIGINT', 130, 'software'],
] as const)(
  '%s during training ends with %i and the resume command: %s',
  async (signal, expected, device) => {
    const { out, pid, child, ended } = await training(`signal-${signal}-${device}`, device);
    const { code, stderr, ms } = await timed(() => child.kill(signal), ended);
    expect([code, stderr.includes(`Interrupted; go on with: unweave train --resume ${out}`)]).toEqual([expected, true]);
    expect(ms).toBeLessThan(2500);
    expect([existsSync(join(out, 'run.lock')), profiles(pid)]).toEqual([false, []]);
    if (device === 'cpu') await expectSameAfterResume(out, wholeLong);
  },
  60_000,
);

/** Whether a process has a handler of its own for SIGHUP: the first thing that the command does, and node alone has none. */
function answersSignals(pid: number): boolean {
  const caught = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (Number.parseInt(caught.slice(-8), 16) & 1) === 1;
}

test.each([
  ['SIGINT', 130, 0],
  ['SIGINT', 130, 300],
  ['SIGTERM', 143, 600],
] as const)(
  '%s early ends with %i, %i ms after the start; it says that nothing was written, and that is so',
  async (signal, expected, after) => {
    const out = join(scratch, `early-${signal}-${after}`);
    const { child, ended } = start(['train', ...SETTINGS, ...SOFTWARE, '--out', out]);
    await until(() => answersSignals(child.pid ?? 0));
    await new Promise((resolve) => setTimeout(resolve, after));
    const { code, stderr } = await timed(() => child.kill(signal), ended);
    expect(code).toBe(expected);
    expect(stderr).toContain('Interrupted; nothing was written.');
    expect([existsSync(out), profiles(child.pid ?? 0)]).toEqual([false, []]);
  },
);

test.each([0, 1, 3, 10])(
  'a signal %i ms after the folder appears: the process ends, and what it says of the folder is so',
  async (after) => {
    const out = join(scratch, `appears-${after}`);
    const { child, ended } = start(['train', ...LONG, '--out', out]);
    running.push(child);
    while (!existsSync(out)) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, after));
    const { code, stderr, ms } = await timed(() => child.kill('SIGTERM'), ended);
    expect(code).toBe(143);
    expect(ms).toBeLessThan(2500);
    expect(existsSync(join(out, 'run.lock'))).toBe(false);
    expect(existsSync(out)).toBe(stderr.includes('go on with:'));
  },
);

test('what computes without a browser ends at once at Ctrl-C', async () => {
  const { child, ended } = start(['invariance', '--calibrate']);
  running.push(child);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const { code, ms } = await timed(() => child.kill('SIGINT'), ended);
  // Left to the system, which a shell reports as 130.
  expect([code, child.signalCode]).toEqual([null, 'SIGINT']);
  expect(ms).toBeLessThan(1000);
});

test('figures that could not be kept are not measured', async () => {
  const { code, stderr } = await run(
    'bench',
    '--json',
    join(scratch, 'no', 'such', 'place.json'),
    '--browser',
    '/nonexistent',
  );
  expect([code, stderr.includes('cannot be written: there is no such place')]).toEqual([1, true]);
});

test('--force: the old run stays until the new one has a checkpoint', async () => {
  const out = join(scratch, 'forced');
  cpSync(whole, out, { recursive: true });
  const before = readFileSync(join(out, 'checkpoint-0.safetensors'));
  const { child, ended } = start(['train', ...LONG, '--seeds', '7', '--out', out, '--force']);
  await until(() => sibling('forced').some((name) => name.startsWith('forced.new-')));
  const interrupted = await timed(() => child.kill('SIGINT'), ended);
  expect([interrupted.code, interrupted.stderr.includes('nothing was written')]).toEqual([130, true]);
  expect(readFileSync(join(out, 'checkpoint-0.safetensors')).equals(before)).toBe(true);
  expect(readdirSync(out).sort()).toEqual(['checkpoint-0.safetensors', 'config.json', 'metrics.csv']);
  expect(sibling('forced')).toEqual([]);

  const { code } = await run('train', ...SETTINGS, '--seeds', '7', '--out', out, '--force');
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8')).config.seeds).toEqual([7]);
  expect([sibling('forced'), existsSync(join(out, 'run.lock'))]).toEqual([[], false]);
}, 60_000);

const folder = (name: string, files: Record<string, string>): string => {
  const path = join(scratch, name);
  mkdirSync(path);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content);
  return path;
};

test.each([
  ['train', 'another model', { 'config.json': '{"model_type":"bert"}' }, 'is not of this command'],
  ['train', 'no JSON', { 'config.json': 'x' }, 'is not of this command'],
  [
    'train',
    'a run with notes',
    { 'config.json': '{"schemaVersion":2,"replicas":[]}', 'notes.txt': 'mine' },
    'also holds notes.txt',
  ],
  ['study', 'anything', { 'thesis.tex': 'mine' }, 'holds no study.json'],
  ['study', 'a study of others', { 'study.json': '{}' }, 'is not of this command'],
  [
    'study',
    'a study and more',
    { 'study.json': '{"schemaVersion":2,"definition":{}}', 'raw.csv': '1' },
    'also holds raw.csv',
  ],
])('%s --force does not replace a folder with %s', async (command, what, files, message) => {
  const out = folder(`foreign-${command}-${what.replaceAll(' ', '-')}`, files);
  const { code, stderr } = await run(command, '--out', out, '--force');
  expect([code, stderr.includes(message)]).toEqual([2, true]);
  expect(readdirSync(out).sort()).toEqual(Object.keys(files).sort());
});

test("what lies beside the folder is nobody else's: X.partial stays", async () => {
  const beside = folder('beside.partial', { precious: 'x' });
  const { code } = await run('train', ...SETTINGS, '--steps', '100', '--out', join(scratch, 'beside'));
  expect([code, readFileSync(join(beside, 'precious'), 'utf8')]).toEqual([0, 'x']);
}, 60_000);

test.each([
  ['a file in the way', join(CLI, 'run'), 'a part of the path is a file, not a folder'],
  ['no such place', '/proc/unweave/run', 'there is no such place'],
  ['a name too long', join(scratch, 'x'.repeat(300)), 'the name is too long'],
])('a path that cannot be is one line and exit code 1, before a browser starts: %s', async (_, out, message) => {
  for (const command of ['train', 'study']) {
    const { code, stderr } = await run(command, '--out', out, '--browser', '/nonexistent');
    expect(code).toBe(1);
    expect(stderr).toContain(`cannot be written: ${message}`);
    expect(stderr.trim().split('\n').length).toBe(2);
  }
});

test('what cannot be written during a run is one line, and the run can go on', async () => {
  const out = join(scratch, 'blocked');
  cpSync(whole, out, { recursive: true });
  rmSync(join(out, 'checkpoint-0.safetensors'));
  mkdirSync(join(out, 'checkpoint-0.safetensors.partial'));
  const { code, stderr } = await run('train', '--resume', out);
  expect(code).toBe(1);
  expect(stderr).toContain('checkpoint-0.safetensors cannot be written: it is a folder.');
  expect(stderr).not.toMatch(/\n\s+at /);
  rmSync(join(out, 'checkpoint-0.safetensors.partial'), { recursive: true });
  await expectSameAfterResume(out);
}, 60_000);

test('a full disk is said in words, and leaves no half file', async () => {
  await expect(append('/dev/full', 'x')).rejects.toThrow('/dev/full cannot be written: the disk is full.');
  const link = join(scratch, 'full.partial');
  symlinkSync('/dev/full', link);
  await expect(writeWhole(join(scratch, 'full'), 'x')).rejects.toThrow('cannot be written: the disk is full.');
  expect(existsSync(join(scratch, 'full'))).toBe(false);
  const out = join(scratch, 'unmade');
  const product = { mark: 'a', isOwn: () => false, names: /^$/ };
  const filling = makeFolder({ folder: out, force: false, product }, async (staged) => {
    symlinkSync('/dev/full', join(staged, 'a'));
    writeFileSync(join(staged, 'a'), 'x');
  });
  await expect(filling).rejects.toThrow(`${out} cannot be written: the disk is full.`);
  expect(sibling('unmade')).toEqual([]);
});

test('two processes in one folder: the second is refused by name; a stale lock is not', async () => {
  const { out, pid, child } = await training('twice');
  const second = await run('train', '--resume', out);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(`${out} is being written by process ${pid}.`);
  child.kill('SIGINT');
  const lock = join(scratch, 'lock');
  const unlock = await takeLock(lock, 'it');
  await expect(takeLock(lock, 'it')).rejects.toThrow(`it is being written by process ${process.pid}`);
  await unlock();
  // Another process that had this one's number.
  writeFileSync(lock, JSON.stringify({ ...JSON.parse('{"pid":1}'), pid: process.pid, host: '', began: '1' }));
  await expect(takeLock(lock, 'it')).rejects.toThrow(/process \d+ on /);
  writeFileSync(lock, 'no lock of ours');
  await expect(takeLock(lock, 'it')).rejects.toThrow('by another process');
}, 60_000);

test('metrics.csv that is gone or short is said, not papered over', async () => {
  const out = join(scratch, 'gone');
  cpSync(whole, out, { recursive: true });
  rmSync(join(out, 'metrics.csv'));
  const gone = await run('train', '--resume', out);
  expect(gone.code).toBe(0);
  expect(gone.stderr).toContain('metrics.csv lacks rows that were measured before: replica 0 at steps 100 to 300');
  const text = readFileSync(join(whole, 'metrics.csv'), 'utf8').split('\n');
  writeFileSync(join(out, 'metrics.csv'), text.filter((_, i) => i !== 3).join('\n'));
  expect((await run('train', '--resume', out)).stderr).toContain('replica 0 at steps 300 to 300');
}, 60_000);

test('a checkpoint with flipped bits is refused by every command that reads one', async () => {
  const out = join(scratch, 'flipped');
  cpSync(whole, out, { recursive: true });
  const file = join(out, 'checkpoint-0.safetensors');
  const bytes = readFileSync(file);
  for (let bit = 0; bit < 80; bit++) bytes[bytes.length - 1 - 37 * bit] ^= 1 << (bit % 8);
  writeFileSync(file, bytes);
  for (const command of [
    ['train', '--resume', out],
    ['encode', out, '--out', join(scratch, 'never')],
    ['metrics', out],
  ]) {
    const { code, stderr } = await run(...command);
    expect([code, stderr.includes('is damaged: its digest is not that of its bytes')]).toEqual([2, true]);
  }
});

test.each([
  [['--latents', '100000'], /at least 320,016,040,960 parameters .* 1,024 MiB is the limit/],
  [['--latents', '1e9'], /is the limit/],
  [['--batch', '1e12'], /is the limit/],
  [['--hidden', '1e9'], /is the limit/],
  [['--latents', '1e6', '--memory', '1e30'], /a buffer of at least .* 128 MiB is the limit/],
  [['--objective', 'factorVae', '--layers', '1e9'], /is the limit/],
  [['--posterior', 'lowRank', '--rank', '1e9'], /is the limit/],
  [['--split', '1e9'], /is the limit/],
  [['--seeds', '0-99999', '--beta', '1,2'], /200000 replicas .* at most 100000/],
])('%j is refused by arithmetic, at once', async (args, message) => {
  const begun = performance.now();
  const { code, stderr } = await run('train', ...args, '--out', join(scratch, 'large'));
  expect([code, message.test(stderr)]).toEqual([2, true]);
  expect(performance.now() - begun).toBeLessThan(3000);
});

test('the page is served to who asks for it by its address: another Host is 403, another path 404', async () => {
  const { url, server } = await serve(CLI);
  const status = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<number | undefined>((resolve, reject) => {
      request(new URL(path, url), { headers, method }, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end();
    });
  expect(await status('/')).toBe(200);
  expect(await status('/page.js')).toBe(200);
  expect(await status('/', { Host: 'evil.example' })).toBe(403);
  expect(await status('/page.js', { Host: `localhost:${new URL(url).port}` })).toBe(403);
  expect(await status('/etc/passwd')).toBe(404);
  expect(await status('/', {}, 'POST')).toBe(405);
  server.close();
});

test('a browser that starts and never answers: a signal ends it and the command at once', async () => {
  const mute = join(scratch, 'mute-browser');
  writeFileSync(mute, '#!/bin/sh\nif [ "$1" = --version ]; then echo Chromium 156.0; exit; fi\nsleep 1000\n');
  chmodSync(mute, 0o755);
  const { child, ended } = start(['doctor', ...SOFTWARE, '--browser', mute]);
  running.push(child);
  const pid = child.pid ?? 0;
  await until(
    () => profiles(pid).length > 0 && descendants(pid).some(({ command }) => command.includes('mute-browser')),
  );
  const processes = descendants(pid);
  const { code, ms } = await timed(() => child.kill('SIGINT'), ended);
  expect(code).toBe(130);
  expect(ms).toBeLessThan(2500);
  await until(() => processes.every((each) => !isAlive(each.pid)), 5);
  expect(profiles(pid)).toEqual([]);
}, 60_000);

test('the time a browser has to start is no bound on how long it may live', async () => {
  const executable = await findBrowser(undefined, () => undefined);
  const { browser, close } = await launchBrowser(executable, 'software', new AbortController().signal, 6000);
  try {
    await new Promise((resolve) => setTimeout(resolve, 7000));
    expect(browser.connected).toBe(true);
    const page = await browser.newPage();
    expect(await page.evaluate(() => 6 * 7)).toBe(42);
  } finally {
    await close();
  }
});

test('the folder for temporary files: a long one does not stop the browser, none is one line and exit code 3', async () => {
  const long = join(scratch, 'temporary-'.repeat(12));
  mkdirSync(long);
  const brief = ['train', ...SETTINGS, ...SOFTWARE, '--steps', '10', '--out', join(scratch, 'temporary')];
  const fine = await start(brief, { TMPDIR: long }).ended;
  expect([fine.code, readdirSync(long)]).toEqual([0, []]);
  const { code, stderr } = await start([...brief, '--force'], { TMPDIR: '/nonexistent' }).ended;
  expect(code).toBe(3);
  expect(stderr).toContain('/nonexistent cannot be used: there is no such place.');
  expect(stderr).not.toMatch(/\n\s+at /);
}, 60_000);

test.each([
  ['mi --x 0 --y 1 a.csv', '--seed', '4294967296', 'Seeds are 32 bits'],
  ['metrics --codes a.npy --factors b.npy', '--seed', '1e300', 'Seeds are 32 bits'],
  ['invariance', '--seed', '4294967296', 'Seeds are 32 bits'],
  ['invariance', '--margin', 'Infinity', 'It takes nats above 0'],
])('%s %s %s is refused before anything is read', async (command, option, value, said) => {
  const { code, stderr } = await run(...command.split(' '), option, value);
  expect([code, stderr.includes(said)]).toEqual([2, true]);
});
