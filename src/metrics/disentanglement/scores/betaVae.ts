// The beta-VAE score (Higgins et al. 2017) as disentanglement_lib computes it: pairs of samples share one factor, and a
// linear classifier must tell which from the mean absolute difference of their codes. It saturates: a rotated code passes.

import { Draw } from '../../information/draw';
import { type Columns, checkColumns } from '../columns';
import { FactorIndex } from '../factorIndex';
import { accuracy } from '../learners/classes';
import { logisticRegression } from '../learners/logistic';
import { published as rows } from '../protocol';
import { RowMajor } from '../rowMajor';

const published = {
  /** Pairs behind one difference. */
  pairs: 64,
  trainPoints: rows.trainRows,
  testPoints: rows.testRows,
  classifier: 'multinomial logistic regression, L2, C = 1, converged',
  /** Rows every value of a factor must have: pairs are drawn within the rows given. */
  leastRowsOfValue: 2,
};

/** Rows and pairs of the published protocol. */
export interface BetaVaeOptions {
  readonly seed: number;
  readonly pairs: number;
  readonly trainPoints: number;
  readonly testPoints: number;
}

/** The published protocol (Higgins et al. 2017, as in disentanglement_lib). */
export const betaVaeDefaults: BetaVaeOptions = { seed: 0, ...published };

/** The score, and what it rests on. */
export interface BetaVae {
  /** Accuracy on points that were not fitted. */
  readonly score: number;
  readonly trainAccuracy: number;
  readonly constants: typeof published & BetaVaeOptions;
}

const PURPOSE = 3001;

/**
 * The beta-VAE score of codes [latent][sample] for factors [factor][sample], whole numbers. Throws InputError for fewer than
 * two factors, columns that do not fit, or a factor value with a single row.
 */
export function betaVae(codes: Columns, factors: Columns, options: Partial<BetaVaeOptions> = {}): BetaVae {
  const constants = { ...published, ...betaVaeDefaults, ...options };
  checkColumns('betaVae', codes, factors, { factors: 2 });
  const index = new FactorIndex(factors, 'betaVae', constants.leastRowsOfValue);
  const table = new RowMajor(codes);
  const draw = new Draw(constants.seed, PURPOSE);
  const points = (count: number) => differences(table, index, factors.length, constants.pairs, count, draw);
  const train = points(constants.trainPoints);
  const test = points(constants.testPoints);
  const model = logisticRegression(train.features, train.labels, factors.length);
  return {
    score: accuracy(model.predict(test.features), test.labels),
    trainAccuracy: accuracy(model.predict(train.features), train.labels),
    constants,
  };
}

/** `count` mean absolute differences [latent][point], each labelled with the factor its pairs share. */
function differences(table: RowMajor, index: FactorIndex, factors: number, pairs: number, count: number, draw: Draw) {
  const { width, data } = table;
  const features = Array.from({ length: width }, () => new Float64Array(count));
  const labels = new Int32Array(count);
  const total = new Float64Array(width);
  for (let point = 0; point < count; point++) {
    const shared = draw.below(factors);
    total.fill(0);
    for (let pair = 0; pair < pairs; pair++) {
      const first = index.any(draw);
      const a = first * width;
      const b = index.partner(first, shared, draw) * width;
      for (let i = 0; i < width; i++) total[i] += Math.abs(data[a + i] - data[b + i]);
    }
    labels[point] = shared;
    for (let i = 0; i < width; i++) features[i][point] = total[i] / pairs;
  }
  return { features, labels };
}
