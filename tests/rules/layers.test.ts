// The layer rule: shaders <- engine <- {data, models, metrics} <- studies <- {cli, web}. Models and metrics do not import
// each other, and nothing in the engine knows the word "latent".

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/** What each room may import, besides itself. */
const allowed: Record<string, readonly string[]> = {
  shaders: [],
  engine: ['shaders'],
  data: ['engine', 'shaders'],
  models: ['engine', 'shaders'],
  metrics: ['engine', 'shaders'],
  studies: ['engine', 'data', 'models', 'metrics'],
  cli: ['engine', 'data', 'models', 'metrics', 'studies', '..'],
  web: ['engine', 'data', 'models', 'metrics', 'studies'],
};

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const roomOf = (path: string): string => path.split('/')[0];

function importsOf(name: string): string[] {
  const text = readFileSync(join(SRC, name), 'utf8');
  const relatives = [...text.matchAll(/from '(\.[^']+)'|import\('(\.[^']+)'\)/g)].map(([, a, b]) => a ?? b);
  return relatives.map((path) => relative(SRC, resolve(dirname(join(SRC, name)), path)));
}

test.each(files)('%s imports only from the layers below', (name) => {
  const room = roomOf(name);
  expect(Object.keys(allowed)).toContain(room);
  for (const target of importsOf(name)) {
    const to = roomOf(target);
    expect(to === room || allowed[room].includes(to), `${name} imports ${target}`).toBe(true);
  }
});

test('the engine knows tensors, not models', () => {
  for (const name of files.filter((file) => roomOf(file) === 'engine')) {
    expect(readFileSync(join(SRC, name), 'utf8'), name).not.toMatch(/latent/i);
  }
});

test('no file outgrows what a person can hold in mind', () => {
  const kernels = readdirSync(join(SRC, 'shaders'), { recursive: true, encoding: 'utf8' });
  const all = [...files, ...kernels.filter((name) => name.endsWith('.wgsl')).map((name) => join('shaders', name))];
  for (const name of all)
    expect(readFileSync(join(SRC, name), 'utf8').split('\n').length, name).toBeLessThanOrEqual(320);
});

test('the rule catches what it should', () => {
  expect(allowed.models.includes('metrics') || allowed.metrics.includes('models')).toBe(false);
  expect(allowed.engine.includes('models')).toBe(false);
});
