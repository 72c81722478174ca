// Studies of tables: what they say must be right, since docs and pages repeat it.

import { beforeAll, expect, test } from 'vitest';
import { CpuDevice } from '../../src/engine/cpu';
import { tablesReport } from '../../src/figures/tablesReport';
import { tableStudies } from '../../src/studies';
import type { Table } from '../../src/studies/tables/tableStudy';

let theory: readonly Table[];
let scores: readonly Table[];
beforeAll(async () => {
  using executor = await CpuDevice.open();
  theory = await tableStudies.theory.tables(executor, () => undefined);
  scores = await tableStudies.scores.tables(executor, () => undefined);
}, 120_000);

const named = (title: string): Table => {
  const table = theory.find((each) => each.title.startsWith(title));
  return table ?? expect.unreachable(title);
};

test('the bridge balances on every linear-Gaussian encoder, and two of the three conditions give the third', () => {
  const { rows } = named('T1');
  for (const [name, , left, right, independent, conditionally] of rows) {
    expect(Math.abs(Number(left) - Number(right)), String(name)).toBeLessThan(1e-12);
    if (independent === 'yes' && conditionally === 'yes') expect(Math.abs(Number(left))).toBeLessThan(1e-12);
  }
  // CE5: every basis is as good, and I the same.
  const turned = rows.filter(([name]) => String(name).startsWith('CE5'));
  expect(turned.map(([, , , , r, s]) => `${r} ${s}`)).toEqual(['yes yes', 'yes yes', 'yes yes']);
  for (const [, information] of turned) expect(Number(information)).toBeCloseTo(0.5 * Math.log(5), 12);
});

test('counterexamples on bits are exact, and no pair sees the parity of three', () => {
  const { rows } = named('Counterexamples');
  expect(rows.length).toBe(4 * 4 + 3);
  for (const [name, quantity, exact, found] of rows)
    expect(Number(found), `${name} ${quantity}`).toBeCloseTo(Number(exact), 9);
});

test('the pointwise identity holds at every value of the other latent, term by term', () => {
  const { rows } = named('T3');
  expect(rows.length).toBe(6);
  for (const [name, c, m, , , , right] of rows) expect(Number(right), `${name} ${c}`).toBeCloseTo(Number(m), 12);
  // CE1: M is J alone, 1 and 0 bits; CE3: D alone; CE4: J less K.
  expect(rows.slice(0, 2).map(([, , m, j]) => [m, j].map((value) => Number(Number(value).toFixed(9))))).toEqual([
    [1, 1],
    [0, 0],
  ]);
  expect(Number(rows[2][4])).toBeCloseTo(1, 12);
  expect(Number(rows[4][5])).toBeGreaterThan(0);
});

test('equally correlated noise: the published values', () => {
  for (const [noise, synergy, found, tc, foundTc] of named('Equally').rows) {
    expect(Number(found), String(noise)).toBeCloseTo(Number(synergy), 3);
    expect(Number(foundTc), String(noise)).toBeCloseTo(Number(tc), 3);
  }
});

test('a rotated decoder: the published values, and the largest sum where its columns are at right angles', () => {
  const { rows } = named('T5');
  for (const [angle, i1, found1, i2, found2, gap, foundGap] of rows) {
    expect(Number(found1), String(angle)).toBeCloseTo(Number(i1), 3);
    expect(Number(found2), String(angle)).toBeCloseTo(Number(i2), 3);
    expect(Number(foundGap), String(angle)).toBeCloseTo(Number(gap), 3);
  }
  const sums = rows.map((row) => Number(row[7]));
  expect(sums).toEqual([...sums].sort((a, b) => b - a));
});

test('estimates are as near as they say: mixtures within four standard errors, exact quantities to five digits', () => {
  for (const [name, quantity, exact, found, error] of named('Mixtures').rows) {
    // The gate's u is on a grid of 800 values; densities are f32, exact values have six digits.
    const rounding = String(name).startsWith('GM6') ? 5e-3 : 1e-5;
    const allowed = 4 * Number(error) + rounding;
    expect(Math.abs(Number(found) - Number(exact)), `${name} ${quantity}`).toBeLessThan(allowed);
  }
  // Nearest neighbours have a bias of their own: .1 nats, and C of four dimensions .15.
  for (const [name, quantity, exact, found] of named('Linear-Gaussian').rows)
    expect(Math.abs(Number(found) - Number(exact)), `${name} ${quantity}`).toBeLessThan(0.15);
});

test('the invariance test is right on every mixture', () => {
  for (const [name, truth, verdict] of named('Is M(c) invariant').rows)
    expect(String(verdict).startsWith(String(truth)), `${name}: ${verdict}`).toBe(true);
  expect(tableStudies.theory.told(theory)).toContain('right on 3 of 3');
});

test('scores: aligned codes are at the top of every score, and the marks are where the numbers say', () => {
  for (const { head, rows } of scores) {
    const [aligned] = rows;
    expect(aligned.slice(2).every((cell) => !/[!?]$/.test(String(cell)))).toBe(true);
    for (const row of rows)
      for (const [c, cell] of row.entries()) {
        if (c < 2) continue;
        const share = Number.parseFloat(String(cell)) / Number.parseFloat(String(aligned[c]));
        if (Math.abs(share - 0.8) < 0.02) continue;
        const mark = row[1] === 'disentangled' && share < 0.8 ? '!' : row[1] === 'entangled' && share > 0.8 ? '?' : '';
        expect(String(cell).replace(/^[-\d.]+ ?/, ''), `${row[0]}, ${head[c]}`).toBe(mark);
      }
  }
});

test('scores: order, sign and scale move no MIG; a rotation lowers it', () => {
  const [{ head, rows }] = scores;
  const mig = (codes: string) =>
    Number.parseFloat(String(rows.find(([name]) => name === codes)?.[head.indexOf('mig')]));
  expect(mig('permuted, signs turned')).toBeCloseTo(mig('aligned'), 1);
  expect(mig('scaled 1 : .3 : .1')).toBeCloseTo(mig('aligned'), 2);
  expect(mig('rotated, all three')).toBeLessThan(0.5 * mig('aligned'));
});

test('a page of tables says what was found and asks for nothing', () => {
  const html = tablesReport({ study: 'theory', question: 'a < b?', finding: 'one & two', tables: theory });
  expect(html).toContain('a &#60; b?');
  expect(html).toContain('one &#38; two');
  expect(html.match(/<table>/g)?.length).toBe(theory.length);
  expect(html).not.toMatch(/<script|https?:/);
});
