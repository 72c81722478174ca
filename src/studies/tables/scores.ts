// The study `scores`: which scores can be believed? Codes made by hand from factors, so that it is known whether they are disentangled, over
// generating processes (independent and correlated factors) and geometries. A score that punishes codes which are disentangled
// gives a false alarm; one that lets entangled codes pass is blind (after Joshi et al. 2026, Who Guards the Guardians?).

import { normalQuantile } from '../../math/normal';
import { Draw } from '../../metrics/information/draw';
import { type ScoreOfStudy, scoresIn, scoresOfStudies } from '../../runs/measures/scores';
import type { Table, TableStudy } from './tableStudy';

const LEVELS = 12;
const FACTORS = 3;
/** Rows of the correlated process; the independent one has every combination once. */
const ROWS = LEVELS ** FACTORS;
const NOISE = 0.02;
const CORRELATION = 0.8;

type Columns = Float64Array[];

/** Value numbers of factors [factor][row]. */
function factorsOf(process: 'independent' | 'correlated'): Columns {
  const columns = Array.from({ length: FACTORS }, () => new Float64Array(ROWS));
  const draw = new Draw(1, 5100);
  for (let row = 0; row < ROWS; row++) {
    if (process === 'independent') {
      for (const [f, column] of columns.entries()) column[row] = Math.floor(row / LEVELS ** f) % LEVELS;
      continue;
    }
    // One normal that all share: values in the order of correlated normals, in bins of equal chance.
    const shared = normalQuantile(draw.uniform());
    for (const column of columns) {
      const own = normalQuantile(draw.uniform());
      const z = Math.sqrt(CORRELATION) * shared + Math.sqrt(1 - CORRELATION) * own;
      column[row] = Math.min(LEVELS - 1, Math.floor(LEVELS * normalCdf(z)));
    }
  }
  return columns;
}

/** To about 1e-7 (Abramowitz & Stegun 26.2.17): enough to put values into bins. */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z > 0 ? 1 - upper : upper;
}

interface Geometry {
  readonly name: string;
  /** True: each factor is in one latent of its own, and none has two; null where opinions differ. */
  readonly disentangled: boolean | null;
  /** Codes of standardised factors, [latent][row]. */
  codes(factors: Columns): Columns;
}

const combine = (columns: Columns, weights: readonly (readonly number[])[]): Columns =>
  weights.map((row) =>
    Float64Array.from({ length: columns[0].length }, (_, n) => row.reduce((sum, w, k) => sum + w * columns[k][n], 0)),
  );
const half = Math.SQRT1_2;
const noise = (deviation: number, columns: Columns): Columns => {
  const draw = new Draw(2, 5101);
  return columns.map((column) => column.map((value) => value + deviation * normalQuantile(draw.uniform())));
};
const constant = (columns: Columns, deviation: number): Columns =>
  noise(
    deviation,
    columns.map((column) => new Float64Array(column.length)),
  );

const geometries: readonly Geometry[] = [
  { name: 'aligned', disentangled: true, codes: (f) => f },
  { name: 'permuted, signs turned', disentangled: true, codes: ([a, b, c]) => [c.map((x) => -x), a, b] },
  {
    name: 'scaled 1 : .3 : .1',
    disentangled: true,
    codes: ([a, b, c]) => [a, b.map((x) => 0.3 * x), c.map((x) => 0.1 * x)],
  },
  { name: 'warped (x cubed)', disentangled: true, codes: (f) => f.map((column) => column.map((x) => x ** 3)) },
  { name: 'with dead latents', disentangled: true, codes: (f) => [...f, ...constant(f, 1e-3)] },
  { name: 'noisy (half a deviation)', disentangled: true, codes: (f) => noise(0.5, f) },
  { name: 'duplicated', disentangled: null, codes: (f) => [...f, ...f] },
  {
    name: 'one factor over two latents',
    disentangled: null,
    codes: ([a, b, c]) => [a.map(Math.abs), a.map(Math.sign), b, c],
  },
  {
    name: 'rotated, two by 45 degrees',
    disentangled: false,
    codes: (f) =>
      combine(f, [
        [half, half, 0],
        [half, -half, 0],
        [0, 0, 1],
      ]),
  },
  {
    name: 'rotated, all three',
    disentangled: false,
    codes: (f) =>
      combine(f, [
        [0.577, 0.577, 0.577],
        [half, -half, 0],
        [0.408, 0.408, -0.816],
      ]),
  },
  {
    name: 'two factors in one latent',
    disentangled: false,
    codes: ([a, b, c]) => [a.map((x, n) => x + b[n] / LEVELS), c, constant([c], 1)[0]],
  },
];

/** A score of disentangled codes below this share of the aligned ones' is a false alarm; of entangled ones above it, blindness. */
const SHARE = 0.8;

const standardised = (columns: Columns): Columns => {
  const middle = (LEVELS - 1) / 2;
  const deviation = Math.sqrt((LEVELS ** 2 - 1) / 12);
  return columns.map((column) => column.map((value) => (value - middle) / deviation));
};

export const scoreStudy: TableStudy = {
  name: 'scores',
  question: 'Which scores give false alarms on codes that are disentangled, and which are blind to codes that are not?',
  async tables(_, onProgress) {
    const tables: Table[] = [];
    for (const [p, process] of (['independent', 'correlated'] as const).entries()) {
      const factors = factorsOf(process);
      const known = standardised(factors);
      let aligned: Readonly<Record<ScoreOfStudy, number>> | undefined;
      const rows = geometries.map(({ name, disentangled, codes }, g) => {
        onProgress(`${process}, ${name}`, (p + g / geometries.length) / 2);
        const means = codes(known);
        const deviations = means.map((column) => new Float64Array(column.length).fill(NOISE));
        const { values } = scoresIn(means, deviations, noise(NOISE, means), factors);
        aligned ??= values;
        const verdict = (score: ScoreOfStudy): string => {
          const share = values[score] / (aligned as typeof values)[score];
          if (disentangled === true && share < SHARE) return ' !';
          return disentangled === false && share > SHARE ? ' ?' : '';
        };
        const truth = disentangled === null ? 'opinions differ' : disentangled ? 'disentangled' : 'entangled';
        return [name, truth, ...scoresOfStudies.map((score) => `${values[score].toFixed(2)}${verdict(score)}`)];
      });
      tables.push({
        title: `${process} factors`,
        about: `Three factors of ${LEVELS} values, ${process}. "!": a false alarm, below ${SHARE} of the aligned codes' score; "?": blind, above it.`,
        head: ['codes', 'truth', ...scoresOfStudies],
        rows,
      });
    }
    return tables;
  },
  told(tables) {
    const count = (score: ScoreOfStudy, mark: string) =>
      tables.reduce((sum, { head, rows }) => {
        const column = head.indexOf(score);
        return sum + rows.filter((row) => String(row[column]).endsWith(mark)).length;
      }, 0);
    const about = scoresOfStudies.map((score) => `${score} ${count(score, '!')} and ${count(score, '?')}`);
    return `False alarms and blind spots of each score, over ${tables.length} processes: ${about.join('; ')}.`;
  },
};
