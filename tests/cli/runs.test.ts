// Runs from outside: what `unweave train` leaves, that stopping and splitting change no bit, and what `unweave encode` makes
// of it. Real processes.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNpy, readSafetensors, writeNpy } from '../../src/data';
import type { ScoreEntry } from '../../src/metrics';
import { run, scratch, start } from './commandLine';

const at = (...names: string[]): string => join(scratch, ...names);
const tiny = ['--hidden', '16', '--latents', '3', '--batch', '16', '--seeds', '0-1', '--every', '10'];
const filesOf = (folder: string) => ({
  names: readdirSync(folder).sort(),
  metrics: readFileSync(join(folder, 'metrics.csv'), 'utf8'),
});
const npy = (...names: string[]) => readNpy(readFileSync(at(...names)), names.join('/'));

test('a grid is trained, and how it is split into populations changes no bit of the metrics', async () => {
  const together = await run(
    ...['train', ...tiny, '--steps', '40', '--beta', '1,4', '--out', 'together', '--json'],
    ...['--threads', '1'],
  );
  expect([together.code, together.stderr]).toEqual([0, expect.stringContaining('2 arms x 2 seeds in 1 population(s)')]);
  const { names, metrics } = filesOf(at('together'));
  const checkpoints = [0, 1, 2, 3].map((replica) => `checkpoint-${replica}.safetensors`);
  expect(names).toEqual([...checkpoints, 'config.json', 'metrics.csv']);
  const lines = metrics.trimEnd().split('\n');
  expect(lines[0]).toBe('replica,step,reconstruction,kl,conditionalTc');
  expect(lines.slice(1).map((line) => line.split(',', 2).join(' '))).toEqual(
    [0, 1, 2, 3].flatMap((replica) => [10, 20, 30, 40].map((step) => `${replica} ${step}`)),
  );
  const config = JSON.parse(readFileSync(at('together', 'config.json'), 'utf8'));
  expect(config.schemaVersion).toBe(3);
  expect(config.replicas[2]).toMatchObject({ replica: 2, arm: 1, seed: 0, setting: { 'objective.beta': 4 } });
  expect(JSON.parse(together.stdout).last.map(({ step }: { step: number }) => step)).toEqual([40, 40, 40, 40]);

  const alone = await run('train', ...tiny, '--steps', '40', '--beta', '1,4', '--out', 'alone', '--replicas', '1');
  expect(alone.code).toBe(0);
  expect(filesOf(at('alone'))).toEqual({ names, metrics });
  for (const name of checkpoints)
    expect(readFileSync(at('alone', name)).equals(readFileSync(at('together', name))), name).toBe(true);
});

test('a run that was stopped and resumed is bitwise the run that was not', async () => {
  const settings = [...tiny, '--hidden', '256,256', '--batch', '128', '--steps', '400', '--save-every', '100'];
  settings.push('--replicas', '1', '--threads', '1');
  expect((await run('train', ...settings, '--out', 'whole')).code).toBe(0);
  const { child, ended } = start(['train', ...settings, '--out', 'stopped']);
  // Stopped in the second population, after a checkpoint of its own.
  while (!existsSync(at('stopped', 'checkpoint-1.safetensors')) && child.exitCode === null)
    await new Promise((later) => setTimeout(later, 5));
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect([code, stderr]).toEqual([130, expect.stringContaining(`unweave train --resume ${at('stopped')}`)]);
  const begun = readSafetensors(readFileSync(at('stopped', 'checkpoint-1.safetensors')), 'begun');
  expect(Number(begun.metadata.step)).toBeLessThan(400);
  expect(Object.keys(begun.tensors)).toContain('adam.second');

  const resumed = await run('train', '--resume', 'stopped', '--threads', '2');
  expect([resumed.code, resumed.stdout]).toEqual([0, expect.stringContaining('reconstruction')]);
  expect(filesOf(at('stopped'))).toEqual(filesOf(at('whole')));
  for (const name of ['checkpoint-0.safetensors', 'checkpoint-1.safetensors'])
    expect(readFileSync(at('stopped', name)).equals(readFileSync(at('whole', name))), name).toBe(true);
});

test('a number that is not finite ends with 1, and names step, term, replica and checkpoint', async () => {
  const { code, stderr } = await run('train', ...tiny, '--steps', '200', '--lr', '0.002,1e30', '--out', 'broken');
  expect(code).toBe(1);
  expect(stderr).toMatch(/Replica 2, 3: training stopped at step \d+: .*not finite: reconstruction/);
  expect(stderr).toContain('There was no checkpoint yet');
  // Rows of what diverged do not depend on how its blocks were cut.
  const rows = readFileSync(at('broken', 'metrics.csv'), 'utf8').trimEnd().split('\n').slice(1);
  expect(new Set(rows.map((line) => line.split(',')[0]))).toEqual(new Set(['0', '1']));
});

