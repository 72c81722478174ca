// Studies as data: every preset can be trained and tested, definitions are refused before they run, and what is told of records whose
// answer is known.

import { expect, test } from 'vitest';
import { scoresOfStudies } from '../../src/runs/measures/scores';
import { type ModelRecord, RECORD_FORMAT } from '../../src/runs/record';
import { flatOf } from '../../src/runs/setting';
import { studies } from '../../src/studies';
import { analyse, type Found } from '../../src/studies/analysis';
import { finding } from '../../src/studies/finding';
import { resultsOf } from '../../src/studies/results';
import {
  changed,
  checkPower,
  type Definition,
  definitionOf,
  entriesOf,
  jobsIn,
  settingIn,
} from '../../src/studies/study';
import { product, sweep, zip } from '../../src/studies/sweep';

const presets = Object.values(studies).flatMap((study) =>
  Object.keys(study.presets).map((preset) => [study.name, preset] as const),
);

test.each(presets)(
  'study %s, preset %s: every arm can be trained, every contrast names arms that are there',
  async (name, preset) => {
    const definition = definitionOf(studies[name], preset);
    const entries = await entriesOf(definition);
    expect(entries.length).toBe(
      definition.cells.reduce((sum, { arms }) => sum + arms.length, 0) * definition.seeds.length,
    );
    for (const { cell, from, to } of definition.contrasts) {
      const found = definition.cells.find((each) => each.name === cell);
      for (const { arm } of [from, to])
        expect(
          found?.arms.map((each) => each.name),
          `${cell} ${arm}`,
        ).toContain(arm);
    }
    // No arm is the twin of another in its cell: a contrast of a model with itself would be 0 by construction.
    for (const cell of definition.cells) {
      const settings = cell.arms.map((arm) => JSON.stringify(flatOf(settingIn(definition, cell, arm))));
      expect(new Set(settings).size, cell.name).toBe(settings.length);
    }
    expect(() => checkPower(definition)).not.toThrow();
  },
);

test('seeds that cannot carry the contrasts are refused before anything runs', () => {
  const definition = definitionOf(studies.decline, 'standard');
  expect(() => checkPower({ ...definition, seeds: [0, 1, 2, 3, 4, 5] })).toThrow(
    /6 seeds give no p value below 0\.031, and \d+ contrasts ask for 0\.00\d+: take more seeds, or declare fewer contrasts/,
  );
  expect(() => definitionOf(studies.decline, 'quik')).toThrow('has no preset quik; it has quick, smoke');
});

test('a family that is named anew takes none of the numbers of the old one with it', () => {
  const base = { posterior: 'correlated', 'posterior.rho': 0.3, objective: 'betaVae', 'objective.beta': 4, latents: 6 };
  expect(changed(base, { posterior: 'full' })).toEqual({
    posterior: 'full',
    objective: 'betaVae',
    'objective.beta': 4,
    latents: 6,
  });
  expect(changed(base, { 'objective.beta': 1 })['objective.beta']).toBe(1);
  expect(changed(base, { latents: 3 })['posterior.rho']).toBe(0.3);
});

test('sweeps: one after another, side by side, every combination', () => {
  expect(zip(sweep('a', [1, 2]), sweep('b', [3, 4]))).toEqual([
    { a: 1, b: 3 },
    { a: 2, b: 4 },
  ]);
  expect(product(sweep('a', [1, 2]), sweep('b', [3, 4])).map(({ a, b }) => [a, b])).toEqual([
    [1, 3],
    [1, 4],
    [2, 3],
    [2, 4],
  ]);
  expect(() => zip(sweep('a', [1]), sweep('b', [1, 2]))).toThrow(RangeError);
});

