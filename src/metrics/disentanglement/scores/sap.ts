// SAP, separated attribute predictability (Kumar et al. 2018), in disentanglement_lib's two modes: how much better the best
// latent predicts a factor, alone, than the second best. `sapDiscrete` predicts with a linear support vector machine, which
// can tell little more than the extreme values from one feature: 0.245 is all a perfect code of dSprites gets.
// `sapContinuous` squares the correlation. They are different numbers.

import { covarianceOf, meanOf, varianceOf } from '../../../math/statistics';
import { Draw } from '../../information/draw';
import { type Columns, checkColumns, labelsOf, takeRows } from '../columns';
import { accuracy } from '../learners/classes';
import { linearSvm } from '../learners/linearSvm';
import { drawSplit, published as rows } from '../protocol';

const publishedDiscrete = {
  ...rows,
  classifier: 'linear SVM, squared hinge, one against the rest, balanced, bias penalised',
  c: 0.01,
};

const publishedContinuous = {
  /** A latent of less variance predicts nothing. */
  leastVariance: 1e-12,
} as const;

/** Rows and penalty of the protocol. */
export interface SapOptions {
  readonly seed: number;
  readonly trainRows: number;
  readonly testRows: number;
  readonly c: number;
}

/** The published protocol. */
export const sapDefaults: SapOptions = { seed: 0, ...publishedDiscrete };

/** Separated attribute predictability (Kumar et al. 2018), and the matrix behind it. */
export interface Sap {
  /** The mean gap over factors. */
  readonly score: number;
  readonly gaps: number[];
  /** How well every latent (row) predicts every factor (column): accuracy on test rows, or squared correlation. */
  readonly predictability: number[][];
}

const PURPOSE = 3003;

/**
 * SAP with the linear SVM, for codes [latent][sample] and factors [factor][sample], whole numbers. Throws InputError for
 * fewer than two latents, or columns that do not fit.
 */
export function sapDiscrete(
  codes: Columns,
  factors: Columns,
  options: Partial<SapOptions> = {},
): Sap & { readonly constants: typeof publishedDiscrete & SapOptions } {
  const constants = { ...publishedDiscrete, ...sapDefaults, ...options };
  checkColumns('sapDiscrete', codes, factors, { latents: 2 });
  const draw = new Draw(constants.seed, PURPOSE);
  const { train, test } = drawSplit(factors, constants.trainRows, constants.testRows, draw);
  const [fitted, fresh] = [takeRows(codes, train), takeRows(codes, test)];
  const labelled = factors.map(labelsOf).map(({ labels, values }) => ({
    classes: values.length,
    fitted: train.map((n) => labels[n]),
    fresh: test.map((n) => labels[n]),
  }));
  const predictability = fitted.map((feature, i) =>
    labelled.map(({ classes, ...known }) => {
      const model = linearSvm(feature, known.fitted, classes, { c: constants.c, balanced: true });
      return accuracy(model.predict(fresh[i]), known.fresh);
    }),
  );
  const used = { trainRows: train.length, testRows: test.length };
  return { ...sapOf(predictability), constants: { ...constants, ...used } };
}

/**
 * SAP with the squared correlation, over all rows of codes [latent][sample] and factors [factor][sample]. Throws InputError
 * for fewer than two latents, or columns that do not fit.
 */
export function sapContinuous(
  codes: Columns,
  factors: Columns,
): Sap & { readonly constants: typeof publishedContinuous } {
  checkColumns('sapContinuous', codes, factors, { latents: 2 });
  const predictability = codes.map((code) => factors.map((factor) => squaredCorrelation(code, factor)));
  return { ...sapOf(predictability), constants: publishedContinuous };
}

function sapOf(predictability: number[][]): Sap {
  const gaps = predictability[0].map((_, j) => {
    const [best, second] = predictability.map((row) => row[j]).sort((a, b) => b - a);
    return best - second;
  });
  return { score: meanOf(gaps), gaps, predictability };
}

function squaredCorrelation(code: ArrayLike<number>, factor: ArrayLike<number>): number {
  const variance = varianceOf(code);
  if (variance <= publishedContinuous.leastVariance) return 0;
  return covarianceOf(code, factor) ** 2 / (variance * varianceOf(factor));
}