test('encode writes arrays of every replica, which invariance takes', async () => {
  const trained = await run('train', ...tiny, '--steps', '40', '--posterior', 'full', '--out', 'trained');
  expect(trained.code).toBe(0);
  const encoded = await run('encode', 'trained', '--out', 'codes', '--json');
  expect([encoded.code, JSON.parse(encoded.stdout).examples]).toEqual([0, 2304]);
  expect(npy('codes', 'factors.npy').shape).toEqual([2304, 3]);
  expect(Array.from(npy('codes', 'factors.npy').data.subarray(-3))).toEqual([5, 31, 11]);
  const [means, factor, samples] = ['means', 'cholesky', 'samples'].map((name) =>
    npy('codes', 'replica-1', `${name}.npy`),
  );
  expect([means.shape, factor.shape, samples.shape]).toEqual([
    [2304, 3],
    [2304, 3, 3],
    [2304, 3],
  ]);
  // Samples are means + L epsilon: their squares, whitened, average to 1.
  const whitened = samples.data.map((z, i) => {
    const row = Math.floor(i / 3);
    return i % 3 === 0 ? (z - means.data[i]) / factor.data[row * 9] : Number.NaN;
  });
  const squares = whitened.filter((x) => !Number.isNaN(x)).map((x) => x * x);
  expect(Math.abs(squares.reduce((a, b) => a + b, 0) / squares.length - 1)).toBeLessThan(5 * Math.sqrt(2 / 2304));
  expect(existsSync(at('codes.partial'))).toBe(false);

  const files = [
    '--means',
    at('codes', 'replica-1', 'means.npy'),
    '--cholesky',
    at('codes', 'replica-1', 'cholesky.npy'),
  ];
  const report = await run('invariance', ...files, '--latents', '0', '--json');
  expect([report.code, JSON.parse(report.stdout).latents.length]).toEqual([0, 1]);

  const again = await run('encode', 'trained', '--out', 'codes');
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('--force')]);
});

test('metrics of a run counts on the GPU what metrics of its arrays counts in Node', async () => {
  const only = ['--only', 'mig,jemmig,factorVae', '--seed', '4', '--json'];
  const ofRun = await run('metrics', 'trained', ...only);
  expect(ofRun.code).toBe(0);
  const { replicas } = JSON.parse(ofRun.stdout);
  const files = ['--codes', at('codes', 'replica-1', 'means.npy'), '--factors', at('codes', 'factors.npy')];
  const { scores } = replicas[1].report;
  const alone = JSON.parse((await run('metrics', ...files, ...only)).stdout);
  // Counts are the same; the browser's logarithm may differ from Node's in the last bit.
  const numbersOf = ({ value, interval, chance, ceiling }: ScoreEntry) => [value, ...interval, chance, ceiling];
  for (const [s, score] of alone.scores.slice(0, 2).entries()) {
    expect([scores[s].name, scores[s].constants]).toEqual([score.name, score.constants]);
    expect(numbersOf(scores[s])).toEqual(numbersOf(score).map((number) => expect.closeTo(number, 12)));
  }
  // Variances in f32 may turn a vote that is nearly even.
  expect([scores[2].name, alone.scores[2].name]).toEqual(['factorVae', 'factorVae']);
  expect(Math.abs(scores[2].value - alone.scores[2].value)).toBeLessThan(0.001);
  const sampled = await run('metrics', 'trained', '--rows', '600', '--only', 'mig,udr');
  expect([sampled.code, sampled.stdout]).toEqual([
    0,
    expect.stringMatching(/^mig +1 +0 +1 .*\nudr +0 .*\nudr +1 .*\n\nmean over seeds[\s\S]*\n\n600 rows, 3 latents/m),
  ]);
});

