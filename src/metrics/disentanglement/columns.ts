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
  let varies = false;
  for (let n = 0; n < values.length; n++) {
    if (!Number.isInteger(values[n]) || values[n] < 0)
      throw new InputError(
        `factors: factor ${j} is ${values[n]} in row ${n}; a factor is the number of its value: 0, 1, 2, ...`,
      );
    varies ||= values[n] !== values[0];
  }
  if (!varies) throw new InputError(`${score}: factor ${j} does not vary`);
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

/** One more than the largest value: how many values a factor is known to have. */
export function levelsOf(factor: ArrayLike<number>): number {
  let levels = 0;
  for (let n = 0; n < factor.length; n++) levels = Math.max(levels, factor[n] + 1);
  return levels;
}

export const meanOf = (values: ArrayLike<number>): number => {
  let total = 0;
  for (let n = 0; n < values.length; n++) total += values[n];
  return total / values.length;
};

/** The mean square distance from the mean; `lost` degrees of freedom are 1 for the unbiased variance. */
export function varianceOf(values: ArrayLike<number>, lost = 0): number {
  const mean = meanOf(values);
  let total = 0;
  for (let n = 0; n < values.length; n++) total += (values[n] - mean) ** 2;
  return total / (values.length - lost);
}
