// Explicitness (Ridgeway & Mozer 2018) as disentanglement_lib computes it: how well a linear classifier reads each factor
// off all latents together, by the area under the ROC curve of each value. It sees whether the information is there, not
// where: any rotation of a code scores the same.

import { InputError } from '../../../engine';
import { meanOf, varianceOf } from '../../../math/statistics';
import { Draw } from '../../information/draw';
import { type Columns, checkColumns, labelsOf, takeRows } from '../columns';
import { logisticRegression } from '../learners/logistic';
import { drawSplit, published as rows } from '../protocol';

const published = {
  ...rows,
  classifier: 'multinomial logistic regression of standardised codes, L2, C = 1',
  /** Of L-BFGS, and the gradient a sample at which it stops: scikit-learn's numbers; going on moves the area by 5e-5. */
  maxIterations: 100,
  tolerance: 1e-4,
  average: 'macro mean over values, mean over factors',
};

/** Rows and penalty of the classifier. */
export interface ExplicitnessOptions {
  readonly seed: number;
  readonly trainRows: number;
  readonly testRows: number;
  readonly maxIterations: number;
  readonly tolerance: number;
}

/** The published protocol. */
export const explicitnessDefaults: ExplicitnessOptions = { seed: 0, ...published };

/** Area under ROC of a linear classifier, by factor and in the mean. */
export interface Explicitness {
  /** The mean area over factors, on test rows. */
  readonly score: number;
  readonly perFactor: number[];
  /** Values [factor] that no test row has (or all have): they have no area, and are left out of the mean. */
  readonly valuesLeftOut: number[][];
  readonly constants: typeof published & ExplicitnessOptions;
}

const PURPOSE = 3004;

/**
 * Explicitness of codes [latent][sample] for factors [factor][sample], whole numbers. Throws InputError for columns that do
 * not fit, or a factor that does not vary in the test rows.
 */
export function explicitness(
  codes: Columns,
  factors: Columns,
  options: Partial<ExplicitnessOptions> = {},
): Explicitness {
  const constants = { ...published, ...explicitnessDefaults, ...options };
  checkColumns('explicitness', codes, factors);
  const draw = new Draw(constants.seed, PURPOSE);
  const { train, test } = drawSplit(factors, constants.trainRows, constants.testRows, draw);
  const fitted = takeRows(codes, train);
  const scales = fitted.map((values) => ({ mean: meanOf(values), deviation: Math.sqrt(varianceOf(values)) || 1 }));
  const standard = (columns: Float64Array[]) =>
    columns.map((values, i) => values.map((value) => (value - scales[i].mean) / scales[i].deviation));
  const [features, fresh] = [standard(fitted), standard(takeRows(codes, test))];
  const found = factors.map(labelsOf).map(({ labels: all, values }, j) => {
    const model = logisticRegression(
      features,
      train.map((n) => all[n]),
      values.length,
      { maxIterations: constants.maxIterations, tolerance: constants.tolerance },
    );
    const labels = test.map((n) => all[n]);
    const areas = model.probabilities(fresh).map((scores, value) => areaUnderCurve(scores, labels, value));
    const known = areas.filter((area) => area !== undefined);
    if (known.length === 0) throw new InputError(`explicitness: factor ${j} does not vary in the test rows`);
    return { area: meanOf(known), leftOut: values.filter((_, label) => areas[label] === undefined) };
  });
  const perFactor = found.map(({ area }) => area);
  return {
    score: meanOf(perFactor),
    perFactor,
    valuesLeftOut: found.map(({ leftOut }) => leftOut),
    constants: { ...constants, trainRows: train.length, testRows: test.length },
  };
}

/** The chance that a sample labelled `value` scores above one that is not, ties by half (Mann & Whitney 1947). */
export function areaUnderCurve(scores: Float64Array, labels: Int32Array, value: number): number | undefined {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b]);
  let positives = 0;
  let rankSum = 0;
  for (let first = 0; first < order.length; ) {
    let end = first;
    let inside = 0;
    while (end < order.length && scores[order[end]] === scores[order[first]]) {
      if (labels[order[end]] === value) inside += 1;
      end++;
    }
    positives += inside;
    rankSum += (inside * (first + 1 + end)) / 2;
    first = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
