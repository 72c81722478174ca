// docs/from-python.md as a reader follows it: every command of the page, on arrays as np.save writes them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeNpy } from '../../src/data';
import { run, scratch } from './commandLine';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/from-python.md'), 'utf8');
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block.trim().split('\n'));

const [side, latents] = [16, 3];
const rows = side * side;

beforeAll(() => {
  // Three latents: two that follow a factor each, with noise of their own, and one that is noise.
  const wave = (i: number) => Math.sin(12.9898 * i) * 43758.5453 - Math.floor(Math.sin(12.9898 * i) * 43758.5453) - 0.5;
  const factors = Array.from({ length: rows }, (_, i) => [i % side, Math.floor(i / side)]);
  const means = factors.map(([a, b], i) => [
    a / 4 - 2 + 0.1 * wave(i),
    b / 4 - 2 + 0.1 * wave(i + rows),
    wave(i + 2 * rows),
  ]);
  const save = (name: string, values: Float32Array | Uint32Array, shape: readonly number[]) =>
    writeFileSync(join(scratch, name), writeNpy(values, shape));
  save('mu.npy', Float32Array.from(means.flat()), [rows, latents]);
  save('logvar.npy', new Float32Array(rows * latents).fill(-3), [rows, latents]);
  save('factors.npy', Uint32Array.from(factors.flat()), [rows, 2]);
  const factor = [0.3, 0, 0, 0.1, 0.3, 0, 0, 0, 0.3];
  save('cholesky.npy', Float32Array.from(Array.from({ length: rows }, () => factor).flat()), [rows, latents, latents]);
});

test('the page has commands for scores, information and the verdict', () => {
  expect(new Set(commands.map((line) => line.split(' ')[1]))).toEqual(new Set(['metrics', 'mi', 'invariance']));
});

test.each(commands)('%s', async (line) => {
  const [program, ...words] = line.split(' ');
  expect(program).toBe('unweave');
  const { code, stdout, stderr } = await run(...words);
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('unweave:')]);
  expect(stdout.length).toBeGreaterThan(40);
});

test('what the commands found is what was put in', async () => {
  const { stdout } = await run('metrics', '--codes', 'mu.npy', '--factors', 'factors.npy', '--only', 'mig', '--json');
  const [{ value, chance }] = JSON.parse(stdout).scores;
  expect(value).toBeGreaterThan(0.6);
  expect(chance).toBeLessThan(0.2);
  const table = readFileSync(join(scratch, 'scores.csv'), 'utf8').split('\n');
  expect(table[0]).toBe('score,value,low,high,bias,chance,ceiling');
});
