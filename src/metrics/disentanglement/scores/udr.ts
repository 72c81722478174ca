// UDR, unsupervised disentanglement ranking (Duan et al. 2020): models of the same data that found the same latents, up to
// order and sign, are likely disentangled. It needs several models and no factors. After disentanglement_lib's `udr.py`,
// where the divergence below which a latent is silent stands twice, once as a number; here it is one setting.

import { InputError } from '../../../engine';
import { transpose } from '../../../math/matrix';
import { meanOf, sumOf, varianceOf } from '../../../math/statistics';
import type { Columns } from '../columns';
import { lasso } from '../learners/lasso';
import { correlationsOf } from './mcc';

/** One model for UDR: its codes, and how far each latent is from the prior. */
export interface UdrModel {
  /** Codes [latent][sample] of the same samples as those of the other models. */
  readonly codes: Columns;
  /** Mean KL(q(z_i|x) || p(z_i)) of every latent, nats: a latent that says nothing is left out. */
  readonly divergence: ArrayLike<number>;
}

/** Protocol of UDR. */
export interface UdrOptions {
  /** What ties a latent of one model to one of another: lasso coefficients or rank correlation. */
  readonly relation: 'lasso' | 'spearman';
  readonly alpha: number;
  /** A latent of no more divergence is left out, nats. */
  readonly leastDivergence: number;
}

/** The published settings; it takes 1,000 samples. */
export const udrDefaults: UdrOptions = { relation: 'lasso', alpha: 0.1, leastDivergence: 0.01 };

/** Unsupervised disentanglement ranking (Duan et al. 2020) of every model. */
export interface Udr {
  /** Every model's score: the median over the other models. */
  readonly scores: number[];
  /** The score of predicting a model (column) from another (row); 0 on the diagonal. */
  readonly pairs: number[][];
  readonly constants: UdrOptions;
}

/** UDR of at least two models. Throws InputError for fewer, or codes of different numbers of samples. */
export function udr(models: readonly UdrModel[], options: Partial<UdrOptions> = {}): Udr {
  const constants = { ...udrDefaults, ...options };
  if (models.length < 2) throw new InputError(`udr compares models and needs at least two, not ${models.length}`);
  const samples = models[0].codes[0]?.length;
  const active = models.map(({ codes, divergence }, m) => {
    if (divergence.length !== codes.length)
      throw new InputError(`udr: model ${m} has ${codes.length} latents and ${divergence.length} divergences`);
    for (const values of codes)
      if (values.length !== samples)
        throw new InputError(`udr: model ${m} has ${values.length} samples where model 0 has ${samples}`);
    return codes.filter((_, i) => divergence[i] > constants.leastDivergence).map(standardise);
  });
  const pairs = active.map((from, a) =>
    active.map((to, b) => (a === b ? 0 : relativeStrength(relationOf(from, to, constants)))),
  );
  const scores = models.map((_, b) => median(pairs.flatMap((row, a) => (a === b ? [] : [row[b]]))));
  return { scores, pairs, constants };
}

/** The strength of every latent of one model (row) for every latent of another (column). */
function relationOf(from: readonly Float64Array[], to: readonly Float64Array[], options: UdrOptions): number[][] {
  if (options.relation === 'spearman') return correlationsOf(from, to, 'spearman');
  const columns = to.map((target) => lasso(from, target, options.alpha).coefficients.map(Math.abs));
  return from.map((_, i) => columns.map((column) => column[i]));
}

/**
 * How near a matrix of strengths [row][column] is to one of ones and zeros with a single one in every row and column: the
 * mean of largest^2 / sum over columns and over rows, halved. An empty row or column counts 0.
 */
export function relativeStrength(strengths: readonly (readonly number[])[]): number {
  if (strengths.length === 0 || strengths[0].length === 0) return 0;
  const strength = (values: readonly number[]): number => {
    const sum = sumOf(values);
    return sum > 0 ? Math.max(...values) ** 2 / sum : 0;
  };
  return (meanOf(transpose(strengths).map(strength)) + meanOf(strengths.map(strength))) / 2;
}

function standardise(values: ArrayLike<number>): Float64Array {
  const [mean, deviation] = [meanOf(values), Math.sqrt(varianceOf(values)) || 1];
  return Float64Array.from(values, (value) => (value - mean) / deviation);
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}
