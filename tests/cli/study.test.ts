// Studies from outside: killed at any moment, cut into shards, put together, told again; and what lies in the way.

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { CLI, run, scratch, start } from './commandLine';

const at = (...names: string[]): string => join(scratch, ...names);
const smoke = (out: string, ...more: string[]) => ['study', '--preset', 'smoke', '--out', at(out), ...more];

/** Every file of a folder with its bytes. */
const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, 'latin1')]),
  );

beforeAll(async () => {
  const { code, stderr, stdout } = await run(...smoke('whole'));
  expect([code, stderr]).toEqual([0, expect.stringContaining('results.json, report.html')]);
  expect(stdout).toContain('After one rotation of the same codes');
}, 120_000);

test('a study leaves its definition, a record for each model, results and a report, and no model unless it is kept', async () => {
  const names = Object.keys(filesOf(at('whole')));
  expect(names.filter((name) => !name.startsWith('records/'))).toEqual(['report.html', 'results.json', 'study.json']);
  expect(names.filter((name) => name.startsWith('records/')).length).toBe(4);
  // One thread more than any machine needs, too: how many there are changes no byte.
  const kept = await run(...smoke('kept', '--keep', '--threads', '3'));
  expect(kept.code).toBe(0);
  expect(readdirSync(at('kept', 'models')).length).toBe(4 + 1);
  // Once they are kept, a command that does not say so again removes none.
  expect((await run(...smoke('kept'))).code).toBe(0);
  expect(readdirSync(at('kept', 'models')).length).toBe(4 + 1);
  rmSync(at('kept', 'models'), { recursive: true });
  expect(filesOf(at('kept'))).toEqual(filesOf(at('whole')));
}, 120_000);

test('killed six times at moments nobody chose, and run again: the bytes of the study that was never killed', async () => {
  let seed = 12345;
  // A fixed sequence of moments, so that a failure comes again.
  const random = () => {
    seed = (1103515245 * seed + 12345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  for (let kill = 0; kill < 6; kill++) {
    const { child, ended } = start(smoke('killed'));
    await new Promise((later) => setTimeout(later, 200 + 1300 * random()));
    child.kill('SIGKILL');
    await ended;
  }
  expect((await run(...smoke('killed'))).code).toBe(0);
  expect(filesOf(at('killed'))).toEqual(filesOf(at('whole')));
  // Done is done: to run it once more trains nothing and changes nothing.
  expect((await run(...smoke('killed'))).code).toBe(0);
  expect(filesOf(at('killed'))).toEqual(filesOf(at('whole')));
}, 180_000);

test('killed before its folder says what it is: the folder is no obstacle', async () => {
  mkdirSync(at('barely'));
  writeFileSync(at('barely', 'study.json.partial'), '{ "defin');
  writeFileSync(at('barely', 'run.lock'), JSON.stringify({ pid: 999_999_999, host: hostname(), began: null }));
  expect((await run(...smoke('barely'))).code).toBe(0);
  expect(filesOf(at('barely'))).toEqual(filesOf(at('whole')));
}, 60_000);

test('Ctrl-C says how to go on', async () => {
  const { child, ended } = start(smoke('interrupted'));
  while (!existsSync(at('interrupted', 'study.json'))) await new Promise((later) => setTimeout(later, 20));
  await new Promise((later) => setTimeout(later, 150));
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect([code, stderr]).toEqual([
    130,
    expect.stringContaining(`unweave study decline --preset smoke --out ${at('interrupted')}`),
  ]);
}, 60_000);

test('shards, in any order, put together are the whole; what is missing, foreign or in conflict is named', async () => {
  const shards = await Promise.all(
    ['1/2', '2/2'].map((shard, i) => run(...smoke(`shard-${i + 1}`, '--shard', shard, '--threads', '1'))),
  );
  for (const { code, stderr } of shards) expect([code, stderr]).toEqual([0, expect.stringContaining('2 of 4 records')]);
  const part = await run('merge', at('part'), at('shard-2'));
  expect([part.code, part.stderr]).toEqual([
    1,
    expect.stringMatching(/2 of 4 records are missing:\n[0-9a-f]{12} {2}squares, factorized, seed 0\n/),
  ]);
  const merged = await run('merge', at('merged'), at('shard-2'), at('shard-1'), at('shard-2'));
  expect([merged.code, merged.stderr]).toEqual([0, expect.stringContaining('4 records')]);
  expect(filesOf(at('merged'))).toEqual(filesOf(at('whole')));

  cpSync(at('shard-1'), at('lying'), { recursive: true });
  const [first, second] = readdirSync(at('lying', 'records'));
  writeFileSync(at('lying', 'records', first), readFileSync(at('lying', 'records', second)));
  // What is half written is nobody's; and nothing is replaced by itself.
  writeFileSync(at('shard-1', 'records', 'bbbbbbbbbbbb.json.partial'), '{');
  expect((await run('merge', at('merged-2'), at('shard-1'), at('shard-2'))).code).toBe(0);
  const itself = await run('merge', at('merged'), at('merged'), '--force');
  expect([itself.code, itself.stderr]).toEqual([2, expect.stringContaining('is one of those to put together')]);
  const foreign = await run('merge', at('never'), at('lying'), at('shard-2'));
  expect([foreign.code, foreign.stderr]).toEqual([
    2,
    expect.stringContaining(`${first} is the record of ${second.slice(0, 12)}`),
  ]);
  cpSync(at('shard-2'), at('stranger'), { recursive: true });
  writeFileSync(at('stranger', 'records', 'aaaaaaaaaaaa.json'), '{}');
  expect((await run('merge', at('never'), at('stranger'))).stderr).toContain(
    'aaaaaaaaaaaa.json is of no job of this study',
  );
  expect(existsSync(at('never'))).toBe(false);
  const other = await run('study', '--preset', 'tour', '--out', at('other'), '--shard', '3/1');
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('--shard is "3/1"')]);
}, 120_000);

