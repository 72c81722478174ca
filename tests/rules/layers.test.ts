// The layer rule: shaders <- engine <- {data, models, metrics} <- runs <- studies <- figures <- {cli, web}, with math under all of them but shaders and
// engine. Models and metrics do not import each other, nothing in the engine knows the word "latent", and no two files import
// each other, by whatever detour.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/** What each room may import, besides itself. */
const allowed: Record<string, readonly string[]> = {
  shaders: [],
  engine: ['shaders'],
  math: ['engine'],
  data: ['engine', 'shaders', 'math'],
  models: ['engine', 'shaders', 'math'],
  metrics: ['engine', 'shaders', 'math'],
  runs: ['engine', 'data', 'models', 'metrics', 'math'],
  studies: ['engine', 'data', 'models', 'metrics', 'runs', 'math'],
  figures: ['engine', 'data', 'models', 'metrics', 'runs', 'studies', 'math'],
  web: ['engine', 'data', 'models', 'metrics', 'runs', 'studies', 'figures', 'math', '..'],
  cli: ['engine', 'data', 'models', 'metrics', 'runs', 'studies', 'figures', 'math', '..'],
};

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
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

test('what is disposable is made where Symbol.dispose is sure to be there', () => {
  const made = files.filter((name) =>
    /(?<!\.)\[Symbol\.dispose\](\(\)|:)/.test(readFileSync(join(SRC, name), 'utf8').replace(/^\s*(\/\/|\*).*$/gm, '')),
  );
  expect(made.length).toBeGreaterThan(3);
  for (const name of made)
    expect(readFileSync(join(SRC, name), 'utf8'), name).toMatch(/^import '[./]*\/(engine\/)?disposal';$/m);
});

test('math is pure: of the engine it knows the errors only', () => {
  for (const name of files.filter((file) => roomOf(file) === 'math'))
    expect(
      importsOf(name).filter((path) => roomOf(path) !== 'math' && path !== 'engine/errors'),
      name,
    ).toEqual([]);
});

/** The files of a cycle of imports, types included, or none. */
function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const visit = (name: string): string[] => {
    if (state.get(name) === 'done') return [];
    if (state.get(name) === 'open') return [...path.slice(path.indexOf(name)), name];
    state.set(name, 'open');
    path.push(name);
    for (const next of graph.get(name) ?? []) {
      const found = visit(next);
      if (found.length > 0) return found;
    }
    path.pop();
    state.set(name, 'done');
    return [];
  };
  for (const name of graph.keys()) {
    const found = visit(name);
    if (found.length > 0) return found;
  }
  return [];
}

test('no file imports itself, by whatever detour', () => {
  const known = new Set(files);
  const fileOf = (path: string) =>
    [`${path}.ts`, `${path}.tsx`, join(path, 'index.ts')].filter((name) => known.has(name));
  const graph = new Map(files.map((name) => [name, importsOf(name).flatMap(fileOf)]));
  expect([...graph.values()].flat().length).toBeGreaterThan(500);
  expect(cycleIn(graph)).toEqual([]);
  const closed = new Map([...graph, ['engine/errors.ts', ['engine/index.ts']]]);
  expect(cycleIn(closed).length).toBeGreaterThan(2);
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
