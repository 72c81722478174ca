// DCI (Eastwood & Williams 2018): disentanglement, completeness and informativeness, read off the importance of every latent
// for predicting every factor. With boosted trees and accuracy, as disentanglement_lib has it, or with the lasso of
// standardised codes and factors, as in the paper; the two give different numbers.

import { InputError } from '../../../engine';
import { meanOf, varianceOf } from '../../../math/statistics';
import { Draw } from '../../information/draw';
import { type Columns, checkColumns, labelsOf, takeRows } from '../columns';
import { type BoostingOptions, boosting, boostingDefaults } from '../learners/boosting';
import { accuracy } from '../learners/classes';
import { lasso } from '../learners/lasso';
import { drawSplit, published } from '../protocol';

/** Learner, rows and penalty. */
export interface DciOptions extends Omit<BoostingOptions, 'onProgress'> {
  readonly mode: 'trees' | 'lasso';
  readonly trainRows: number;
  readonly testRows: number;
  /** The penalty of the lasso. */
  readonly alpha: number;
}

/** The trees and rows of disentanglement_lib's study; the penalty of the paper's own code. */
export const dciDefaults: DciOptions = { ...boostingDefaults, mode: 'trees', ...published, alpha: 0.02 };

/** Disentanglement, completeness and informativeness (Eastwood & Williams 2018). */
export interface Dci {
  /** The disentanglement: 1 where every latent matters for one factor at most. */
  readonly score: number;
  readonly disentanglement: number;
  /** 1 where every factor is told by one latent. */
  readonly completeness: number;
  /** Accuracy on test rows, mean over factors; for the lasso the share of variance explained there. */
  readonly informativeness: number;
  /**
   * Importance of every latent (row) for every factor (column). A lasso that predicts new rows no better than the factor's
   * mean, by three standard errors, has found nothing: its column is 0.
   */
  readonly importance: number[][];
  readonly perLatent: number[];
  readonly perFactor: number[];
  readonly informativenessOfFactor: number[];
  /** Those of the mode, with the rows that were used. */
  readonly constants: Partial<DciOptions>;
}

const PURPOSE = 7310;

/**
 * DCI of codes [latent][sample] for factors [factor][sample], whole numbers. `onProgress` is told the share of the work
 * done: trees cost about 3 ms for every value of a factor and stage at 10 latents and 10,000 rows. Throws InputError for
 * fewer than two latents or factors, columns that do not fit, or a factor that does not vary in the training rows.
 */
export function dci(
  codes: Columns,
  factors: Columns,
  options: Partial<DciOptions> = {},
  onProgress?: (share: number) => void,
): Dci {
  const constants = { ...dciDefaults, ...options };
  checkColumns('dci', codes, factors, { latents: 2, factors: 2 });
  const draw = new Draw(constants.seed, PURPOSE);
  const { train, test } = drawSplit(factors, constants.trainRows, constants.testRows, draw);
  const [fitted, fresh] = [takeRows(codes, train), takeRows(codes, test)];
  const learned = factors.map((factor, j) => {
    const done = (share: number) => onProgress?.((j + share) / factors.length);
    if (constants.mode === 'lasso') {
      const [known, unknown] = [train, test].map((rows) => takeRows([factor], rows)[0]);
      return byLasso(fitted, known, fresh, unknown, constants.alpha);
    }
    const { labels, values } = labelsOf(factor);
    const [known, unknown] = [train, test].map((rows) => rows.map((n) => labels[n]));
    const model = boosting(fitted, known, values.length, { ...constants, onProgress: done });
    return { importances: model.importances, right: accuracy(model.predict(fresh), unknown) };
  });
  const importance = codes.map((_, i) => learned.map(({ importances }) => importances[i]));
  const informativenessOfFactor = learned.map(({ right }) => right);
  const { score: disentangled, perRow: perLatent } = disentanglement(importance);
  const { score: complete, perRow: perFactor } = completeness(importance);
  return {
    score: disentangled,
    disentanglement: disentangled,
    completeness: complete,
    informativeness: meanOf(informativenessOfFactor),
    importance,
    perLatent,
    perFactor,
    informativenessOfFactor,
    constants: { ...constantsOf(constants), trainRows: train.length, testRows: test.length },
  };
}

