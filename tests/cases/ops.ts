// Cases of every op: a graph over random inputs. The GPU tests run them on both executors and compare; the unit tests
// differentiate them. Shapes include 1, odd numbers, one less and one more than a tile.

import { constant, gradient, mul, sizeOf, sum, type Tensor } from '../../src/engine';
import type { rules } from '../../src/engine/ops';
import { binaryCases, edgeCases, extremeCases, reduceCases, reductionCases, unaryCases } from './arithmetic';
import { type Case, numbers } from './data';
import { convolutionCases, matmulCases, splitEpilogue, triangularCases, variantCases } from './products';
import { gaussianCases, otherCases, rampCases, selectionCases, shapeCases } from './structure';

export { numbers } from './data';

const forwardCases: Case[] = [
  splitEpilogue,
  ...unaryCases,
  ...binaryCases,
  ...matmulCases,
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

const differentiable = new Set(['unary', 'binary', 'matmul', 'reduce', 'klGaussian', 'gaussianTotalCorrelation']);
for (const op of ['sampleGaussian', 'gaussianHead', 'broadcastTo', 'bernoulliNll']) differentiable.add(op);
for (const op of [
  'assemble',
  'concat',
  'gatherRows',
  'gatherColumns',
  'pairwiseGaussian',
  'patches',
  'permute',
  'place',
])
  differentiable.add(op);
for (const op of ['scatterRows', 'scatterColumns', 'slice']) differentiable.add(op);
for (const op of ['triangularMultiply', 'triangularOuter', 'triangularSolve']) differentiable.add(op);

export const isDifferentiable = (c: Case): boolean => differentiable.has(c.op);

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

/** The gradients of the forward cases, as cases of their own. */
const gradientCases: Case[] = forwardCases.filter(isDifferentiable).map((c) => ({
  op: gradientOp[c.op] ?? c.op,
  name: `gradient of ${c.name}`,
  inputs: c.inputs,
  build: (...inputs) => gradient(weightedLoss(c.build(...inputs)), inputs.slice(0, 1))[0],
}));

export const differentiableCases: readonly Case[] = forwardCases.filter(isDifferentiable);
export const cases: readonly Case[] = [...forwardCases, ...extremeCases, ...variantCases, ...gradientCases];