/** A record whose MIG is `own`, and `turned` after the rotation; the second of two factors carries it all. */
function record(definition: Definition, arm: string, seed: number, own: number, turned: number, kl = 2): ModelRecord {
  const [cell] = definition.cells;
  const which = cell.arms.find(({ name }) => name === arm);
  if (which === undefined) throw new Error(`no arm ${arm}`);
  const scores = (value: number) => ({
    values: Object.fromEntries(scoresOfStudies.map((score) => [score, value])) as Record<
      (typeof scoresOfStudies)[number],
      number
    >,
    gaps: { mig: [0.1, 2 * value - 0.1], migSamples: [0, 0], migChen: [0, 0] },
    table: [],
    deadLatents: [1],
  });
  return {
    format: RECORD_FORMAT,
    name: `${arm} ${seed}`,
    seed,
    setting: flatOf(settingIn(definition, cell, which)),
    adapter: 'by hand',
    status: 'done',
    curves: {},
    measures: {
      losses: { reconstruction: 10 + 0.001 * seed, kl },
      scores: { factors: ['scale', 'posX'], own: scores(own), turned: scores(turned) },
      rotation: { basis: [], conditionalTc: arm === 'full' ? 0.8 : 0, irremovable: arm === 'full' ? 0.05 : 0 },
    },
  };
}

const quick = definitionOf(studies.decline, 'quick');
/** Arms whose MIG is .3 and `full`, with a wiggle of each seed that both arms share. */
const made = (full: number, turned: number, kl?: number): Found[] =>
  quick.seeds.flatMap((seed) => {
    const wiggle = 0.05 * Math.sin(3 * seed);
    const own = 0.002 * Math.cos(5 * seed);
    const each = (arm: string, a: number, b: number, k?: number): Found => ({
      cell: 'squares',
      arm,
      seed,
      record: record(quick, arm, seed, a + wiggle, b + wiggle, k),
    });
    return [each('factorized', 0.3, 0.3), each('full', full + own, turned + own, kl)];
  });

test('a fall that the rotation gives back is told as one, with everything a finding must say', () => {
  const analysis = analyse(quick, made(0.1, 0.3));
  const [primary, back, left] = analysis.contrasts;
  expect(primary).toMatchObject({ difference: expect.closeTo(-0.2, 2), pValue: 2 / 256, signs: [8, 0] });
  expect(primary.adjusted).toBeCloseTo((3 * 2) / 256, 12);
  expect(back.difference).toBeCloseTo(0.2, 2);
  expect(Math.abs(left.difference)).toBeLessThan(0.01);
  const text = finding(analysis, quick);
  for (const part of [
    'lowers disentanglement',
    'β-VAE',
    'MIG of means over scale, posX goes 0.30 → 0.10',
    '95 % interval -0.20 to -0.20',
    '8 seeds down, 0 up',
    'after Holm over 3',
    'The bounds are equal to within 1 %',
    'After one rotation of the same codes',
    'full scores 0.30 (factorized 0.30)',
    'from 0.80 to 0.05 nats',
    'gives back 100 % of the fall, so what is lost is the basis',
  ])
    expect(text).toContain(part);
  // Seeds share their wiggle, so pairing sees what the spread of the arms would hide.
  expect(analysis.cells[0].arms[0].scores.own.mig.deviation).toBeGreaterThan(0.02);
  expect(primary.interval[1] - primary.interval[0]).toBeLessThan(0.01);
  const gaps = analysis.cells[0].byFactor.map(({ factor, difference }) => [factor, Math.abs(difference) > 0.1]);
  expect(gaps).toEqual([
    ['scale', false],
    ['posX', true],
  ]);
  expect(analysis.cells[0].arms[0].live).toBe(5);
  expect(analysis.cells[0].predictions).toMatchObject([
    { arm: 'full', prediction: 'lower', outcome: 'lower', agrees: true },
  ]);
});