test('report tells it again without computing, of one study or of several side by side', async () => {
  cpSync(at('whole'), at('again'), { recursive: true });
  rmSync(at('again', 'report.html'));
  const again = await run('report', at('again'));
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('After one rotation')]);
  expect(readFileSync(at('again', 'report.html'), 'utf8')).toBe(readFileSync(at('whole', 'report.html'), 'utf8'));
  const both = await run('report', at('again'), at('whole'), '--out', at('both.html'));
  expect(both.code).toBe(0);
  expect(readFileSync(at('both.html'), 'utf8').match(/class="finding"/g)?.length).toBe(2);
  expect((await run('report', at('again'), at('whole'), '--out', at('both.html'))).stderr).toContain('exists');
  rmSync(at('again', 'records', readdirSync(at('again', 'records'))[0]));
  expect((await run('report', at('again'))).stderr).toContain('lacks 1 of 4 records');
}, 60_000);

test('what is in the way is named, and stays', async () => {
  const other = JSON.parse(readFileSync(at('whole', 'study.json'), 'utf8'));
  other.definition.seeds = [0, 1, 2];
  mkdirSync(at('another'));
  writeFileSync(at('another', 'study.json'), JSON.stringify(other));
  const refused = await run(...smoke('another'));
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('whose seeds is not what is asked for')]);
  expect(readdirSync(at('another'))).toEqual(['study.json']);

  cpSync(at('whole'), at('flipped'), { recursive: true });
  const [first] = readdirSync(at('flipped', 'records'));
  const bytes = readFileSync(at('flipped', 'records', first));
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(at('flipped', 'records', first), bytes);
  const damaged = await run(...smoke('flipped'));
  expect([damaged.code, damaged.stderr]).toEqual([2, expect.stringContaining('is damaged')]);
  expect(damaged.stderr).toContain(first.slice(0, 12));
  expect(readFileSync(at('flipped', 'records', first)).equals(bytes)).toBe(true);

  // A record cannot be written where a folder has its name: the others are there, and the study goes on when it is out of the way.
  cpSync(at('whole'), at('blocked'), { recursive: true });
  for (const name of ['results.json', 'report.html']) rmSync(at('blocked', name));
  rmSync(at('blocked', 'records', first));
  mkdirSync(at('blocked', 'records', `${first}.partial`));
  const blocked = await run(...smoke('blocked'));
  expect([blocked.code, blocked.stderr]).toEqual([
    1,
    expect.stringContaining(`${first} cannot be written: it is a folder`),
  ]);
  rmSync(at('blocked', 'records', `${first}.partial`), { recursive: true });
  expect((await run(...smoke('blocked'))).code).toBe(0);
  expect(filesOf(at('blocked'))).toEqual(filesOf(at('whole')));
}, 120_000);

