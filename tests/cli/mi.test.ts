// `unweave mi` from outside: tables as people have them, and options that would change nothing. Real processes, no browser.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, scratch } from './commandLine';

const file = (name: string, text: string): string => {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
};

const rows = Array.from({ length: 90 }, (_, i) => [(i * 37) % 90, ((i * 37) % 90) + ((i * 11) % 40), i % 3] as const);
const words = ['red', 'green', 'blue'];
const named = file(
  'named.csv',
  `x,y,lab,colour\n${rows.map(([x, y, l]) => `${x},${y},${l},${words[l]}`).join('\n')}\n`,
);
const bare = file('bare.csv', `${rows.map(([x, y, l]) => `${x},${y},${words[l]}`).join('\n')}\n`);

async function nats(...args: string[]): Promise<number> {
  const { code, stdout, stderr } = await run('mi', ...args, '--json');
  expect([code, stderr.includes('Error')]).toEqual([0, false]);
  return JSON.parse(stdout).nats;
}

test('labels may be x or y, numbers or words: one number', async () => {
  const there = await nats(named, '--x', 'x', '--y', 'lab', '--discrete', 'lab');
  expect(await nats(named, '--x', 'lab', '--y', 'x', '--discrete', 'lab')).toBeCloseTo(there, 12);
  expect(await nats(named, '--x', 'colour', '--y', 'x', '--discrete', 'colour')).toBeCloseTo(there, 12);
  expect(await nats(bare, '--x', '0', '--y', '2', '--discrete', '2')).toBe(there);
});

test('a column of words that is not chosen does not matter, with a header or without: no sample is lost', async () => {
  const there = await nats(named, '--x', 'x', '--y', 'y');
  expect(await nats(bare, '--x', '0', '--y', '1')).toBe(there);
  expect(JSON.parse((await run('mi', bare, '--x', '0', '--y', '1', '--json')).stdout).n).toBe(90);
});

test('given labels: conditioned inside each, whatever they are called', async () => {
  const there = await nats(named, '--x', 'x', '--y', 'y', '--given', 'lab', '--discrete', 'lab');
  expect(await nats(named, '--x', 'x', '--y', 'y', '--given', 'colour', '--discrete', 'colour')).toBe(there);
});

test.each<[string, string[], RegExp, string?]>([
  ['a word in a column of numbers', ['--x', '0', '--y', '2'], /bare\.csv, row 1, column 3: "red" is not a number/],
  ['a bad first cell', ['--x', '0', '--y', '1'], /broken\.csv, row 1, column 2: "n\/a" is not a number/, 'n/a'],
  ['a bad cell below', ['--x', '0', '--y', '1'], /broken\.csv, row 2, column 1: "oops" is not a number/, '4\noops,5'],
])('%s is an error with row and column', async (_, args, message, cell) => {
  const path = cell === undefined ? bare : file('broken.csv', `1,${cell}\n${'2,3\n'.repeat(20)}`);
  const { code, stderr, stdout } = await run('mi', path, ...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

test.each([
  [['--x', 'x', '--y', 'y', '--local'], '--local is in JSON alone'],
  [['--x', 'x', '--y', 'y', '--discrete', 'lab'], '--discrete: column lab is in none of --x, --y and --given'],
  [['--x', 'x', '--y', 'y', '--estimator', 'ross'], 'Name it with --discrete'],
  [['--x', 'x', '--y', 'lab', '--discrete', 'lab', '--estimator', 'ksg1'], 'column lab is labels'],
  [['--matrix', '--x', 'x'], '--x would change nothing'],
  [['--matrix', '--y', 'x'], '--y would change nothing'],
  [['--matrix', '--given', 'x'], '--given would change nothing'],
  [['--matrix', '--discrete', 'lab'], '--discrete would change nothing'],
  [['--matrix', '--estimator', 'ksg2'], '--estimator would change nothing'],
  [['--matrix', '--permutations', '9'], '--permutations would change nothing'],
  [['--matrix', '--se'], '--se would change nothing'],
  [['--matrix', '--local', '--json'], '--local would change nothing'],
  [['--matrix'], 'named.csv, row 2, column 4 ("colour"): "red" is not a number'],
  [['--x', 'x', '--y', 'y', '--se', '--k', '40'], 'too few for a standard error'],
])('%j is refused', async (args, message) => {
  const { code, stderr, stdout } = await run('mi', named, ...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test.each(['toString', 'constructor', 'hasOwnProperty', '__proto__'])(
  'there is no command %s, nor option',
  async (name) => {
    const command = await run(name);
    expect([command.code, command.stderr]).toEqual([2, expect.stringContaining(`There is no command "${name}".`)]);
    const option = await run('doctor', `--${name}`);
    expect([option.code, option.stderr]).toEqual([2, expect.stringContaining(`Unknown option --${name}.`)]);
  },
);
