// MCC, the mean correlation after the best assignment of latents to factors (Hyvarinen & Morioka 2016): the usual score of
// independent component analysis. Linear (Pearson) or of ranks (Spearman); the sign does not matter.

import { dot, transpose } from '../../../math/matrix';
import { meanOf } from '../../../math/statistics';
import { assign } from '../assignment';
import { type Columns, checkColumns } from '../columns';

/** Which correlation. */
export interface MccOptions {
  readonly correlation: 'pearson' | 'spearman';
}

/** Pearson, as published. */
export const mccDefaults: MccOptions = { correlation: 'pearson' };

/** Mean largest correlation, one latent for each factor. */
export interface Mcc {
  /** The mean |correlation| over matched pairs: as many as there are latents or factors, whichever are fewer. */
  readonly score: number;
  /** The latent matched with every factor, or -1. */
  readonly latentOf: number[];
  /** |Correlation| of every latent (row) with every factor (column). */
  readonly correlations: number[][];
  readonly constants: MccOptions;
}

/**
 * MCC of codes [latent][sample] for factors [factor][sample], whole numbers whose order means something. A latent that does
 * not vary correlates with nothing. Throws InputError for columns that do not fit.
 */
export function mcc(codes: Columns, factors: Columns, options: Partial<MccOptions> = {}): Mcc {
  const constants = { ...mccDefaults, ...options };
  checkColumns('mcc', codes, factors);
  const correlations = correlationsOf(codes, factors, constants.correlation);
  const latentOf = factors.map(() => -1);
  if (codes.length <= factors.length) {
    assign(correlations).forEach((j, i) => {
      latentOf[j] = i;
    });
  } else {
    assign(transpose(correlations)).forEach((i, j) => {
      latentOf[j] = i;
    });
  }
  const matched = latentOf.flatMap((i, j) => (i < 0 ? [] : [correlations[i][j]]));
  return { score: meanOf(matched), latentOf, correlations, constants };
}

/** |Correlation| of every column of `a` (row) with every column of `b` (column); 0 where one does not vary. */
export function correlationsOf(a: Columns, b: Columns, kind: 'pearson' | 'spearman'): number[][] {
  const unit = (columns: Columns) => columns.map((values) => unitVector(kind === 'spearman' ? ranks(values) : values));
  const [left, right] = [unit(a), unit(b)];
  return left.map((x) => right.map((y) => Math.abs(dot(x, y))));
}

/** Centred and of length 1, or zeros. */
function unitVector(values: ArrayLike<number>): Float64Array {
  const mean = meanOf(values);
  const centred = Float64Array.from(values, (value) => value - mean);
  const length = Math.sqrt(dot(centred, centred));
  return centred.map((value) => (length > 0 ? value / length : 0));
}

/** Ranks from 0, equal values by their mean rank. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Int32Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const result = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    for (let p = first; p < end; p++) result[order[p]] = (first + end - 1) / 2;
    first = end;
  }
  return result;
}