/** Trees have no penalty, and the lasso no trees. */
function constantsOf({ alpha, ...trees }: DciOptions): Partial<DciOptions> {
  const { mode, seed } = trees;
  return mode === 'lasso' ? { mode, seed, alpha } : trees;
}

/** |Coefficients| of the lasso of a standardised factor on standardised codes, and the variance it explains in new rows. */
function byLasso(
  fitted: readonly Float64Array[],
  known: Float64Array,
  fresh: readonly Float64Array[],
  unknown: Float64Array,
  alpha: number,
): { importances: Float64Array; right: number } {
  const standard = (values: Float64Array, like: Float64Array): Float64Array => {
    const [mean, deviation] = [meanOf(like), Math.sqrt(varianceOf(like)) || 1];
    return values.map((value) => (value - mean) / deviation);
  };
  const target = standard(known, known);
  const { coefficients, intercept } = lasso(
    fitted.map((values) => standard(values, values)),
    target,
    alpha,
  );
  const scaled = fresh.map((values, i) => standard(values, fitted[i]));
  const truth = standard(unknown, known);
  const errors = truth.map((value, n) =>
    scaled.reduce((rest, x, i) => rest - coefficients[i] * x[n], value - intercept),
  );
  const variance = varianceOf(truth);
  if (!(variance > 0)) throw new InputError('dci: a factor does not vary in the test rows');
  const gains = truth.map((value, n) => value * value - errors[n] * errors[n]);
  const found = meanOf(gains) > SIGNIFICANT * Math.sqrt(varianceOf(gains, 1) / gains.length);
  return {
    importances: coefficients.map((weight) => (found ? Math.abs(weight) : 0)),
    right: 1 - meanOf(errors.map((e) => e * e)) / variance,
  };
}

/**
 * Standard errors by which a lasso must predict new rows better than the mean does. One that does not has found nothing, and
 * the few small weights that the penalty left would count as a perfectly disentangled code.
 */
const SIGNIFICANT = 3;

/** How concentrated each row of an importance matrix is, and the weighted mean. */
export interface Concentration {
  readonly score: number;
  /** Of every row, before weighing: 1 - entropy to the base of the row's length. */
  readonly perRow: number[];
}

/** Disentanglement of importances [latent][factor]: how far each latent serves one factor, weighed by its importance. */
export function disentanglement(importance: readonly ArrayLike<number>[]): Concentration {
  const perRow = importance.map((row) => 1 - relativeEntropy(row));
  const weights = importance.map((row) => total(row));
  const all = total(weights);
  // Where nothing is important all latents weigh the same, and each scores 0.
  const score = perRow.reduce((sum, value, i) => sum + value * (all === 0 ? 1 / weights.length : weights[i] / all), 0);
  return { score, perRow };
}

/** Completeness of importances [latent][factor]: how far each factor is told by one latent, weighed by its importance. */
export const completeness = (importance: readonly ArrayLike<number>[]): Concentration =>
  disentanglement(Array.from(importance[0], (_, j) => importance.map((row) => row[j])));

const total = (values: ArrayLike<number>): number => meanOf(values) * values.length;

/** Entropy of `values` as shares, to the base of their number; 1e-11 is added to each, as in disentanglement_lib. */
function relativeEntropy(values: ArrayLike<number>): number {
  const raised = Array.from(values, (value) => value + 1e-11);
  const all = total(raised);
  return -raised.reduce((sum, value) => sum + (value / all) * Math.log(value / all), 0) / Math.log(values.length);
}