test.each([
  ['nothing is given back', 0.1, 0.1, undefined, /lowers.*gives back little \(0 %\): coupling costs more than a basis/],
  ['a part is given back', 0.1, 0.2, undefined, /gives back 50 % of the fall; 0\.10 stay lost in the best basis/],
  ['there is no difference', 0.3, 0.3, undefined, /do not show a difference.*there was no fall to give back/],
  ['it goes the other way', 0.4, 0.4, undefined, /raises disentanglement.*8 up/],
  ['the bounds differ', 0.1, 0.3, 3, /not shown to be equal: they differ by 4\.00 nats/],
] as const)('whatever came out is said: %s', (_, full, turned, kl, told) => {
  expect(finding(analyse(quick, made(full, turned, kl)), quick)).toMatch(told);
});

test('seeds that only one arm has are no pairs; a diverged model is counted, not compared', () => {
  const all = made(0.1, 0.3);
  const broken: Found[] = all.map((each) =>
    each.arm === 'full' && each.seed === 2
      ? { ...each, record: { ...each.record, status: 'diverged', diverged: { step: 17, terms: ['kl'] }, measures: {} } }
      : each,
  );
  const { contrasts, cells } = analyse(quick, broken);
  expect(contrasts[0].n).toBe(7);
  expect(cells[0].arms[1].diverged).toEqual([{ seed: 2, step: 17 }]);
  // Renamed seeds in another order are the same pairs.
  expect(analyse(quick, [...all].reverse()).contrasts[0].pValue).toBe(analyse(quick, all).contrasts[0].pValue);
  // An arm without any model is said to be one, and everything else is told.
  const without = analyse(
    quick,
    all.filter(({ arm }) => arm !== 'full'),
  );
  expect(without.contrasts.map(({ n, pValue }) => [n, pValue])).toEqual(quick.contrasts.map(() => [0, 1]));
  expect(finding(without, quick)).toBe(
    'Nothing can be said: no seed has a finished model of both factorized and full.',
  );
});

test('a missing record is named', async () => {
  const entries = await entriesOf(quick);
  expect(() => resultsOf(quick, entries, new Map(), {})).toThrow(`the record of ${jobsIn(entries)[0].name} is missing`);
});

test('the sentence compares the seeds that both arms have, and speaks of coupling only where there is some', () => {
  const uneven = made(0.1, 0.3).map((each) =>
    each.arm === 'full' && each.seed < 3
      ? {
          ...each,
          record: { ...each.record, status: 'diverged' as const, diverged: { step: 1, terms: [] }, measures: {} },
        }
      : each,
  );
  const { contrasts } = analyse(quick, uneven);
  const [{ means, difference }] = contrasts;
  expect(means[1] - means[0]).toBeCloseTo(difference, 12);
  const apart = made(0.1, 0.1).map((each) => ({
    ...each,
    record: {
      ...each.record,
      measures: { ...each.record.measures, rotation: { basis: [], conditionalTc: 0, irremovable: 0 } },
    },
  }));
  expect(finding(analyse(quick, apart), quick)).toContain('its latents are not coupled');
});

test('a trend leaves out seeds without a number, and sameness must be shown', () => {
  const standard = definitionOf(studies.decline, 'standard');
  const [cell] = standard.cells;
  const all: Found[] = cell.arms.flatMap((arm) =>
    standard.seeds.map((seed) => ({
      cell: cell.name,
      arm: arm.name,
      seed,
      record: record(
        standard,
        arm.name,
        seed,
        0.3 + (arm.name === 'wide' ? 0.4 * Math.sin(seed) : 0) + 1e-3 * seed,
        0.3,
      ),
    })),
  );
  const only = { ...standard, cells: [cell], contrasts: standard.contrasts.filter((each) => each.cell === cell.name) };
  const found = analyse(only, all).cells[0];
  expect(found.trend?.pValue).toBeGreaterThan(0.05);
  const of = (arm: string) => found.predictions.find((each) => each.arm === arm);
  expect(of('wide')).toMatchObject({ outcome: 'not told apart', agrees: null });
  const broken = all.map((each) =>
    each.arm === 'λ = 4' && each.seed === 0 ? { ...each, record: { ...each.record, measures: {} } } : each,
  );
  expect(analyse(only, broken).cells[0].trend?.pValue).toBeGreaterThan(0.05);
});
