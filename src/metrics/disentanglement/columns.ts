// The two tables every score takes: codes [latent][sample] and factors [factor][sample], and what must be true of them.

import { InputError } from '../../engine';

/** One array of samples for every latent or factor. */
export type Columns = readonly ArrayLike<number>[];

/** What a score asks for at least. */
export interface Least {
  readonly latents?: number;
  readonly factors?: number;
}

/**
 * Throws InputError where codes [latent][sample] and factors [factor][sample] cannot be scored: too few of either, columns
 * of different lengths, a code that is not a finite number, a factor that is not a whole number from 0 or does not vary.
 */
export function checkColumns(score: string, codes: Columns, factors: Columns, least: Least = {}): void {
  const { latents: leastLatents = 1, factors: leastFactors = 1 } = least;
  if (codes.length < leastLatents)
    throw new InputError(`${score} needs at least ${counted(leastLatents, 'latent')}, not ${codes.length}`);
  if (factors.length < leastFactors)
    throw new InputError(`${score} needs at least ${counted(leastFactors, 'factor')}, not ${factors.length}`);
  const samples = codes[0].length;
  if (samples < 2) throw new InputError(`${score} needs at least two samples, not ${samples}`);
  for (const values of [...codes, ...factors]) {
    if (values.length !== samples)
      throw new InputError(`${score}: ${values.length} samples where there should be ${samples}`);
  }
  for (const [i, values] of codes.entries()) {
    for (let n = 0; n < samples; n++) {
      if (!Number.isFinite(values[n])) throw new InputError(`codes: latent ${i} is ${values[n]} in row ${n}`);
    }
  }
  for (const [j, values] of factors.entries()) checkFactor(score, values, j);
}

function checkFactor(score: string, values: ArrayLike<number>, j: number): void {
  for (let n = 0; n < values.length; n++) {
    if (!Number.isInteger(values[n]) || values[n] < 0)
      throw new InputError(
        `factors: factor ${j} is ${values[n]} in row ${n}; a factor is the number of its value: 0, 1, 2, ...`,
      );
  }
  if (!varies(values)) throw new InputError(`${score}: factor ${j} does not vary`);
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The given rows of every column, in the order given. */
export const takeRows = (columns: Columns, rows: ArrayLike<number>): Float64Array[] =>
  columns.map((values) => {
    // A loop: `from` with a function takes ten times as long, and whole data sets go through here.
    const taken = new Float64Array(rows.length);
    for (let i = 0; i < taken.length; i++) taken[i] = values[rows[i]];
    return taken;
  });

/** False where all values are the same. A variance would not do: of many equal numbers it is not quite 0. */
export function varies(values: ArrayLike<number>): boolean {
  for (let n = 1; n < values.length; n++) if (values[n] !== values[0]) return true;
  return false;
}

/** A factor as labels 0, 1, 2, ... of the values that occur, in ascending order. */
export interface Labels {
  readonly labels: Int32Array;
  /** The value of every label. */
  readonly values: readonly number[];
}

/** Values are numbers that may leave gaps, such as 0, 45, 90: a table by value would be as large as the largest. */
export function labelsOf(factor: ArrayLike<number>): Labels {
  const values = valuesOf(factor);
  if (values.length - 1 === values[values.length - 1]) return { labels: new Int32Array(factor), values };
  const labelOf = new Map(values.map((value, label) => [value, label]));
  const labels = new Int32Array(factor.length);
  for (let n = 0; n < labels.length; n++) labels[n] = labelOf.get(factor[n]) ?? 0;
  return { labels, values };
}

/** Values below this are looked up in a table, which is faster than a set. */
const TABLE = 2 ** 16;

/** The whole numbers that occur, ascending. */
function valuesOf(factor: ArrayLike<number>): number[] {
  let largest = 0;
  for (let n = 0; n < factor.length; n++) if (factor[n] > largest) largest = factor[n];
  if (largest >= TABLE) return [...new Set(Array.from(factor))].sort((a, b) => a - b);
  const seen = new Uint8Array(largest + 1);
  for (let n = 0; n < factor.length; n++) seen[factor[n]] = 1;
  return [...seen.keys()].filter((value) => seen[value] === 1);
}