test('a disk that is full: the record is named, nothing that was there is lost, and the study goes on', async () => {
  // No file of this process may grow beyond 8 KiB: as on a full disk the system refuses to write.
  const limited = (out: string) =>
    new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const child = spawn(
        '/bin/bash',
        ['-c', `ulimit -f 8; exec "${process.execPath}" "${CLI}" study --preset smoke --out "${out}"`],
        {
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
      let stderr = '';
      child.stderr.on('data', (piece) => {
        stderr += piece;
      });
      child.on('close', (code) => resolve({ code, stderr }));
    });
  const { code, stderr } = await limited(at('full'));
  expect([code, stderr]).toEqual([1, expect.stringMatching(/cannot be written: the file would be too large/)]);
  expect((await run(...smoke('full'))).code).toBe(0);
  expect(filesOf(at('full'))).toEqual(filesOf(at('whole')));
}, 120_000);

test('two processes do not write to one study', async () => {
  const quick = ['study', '--preset', 'quick', '--out', at('shared')];
  const { child, ended } = start(quick);
  while (!existsSync(at('shared', 'study.json'))) await new Promise((later) => setTimeout(later, 10));
  const second = await run(...quick);
  expect([second.code, second.stderr]).toEqual([1, expect.stringContaining('is being written by process')]);
  child.kill('SIGKILL');
  await ended;
}, 60_000);

test('--list names what would be trained and what it costs, and trains nothing', async () => {
  const { code, stdout } = await run(...smoke('listed', '--list', '--json'));
  const cost = JSON.parse(stdout);
  expect([code, cost.jobs, existsSync(at('listed'))]).toEqual([0, 4, false]);
  expect(cost.seconds).toBeGreaterThan(0);
  expect(cost.cells.map(({ arm, jobs }: { arm: string; jobs: number }) => [arm, jobs])).toEqual([
    ['factorized', 2],
    ['full', 2],
  ]);
}, 60_000);

test('submit writes what Slurm and Kubernetes run, and runs nothing in a dry run', async () => {
  const slurm = await run(
    'submit',
    'decline',
    '--preset',
    'quick',
    '--slurm',
    '--shards',
    '4',
    '--out',
    at('slurm'),
    '--dry-run',
  );
  expect([slurm.code, slurm.stdout.trim()]).toEqual([0, `sbatch ${at('slurm', 'study.sbatch')}`]);
  const script = readFileSync(at('slurm', 'study.sbatch'), 'utf8');
  expect(script).toContain('#SBATCH --array=1-4');
  expect(script).toContain('--shard "$SLURM_ARRAY_TASK_ID/4"');
  const again = await run(
    'submit',
    'decline',
    '--preset',
    'quick',
    '--slurm',
    '--shards',
    '4',
    '--out',
    at('slurm'),
    '--dry-run',
    '--cpus',
    '3',
  );
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('exists')]);
  const many = await run('submit', '--preset', 'quick', '--slurm', '--shards', '9', '--out', at('many'), '--dry-run');
  expect([many.code, many.stderr, existsSync(at('many'))]).toEqual([2, expect.stringContaining('1 to 8'), false]);
  const job = await run(
    ...['submit', '--preset', 'quick', '--kubernetes', '--shards', '2', '--out', at('kubernetes'), '--dry-run'],
    ...['--image', 'registry/unweave:1', '--claim', 'studies'],
  );
  expect(job.code).toBe(0);
  const yaml = readFileSync(at('kubernetes', 'study.yaml'), 'utf8');
  expect(yaml).toContain('completionMode: Indexed');
  expect(yaml).toContain('--shard $((JOB_COMPLETION_INDEX + 1))/2');
  expect(readdirSync(at('kubernetes'))).toEqual(['Dockerfile', 'study.yaml']);
}, 60_000);
