// The f32 elementary functions against Math in f64, over their whole range and at the places where built-ins go wrong.

import { expect, test } from 'vitest';
import { expF, expm1F, log1pF, logF, sigmoidF, softplusF, tanhF } from '../../src/engine/numeric';

const f = Math.fround;

/** Largest error in units of the result's last place. */
function worstUlp(twin: (x: number) => number, exact: (x: number) => number, from: number, to: number): number {
  let worst = 0;
  for (let i = 0; i <= 20_000; i++) {
    const x = f(from + ((to - from) * i) / 20_000);
    const value = exact(x);
    const ulp = 2 ** (Math.floor(Math.log2(Math.abs(value) || 1e-38)) - 23);
    worst = Math.max(worst, Math.abs(twin(x) - value) / ulp);
  }
  return worst;
}

test.each([
  ['exp', expF, Math.exp, -86, 88],
  ['expm1', expm1F, Math.expm1, -0.3, 0.3],
  ['log', logF, Math.log, 1e-6, 100],
  ['log1p', log1pF, Math.log1p, -0.28, 5],
  ['sigmoid', sigmoidF, (x: number) => 1 / (1 + Math.exp(-x)), -80, 80],
  ['softplus', softplusF, (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), -80, 80],
  ['tanh', tanhF, Math.tanh, -20, 20],
])('%s is within 4 units in the last place', (_, twin, exact, from, to) => {
  expect(worstUlp(twin, exact, from, to)).toBeLessThan(4);
});

test('the ends are right, and NaN stays NaN', () => {
  expect([expF(100), expF(-200), logF(0), logF(Number.POSITIVE_INFINITY)]).toEqual([
    Number.POSITIVE_INFINITY,
    0,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
  expect([tanhF(90), tanhF(-90), softplusF(100), softplusF(-100), log1pF(1e-7)]).toEqual([
    1,
    -1,
    100,
    0,
    f(Math.log1p(f(1e-7))),
  ]);
  for (const twin of [expF, expm1F, logF, log1pF, sigmoidF, softplusF, tanhF]) expect(twin(Number.NaN)).toBeNaN();
  expect(logF(-1)).toBeNaN();
});
