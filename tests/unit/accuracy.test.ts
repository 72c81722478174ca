// The accuracy table of docs/engine.md, measured again: every figure must be the largest error found, to a few per cent.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cosF, expF, expm1F, log1pF, logF, sigmoidF, sinF, softplusF, tanhF } from '../../src/engine/numeric';

const POINTS = 400_001;

/** The twin, and the same in f64 by another route. */
const functions: Record<string, readonly [(x: number) => number, (x: number) => number]> = {
  exp: [expF, Math.exp],
  expm1: [expm1F, Math.expm1],
  log: [logF, Math.log],
  log1p: [log1pF, Math.log1p],
  tanh: [tanhF, Math.tanh],
  sigmoid: [sigmoidF, (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)))],
  softplus: [softplusF, (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))],
  sin: [sinF, Math.sin],
  cos: [cosF, Math.cos],
};

const unitInLastPlace = (x: number): number => 2 ** (Math.floor(Math.log2(Math.abs(Math.fround(x)))) - 23);

function largestError(name: string, from: number, to: number): number {
  const [twin, exact] = functions[name];
  const logarithmic = to / from > 1e6;
  let largest = 0;
  for (let i = 0; i < POINTS; i++) {
    const share = i / (POINTS - 1);
    const x = Math.fround(logarithmic ? from * (to / from) ** share : from + (to - from) * share);
    const truth = exact(x);
    if (truth !== 0) largest = Math.max(largest, Math.abs(twin(x) - truth) / unitInLastPlace(truth));
  }
  return largest;
}

const page = readFileSync(resolve(import.meta.dirname, '../../docs/engine.md'), 'utf8');
const rows = [...page.matchAll(/^\| (\w+) +\| (\S+) +\| (\S+) +\| ([\d.]+) +\|$/gm)].map(
  ([, name, from, to, error]) => [name, Number(from), Number(to), Number(error)] as const,
);

test('the table names every function', () => {
  expect(new Set(rows.map(([name]) => name))).toEqual(new Set(Object.keys(functions)));
});

test.each(rows)('%s from %d to %d is within %d ULP', (name, from, to, error) => {
  const measured = largestError(name, from, to);
  expect(measured).toBeLessThanOrEqual(error + 0.05);
  expect(measured).toBeGreaterThan(0.9 * error);
});
