// The table of commands: what it promises in help and docs is what parsing takes; and what commands compute without a process of their own.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { commandNamed, commands } from '../../src/cli/commands';
import { compared } from '../../src/cli/commands/compare';
import { helpOf, markdownOf, overview } from '../../src/cli/help';
import { Progress } from '../../src/cli/output';
import { parse } from '../../src/cli/parse';
import { configOf } from '../../src/cli/trainOptions';
import { objectives, posteriors } from '../../src/runs/families';

const root = join(import.meta.dirname, '../..');
const named = commands.map((command) => [command.name, command] as const);

/** The words of an example, as a shell would give them; redirections and pipes are the shell's. */
const wordsOf = (example: string): string[] =>
  [
    ...example
      .replace(/^.*?unweave /, '')
      .replace(/[)>].*$/, '')
      .matchAll(/'([^']*)'|(\S+)/g),
  ].map(([, quoted, plain]) => quoted ?? plain);

test.each(named)('%s: its help names every option with its default, and its examples are taken', (name, command) => {
  const lines = helpOf(command);
  const help = lines.replace(/\s+/g, ' ');
  expect(command.summary.length).toBeGreaterThan(10);
  for (const [option, { about, default: otherwise, choices = [] }] of Object.entries(command.options)) {
    expect(help).toContain(`--${option}`);
    expect(about.length, option).toBeGreaterThan(2);
    if (otherwise !== undefined) expect(help).toContain(`(default ${otherwise})`);
    for (const choice of choices) expect(help).toContain(choice);
  }
  const { examples } = command;
  if (name !== 'completion') expect(examples.length).toBeGreaterThanOrEqual(2);
  for (const [example] of examples) {
    const [first, ...rest] = wordsOf(example);
    expect(first).toBe(name);
    expect(() => parse(command, rest), example).not.toThrow();
  }
  for (const line of lines.split('\n').slice(1))
    if (!line.startsWith('Exit codes') && !line.startsWith('  unweave')) expect(line.length).toBeLessThanOrEqual(110);
});

test('every number of a posterior and an objective is an option of train, with its meaning', () => {
  const help = markdownOf(commands.filter(({ name }) => name === 'train'));
  for (const { numbers } of [...Object.values(posteriors), ...Object.values(objectives)])
    for (const { about } of Object.values(numbers)) expect(help).toContain(about);
});

test('docs/cli.md is what the table says', () => {
  const text = readFileSync(join(root, 'docs/cli.md'), 'utf8');
  expect(text.split('do not edit below -->\n')[1].trim()).toBe(markdownOf(commands).trim());
});

test('unweave --help is one line a command, and says how to go on', () => {
  const text = overview(commands);
  for (const { name } of commands) expect(text).toMatch(new RegExp(`^  ${name} `, 'm'));
  expect(text).toContain('Exit codes');
});

test.each([
  ['train', ['--posteriors', 'full'], /Unknown option --posteriors.*/, 'Did you mean --posterior?'],
  ['train', ['extra'], /train takes no argument; got "extra"/, 'See unweave train --help.'],
  ['mi', ['a', 'b'], /mi takes one file; "b" is too many/, 'See unweave mi --help.'],
  ['mi', ['a', '--k'], /argument missing/, 'See unweave mi --help.'],
] as const)('%s %j is refused', (name, words, message, hint) => {
  const command = commandNamed(name);
  if (command === undefined) throw new Error(name);
  expect(() => parse(command, words)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(message), hint }),
  );
});

/** What bash would offer for a line that ends in the word under the cursor. */
function completed(words: readonly string[]): string[] {
  const script = execFileSync(process.execPath, [join(root, 'unweave.mjs'), 'completion', 'bash'], {
    encoding: 'utf8',
  });
  const line = words.map((word) => `'${word}'`).join(' ');
  const asked = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _unweave; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', asked], { encoding: 'utf8' }).trim().split('\n');
}

test('the completion of bash offers commands, options and the names an option takes', () => {
  expect(completed(['unweave', 'tr'])).toEqual(['train']);
  expect(completed(['unweave', 'train', '--post'])).toEqual(['--posterior']);
  expect(completed(['unweave', 'train', '--posterior', 'fa'])).toEqual(['factorized']);
  expect(completed(['unweave', 'mi', 'file.csv', '--estimator', 'ks'])).toEqual(['ksg1', 'ksg2']);
  expect(completed(['unweave', 'mi', ''])).toEqual(['']);
  expect(completed(['unweave', 'list', 'post'])).toEqual(['posteriors']);
  expect(completed(['unweave', 'study', 'th'])).toEqual(['theory']);
});

test('a config holds where nothing is given, and what is given goes before it', () => {
  const made = configOf({
    posterior: 'full,correlated',
    rho: '.3,.6',
    steps: '500',
    seeds: '3',
    data: 'squares,circles',
  });
  expect(configOf({}, made)).toEqual(made);
  const changed = configOf({ beta: '1,2', seeds: '0-1' }, made);
  expect(changed).toEqual({
    ...made,
    seeds: [0, 1],
    objectives: [{ name: 'betaVae', numbers: { beta: [1, 2], lambda: [0] } }],
  });
  expect(configOf({ posterior: 'correlated' }, made).posteriors).toEqual([
    { name: 'correlated', numbers: { rho: [0.3, 0.6] } },
  ]);
  expect(configOf({ data: 'circles' }, made).data).toEqual([{ name: 'circles' }]);
  expect(() => configOf({ data: 'squares,squares' })).toThrow('arms 0 and 1 of the grid are the same');
});

