// Cases of every op: a graph over random inputs. The GPU tests run them on both executors and compare; the unit tests
// differentiate them. Shapes include 1, odd numbers, one less and one more than a tile.

import { constant, gradient, mul, sizeOf, sum, type Tensor } from '../../src/engine';
import { rules } from '../../src/engine/ops';
import {
  axisCases,
  binaryCases,
  comparisonCases,
  edgeCases,
  extremeCases,
  reduceCases,
  reductionCases,
  unaryCases,
} from './arithmetic';
import { type Case, numbers } from './data';
import { convolutionCases, flatCases, matmulCases, splitEpilogue, triangularCases, variantCases } from './products';
import { gaussianCases, otherCases, rampCases, selectionCases, shapeCases } from './structure';
import { updateCases } from './updates';

export { numbers } from './data';

const forwardCases: Case[] = [
  splitEpilogue,
  ...unaryCases,
  ...binaryCases,
  ...comparisonCases,
  ...axisCases,
  ...matmulCases,
  ...flatCases,
  ...reduceCases,
  ...gaussianCases,
  ...otherCases,
  ...convolutionCases,
  ...shapeCases,
  ...selectionCases,
  ...triangularCases,
  ...reductionCases,
  ...rampCases,
  ...edgeCases,
];

export const isDifferentiable = ({ op, differentiate }: Case): boolean =>
  typeof rules[op].gradient === 'function' && differentiate !== 0;

/** A loss that weights every entry of a case's output differently, so that no error can cancel. */
export function weightedLoss(output: Tensor): Tensor {
  return sum(mul(output, constant(numbers(sizeOf(output.shape), 0.5, 1.5, 999), output.shape)));
}

const gradientOp: Partial<Record<string, keyof typeof rules>> = {
  klGaussian: 'klGaussianGradient',
  gaussianTotalCorrelation: 'gaussianTotalCorrelationGradient',
  sampleGaussian: 'sampleGaussianGradient',
  gaussianHead: 'gaussianHeadGradient',
  bernoulliNll: 'bernoulliNllGradient',
};

/** Of the ops whose gradient is an op of its own: cases of that one. Its own gradient is looked at where second orders are. */
const gradientCases: Case[] = forwardCases.flatMap((c) => {
  const op = gradientOp[c.op];
  if (op === undefined) return [];
  const build = (...inputs: Tensor[]) => gradient(weightedLoss(c.build(...inputs)), inputs.slice(0, 1))[0];
  return [{ op, name: `gradient of ${c.name}`, inputs: c.inputs, build, differentiate: 0 }];
});

export const differentiableCases: readonly Case[] = forwardCases.filter(isDifferentiable);
export const cases: readonly Case[] = [
  ...forwardCases,
  ...extremeCases,
  ...variantCases,
  ...gradientCases,
  ...updateCases,
];