test('encode takes examples of your own, and an example is itself in any batch', async () => {
  const settings = [...tiny, '--steps', '40', '--posterior', 'factorized'];
  expect((await run('train', ...settings, '--out', 'diagonal')).code).toBe(0);
  const pixels = Float32Array.from({ length: 600 * 256 }, (_, i) => (i % 7) / 7);
  writeFileSync(at('images.npy'), writeNpy(pixels, [600, 16, 16]));
  const encoded = await run('encode', 'diagonal', '--data', at('images.npy'), '--out', 'own');
  expect([encoded.code, encoded.stderr]).toEqual([0, expect.stringContaining('600 examples')]);
  expect(readdirSync(at('own', 'replica-0')).sort()).toEqual(['logvars.npy', 'means.npy', 'samples.npy']);
  expect(npy('own', 'replica-0', 'logvars.npy').shape).toEqual([600, 3]);
  // The pixels have a period of 7 images, across the border of batches too.
  const { data } = npy('own', 'replica-1', 'means.npy');
  expect(data.slice(3 * 7, 3 * 600)).toEqual(data.slice(0, 3 * 593));

  writeFileSync(at('bytes.npy'), writeNpy(Float32Array.of(...new Array<number>(256).fill(255)), [1, 256]));
  const refused = await run('encode', 'diagonal', '--data', at('bytes.npy'), '--out', 'never');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('divide bytes by 255')]);
});

mkdirSync(at('mine'));
writeFileSync(at('mine', 'precious'), '');
mkdirSync(at('damaged'));
writeFileSync(at('damaged', 'config.json'), '{ "schemaVersion": 1');

test.each([
  [['train', '--posterior', 'ful'], 'There is no posterior "ful"', 'Did you mean "full"? Known: factorized, full'],
  [['train', '--objective', 'x'], 'There is no objective "x". Known: betaVae', ''],
  [['train', '--data', 'square'], 'There is no data set "square"', 'squares'],
  [['train', '--beta', '1,two'], '--beta is "two"', 'a number'],
  [['train', '--beta', '-1'], '', '--beta'],
  [['train', '--beta=-1'], 'beta is -1; the objective betaVae takes 0 or more', ''],
  [['train', '--posterior', 'factorized', '--off-diagonal', '0'], '--off-diagonal is no number of', '--beta, --lambda'],
  [['train', '--seeds', '3-1'], '--seeds: "3-1" is no seed', '0-9'],
  [['train', '--seeds', '1,1'], 'a seed occurs twice', ''],
  [['train', '--steps', '0'], 'steps is 0', ''],
  [['train', '--every', '7'], 'every is 7; it must divide 100', ''],
  [['train', '--replicas', 'some'], '--replicas is "some"', ''],
  [['train', '--hidden', '4096,4096', '--memory', '64'], 'parameters and needs at least', 'raise --memory'],
  [['train', '--lamda', '1'], 'Unknown option --lamda', 'Did you mean --lambda?'],
  [['train', '--out', 'mine'], 'exists', '--force'],
  [['train', '--out', 'mine', '--force'], 'holds no config.json', '--out'],
  [['train', '--resume', 'mine'], 'is no run', 'unweave train --out DIR'],
  [['train', '--resume', 'damaged'], 'config.json is not JSON', ''],
  [['train', '--resume', 'mine', '--steps', '9'], 'does not take --steps', ''],
  [['train', '--data', 'linear'], 'The values of linear are any numbers', 'give --deviation S'],
  [['train', '--objective', 'infoGan', '--split', '8'], 'it takes --architecture mlp, and no split', ''],
  [['train', '--objective', 'infoGan', '--deviation', '.5'], 'it takes no deviation', ''],
  [
    ['train', '--architecture', 'burgess', '--data', 'sprites', '--hidden', '7'],
    '--hidden is for --architecture mlp',
    '',
  ],
  [['train', '--off-diagonal', '.5'], 'offDiagonal is 0.5; the posterior full takes 0 to 1, in whole numbers', ''],
  [['train', '--objective', 'betaTcVae', '--batch', '1'], 'batch must be 2 or more', ''],
  [['train', '--memory', '64', '--replicas', '2'], 'give one of them', ''],
  [['train', '--data-options', 'side=16;side=32'], 'side is given twice', ''],
  [['encode'], 'encode needs a run', ''],
  [['encode', 'mine'], 'encode needs --out', ''],
  [['encode', 'mine', '--out', 'new'], 'is no run', ''],
  [['metrics', 'mine'], 'is no run', 'unweave train --out DIR'],
  [['metrics', 'mine', '--codes', 'codes.npy'], 'a run or files, not both', ''],
  [['metrics', 'mine', '--rows', '1'], '--rows is "1"', 'at least 2'],
  [['metrics', '--codes', 'codes.npy', '--rows', '9'], '--rows is for a run', ''],
])('%j is refused before a browser starts', async (args, message, hint) => {
  // A browser that cannot be found would end with 3.
  const { code, stderr, stdout } = await run(...args, '--browser', '/nonexistent/chrome');
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
  expect([code, stdout]).toEqual([2, '']);
});