test('a name that stands twice in a config keeps its own numbers; data keep their options; what followed follows', () => {
  const objectives = [
    { name: 'betaVae', numbers: { beta: [1], lambda: [0] } },
    { name: 'betaVae', numbers: { beta: [4], lambda: [16] } },
  ];
  const data = [{ name: 'squares', options: { side: 32, factors: { posX: [0, 3] as const } } }];
  const made = { ...configOf({}), objectives, data };
  expect(configOf({}, made).objectives).toEqual(objectives);
  expect(configOf({ 'data-options': 'side=16' }, made).data).toEqual([
    { name: 'squares', options: { side: 16, factors: { posX: [0, 3] } } },
  ]);
  expect(configOf({ factors: 'posY=1..3' }, made).data[0].options).toMatchObject({ side: 32 });
  const annealed = configOf({ objective: 'annealedVae', steps: '3000' });
  const stepsOf = ({ objectives: [{ numbers }] }: ReturnType<typeof configOf>) => numbers.capacitySteps;
  expect(stepsOf(annealed)).toEqual([1000]);
  expect(stepsOf(configOf({ steps: '300' }, annealed))).toEqual([100]);
  const chosen = configOf({ objective: 'annealedVae', 'capacity-steps': '50' });
  expect(stepsOf(configOf({ steps: '300' }, chosen))).toEqual([50]);
});

test.each([[{ posterior: 'full,full' }], [{ beta: '4,4' }], [{ lr: '0.002,0.002' }]])(
  'a grid with the same arm twice is refused: %j',
  (given) => {
    expect(() => configOf(given)).toThrow('arms 0 and 1 of the grid are the same');
  },
);

/** An arm of a run: one replica a seed, with these values of one score. */
const arm = (number: number, beta: number, values: Readonly<Record<number, number>>) =>
  Object.entries(values).map(([seed, value]) => ({
    replica: 0,
    arm: number,
    seed: Number(seed),
    job: '',
    setting: { beta, steps: 100 },
    report: { scores: [{ name: 'mig', value, chance: 0.01, ceiling: 0.9 }], leftOut: [] },
  }));
const runOf = (run: string, scored: readonly unknown[]) =>
  ({ run, scored }) as unknown as Parameters<typeof compared>[0][number];

test('arms are compared within seeds: only those that both have, in whatever order', () => {
  const first = runOf('a', arm(0, 1, { 1: 0.3, 2: 0.5, 3: 0.4 }));
  const second = runOf('b', [...arm(0, 4, { 3: 0.2, 2: 0.1 }), ...arm(1, 8, { 3: 0.9, 7: 0.8 })]);
  const rows = compared([first, second]);
  expect(rows.map(({ run, arm: number, differs }) => [run, number, differs])).toEqual([
    ['a', 0, { beta: '1' }],
    ['b', 0, { beta: '4' }],
    ['b', 1, { beta: '8' }],
  ]);
  expect(rows[0].mean).toBeCloseTo(0.4, 12);
  // Student's t with two degrees of freedom: 4.3027 standard errors of .1 / sqrt(3).
  expect(rows[0].interval[1] - 0.4).toBeCloseTo((4.302653 * 0.1) / Math.sqrt(3), 6);
  expect(rows[1].difference).toMatchObject({ seeds: 2, pValue: 0.5 });
  expect(rows[1].difference?.mean).toBeCloseTo((0.2 - 0.4 + 0.1 - 0.5) / 2, 12);
  // One seed in common says nothing of the spread.
  expect(rows[2].difference).toBeNull();
  const back = compared([runOf('b', arm(0, 4, { 3: 0.2, 2: 0.1 })), first]);
  expect(back[1].difference?.mean).toBeCloseTo(0.3, 12);
});

test('an arm that lacks a score is not stood in for by another', () => {
  const [first, second] = [arm(0, 1, { 1: 0.3, 2: 0.5 }), arm(1, 4, { 1: 0.1, 2: 0.2 })];
  const sap = { name: 'sap', value: 0.2, chance: 0, ceiling: 1 };
  const both = second.map((each) => ({ ...each, report: { ...each.report, scores: [...each.report.scores, sap] } }));
  const rows = compared([runOf('a', [...first, ...both])]);
  expect(rows.filter(({ score }) => score === 'sap').map(({ difference }) => difference)).toEqual([null]);
  expect(rows.find(({ score, arm: number }) => score === 'mig' && number === 1)?.difference?.seeds).toBe(2);
});

test.each([['toString'], ['constructor'], ['tcsh']])('there is no completion for %s', async (shell) => {
  const command = commandNamed('completion');
  expect(() => command?.run({}, [shell])).toThrow(`There is no completion for "${shell}"`);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('progress begins at once, and the first estimate is within twice the truth, whatever compiling and the first step took', () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  const progress = new Progress();
  vi.advanceTimersByTime(4000);
  progress.update('training', 0);
  expect(lines).toEqual(['0 % training\n']);
  // The first step warms up: fifty times as long as the others, of which there are 10,000 of 5 ms.
  vi.advanceTimersByTime(250);
  progress.update('training', 1e-4);
  for (let step = 2; lines.length < 2; step += 1) {
    vi.advanceTimersByTime(5);
    progress.update('training', step / 10_000);
  }
  const [, seconds] = /(\d+) s left/.exec(lines[1]) ?? [];
  expect(Number(seconds)).toBeGreaterThan(25);
  expect(Number(seconds)).toBeLessThan(100);
});
