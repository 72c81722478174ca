// Cases of every op: a graph over random inputs. The GPU tests run them on both executors and compare; the unit tests
// differentiate them. Shapes include 1, odd numbers, one less and one more than a tile.

import {
  constant,
  gradient,
  linear,
  logSumExp,
  matmul,
  max,
  min,
  mul,
  sizeOf,
  sum,
  type Tensor,
} from '../../src/engine';
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
import { type Case, numbers, tensor, tied } from './data';
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

/** What is long enough for a GPU's plans to cut it, and for a workgroup to take a row. */
export const longCases: Case[] = [
  { op: 'sum', name: 'of 5000', inputs: [tensor([5000], 0, 1)], build: (x) => sum(x) },
  { op: 'sum', name: 'of rows of 100', inputs: [tensor([7, 100], 0, 1)], build: (x) => sum(x, [1]) },
  { op: 'sum', name: 'of 3000 rows', inputs: [tensor([3000, 6], 0, 1)], build: (x) => sum(x, [0]) },
  { op: 'max', name: 'of 5000', inputs: [tensor([5000])], build: (x) => max(x), differentiate: 0 },
  {
    op: 'max',
    name: 'of rows with ties and NaN',
    inputs: [tied([3, 100])],
    build: (x) => max(x, [1]),
    differentiate: 0,
  },
  {
    op: 'min',
    name: 'of rows with ties and NaN',
    inputs: [tied([3, 100])],
    build: (x) => min(x, [1]),
    differentiate: 0,
  },
  { op: 'logSumExp', name: 'of rows of 300', inputs: [tensor([3, 300])], build: (x) => logSumExp(x, [1]) },
  { op: 'logSumExp', name: 'of 5000', inputs: [tensor([5000])], build: (x) => logSumExp(x) },
  {
    op: 'matmul',
    name: 'a layer of 2000 rows, and the sums of its bias',
    inputs: [tensor([1, 2000, 12], 0, 1), tensor([1, 12, 20], 0, 1), tensor([1, 20])],
    build: (x, w, b) => linear(x, w, b),
  },
  {
    op: 'matmul',
    name: 'odd sizes in slices',
    inputs: [tensor([2, 5, 999], 0, 1), tensor([2, 999, 7], 0, 1)],
    build: (x, y) => matmul(x, y),
  },
];

export const differentiableCases: readonly Case[] = forwardCases.filter(isDifferentiable);
export const cases: readonly Case[] = [
  ...forwardCases,
  ...extremeCases,
  ...variantCases,
  ...gradientCases,
  ...updateCases,
];
