// Cases of arithmetic: functions of one and two numbers, reductions, and every kernel's edges.

import {
  abs,
  add,
  argmax,
  bernoulliNegativeLogLikelihood,
  broadcastTo,
  clip,
  clipByGlobalNorm,
  concat,
  constant,
  cos,
  cumulativeSum,
  div,
  equal,
  exp,
  expm1,
  gatherRows,
  globalNorm,
  greater,
  greaterEqual,
  leakyRelu,
  less,
  lessEqual,
  log,
  log1p,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  neg,
  notEqual,
  pairwiseLogDensity,
  pow,
  randomNormal,
  relu,
  sigmoid,
  sin,
  softmax,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  transpose,
  where,
  whereNotPositive,
  wherePositive,
} from '../../src/engine';
import { type Case, indices, positive, spaced, streamOf, tensor, tied } from './data';

export const unaryCases: Case[] = [
  ...Object.entries({ neg, exp, expm1, tanh, sigmoid, softplus, relu, abs, square, sin, cos }).map(([name, build]) => ({
    op: 'unary' as const,
    name,
    inputs: [tensor([3, 7])],
    build,
  })),
  ...Object.entries({ log, log1p, sqrt }).map(([name, build]) => ({
    op: 'unary' as const,
    name,
    inputs: [positive([5])],
    build,
  })),
  { op: 'unary', name: 'leakyRelu', inputs: [tensor([3, 7])], build: (x) => leakyRelu(x, 0.2) },
  { op: 'unary', name: 'clip', inputs: [spaced([3, 7])], build: (x) => clip(x, 0.105, 0.311) },
  ...[3, 2, 1, 0, -1, -3, 64].map(
    (e): Case => ({
      op: 'unary',
      name: `whole power ${e}`,
      inputs: [tensor([2, 3], 0.8, 1.2)],
      build: (x) => pow(x, e),
      flat: e === 0,
    }),
  ),
  ...[0.5, 2.5, -1.5].map(
    (e): Case => ({ op: 'unary', name: `power ${e}`, inputs: [positive([5])], build: (x) => pow(x, e) }),
  ),
  {
    op: 'unary',
    name: 'powers of what is not positive',
    inputs: [constant([-2, -1, -0, 0, Infinity, -Infinity, Number.NaN])],
    build: (x) => concat([pow(x, 3), pow(x, -2), pow(x, 0), pow(x, 0.5), pow(x, -0.5)], 0),
    differentiate: 0,
  },
  {
    op: 'unary',
    name: 'leakyRelu and clip of what is no number',
    inputs: [constant([-0, 0, Infinity, -Infinity, Number.NaN])],
    build: (x) => concat([leakyRelu(x, 0.5), clip(x, -1, 1)], 0),
    differentiate: 0,
  },
];

export const binaryFunctions = { add, sub, mul, div, maximum, minimum, wherePositive, whereNotPositive };

export const binaryCases: Case[] = Object.entries(binaryFunctions).flatMap(([name, build]) => {
  // A mask has no gradient for what decides it.
  const isMask = name.startsWith('where');
  const differentiate = isMask ? 1 : 2;
  const second = isMask ? tensor : positive;
  return [
    { op: 'binary', name: `${name} [3,5]`, inputs: [tensor([3, 5]), second([3, 5])], build, differentiate },
    {
      op: 'binary',
      name: `${name} [2,3,4] with [3,1]`,
      inputs: [tensor([2, 3, 4]), second([3, 1])],
      build,
      differentiate,
    },
    {
      op: 'binary',
      name: `${name} [1] with [2,1,2,3]`,
      inputs: [tensor([1]), second([2, 1, 2, 3])],
      build,
      differentiate,
    },
  ] satisfies Case[];
});

/** Equal ones among them, zeros of both signs, infinities and NaN. */
const compared = [tied([4, 20]), tied([4, 20])];

export const comparisonCases: Case[] = [
  ...Object.entries({ less, lessEqual, greater, greaterEqual, equal, notEqual }).flatMap(([name, build]): Case[] => [
    { op: 'binary', name, inputs: compared, build, differentiate: 0 },
    { op: 'binary', name: `${name} a number`, inputs: [compared[0]], build: (x) => build(x, 0), differentiate: 0 },
    { op: 'binary', name: `${name} itself`, inputs: [compared[0]], build: (x) => build(x, x), differentiate: 0 },
  ]),
  { op: 'where', name: 'of ties', inputs: compared, build: (x, y) => where(equal(x, y), x, 7), differentiate: 0 },
  { op: 'where', name: 'by what is not 0', inputs: [tied([30])], build: (x) => where(x, 1, x), differentiate: 0 },
  {
    op: 'where',
    name: 'with broadcasting',
    inputs: [tensor([3, 1]), tensor([2, 1, 4])],
    build: (x, y) => where(constant([1, 0, 1, 0]), x, y),
  },
];

export const axisCases: Case[] = [
  { op: 'min', name: 'of columns', inputs: [spaced([6, 4])], build: (x) => min(x, [0]) },
  { op: 'min', name: 'of the last axis', inputs: [spaced([3, 2, 5])], build: (x) => min(x, [-1], true) },
  { op: 'min', name: 'of ties', inputs: [tied([40])], build: (x) => min(x), differentiate: 0 },
  { op: 'argmax', name: 'of rows', inputs: [spaced([6, 4])], build: (x) => argmax(x) },
  { op: 'argmax', name: 'of columns', inputs: [tensor([3, 5, 4])], build: (x) => argmax(x, -2) },
  { op: 'argmax', name: 'of ties', inputs: [tied([2, 12])], build: (x) => argmax(x) },
  { op: 'cumulativeSum', name: 'of rows', inputs: [tensor([3, 7])], build: (x) => cumulativeSum(x) },
  { op: 'cumulativeSum', name: 'of the middle axis', inputs: [tensor([2, 5, 4])], build: (x) => cumulativeSum(x, 1) },
];

export const reduceCases: Case[] = [
  { op: 'sum', name: 'sum all of [7,5]', inputs: [tensor([7, 5])], build: (x) => sum(x) },
  { op: 'sum', name: 'sum rows of [2,9,8]', inputs: [tensor([2, 9, 8])], build: (x) => sum(x, [1]) },
  { op: 'sum', name: 'sum rows of [2,9,3]', inputs: [tensor([2, 9, 3])], build: (x) => sum(x, [1]) },
  { op: 'sum', name: 'sum of 5001 in two passes', inputs: [tensor([5001])], build: (x) => sum(x) },
  { op: 'sum', name: 'mean over two axes', inputs: [tensor([4, 3, 5])], build: (x) => mean(x, [0, 2], true) },
  { op: 'max', name: 'max of columns', inputs: [spaced([6, 4])], build: (x) => max(x, [0]) },
  { op: 'max', name: 'max of 3000 in two passes', inputs: [spaced([3000])], build: (x) => max(x) },
];

/** Numbers whose exponentials overflow, and an infinity. */
export const extremeCases: Case[] = [
  {
    op: 'logSumExp',
    name: 'logSumExp of large',
    inputs: [tensor([5, 7], -500, 500)],
    build: (x) => logSumExp(x, [1]),
    differentiate: 0,
  },
  {
    op: 'logSumExp',
    name: 'logSumExp of infinities',
    inputs: [constant(Float32Array.of(-Infinity, -Infinity, 1, Infinity), [2, 2])],
    // Infinities do not cross from the page as JSON; their tanh does.
    build: (x) => tanh(logSumExp(x, [1])),
    differentiate: 0,
  },
];

export const reductionCases: Case[] = [
  { op: 'logSumExp', name: 'logSumExp of rows', inputs: [tensor([5, 7], -4, 4)], build: (x) => logSumExp(x, [1]) },
  { op: 'logSumExp', name: 'logSumExp of everything', inputs: [tensor([3, 4, 5])], build: (x) => logSumExp(x) },
  { op: 'logSumExp', name: 'logSumExp in two passes', inputs: [tensor([2000])], build: (x) => logSumExp(x) },
  { op: 'logSumExp', name: 'softmax', inputs: [tensor([3, 6])], build: softmax },
  {
    op: 'sum',
    name: 'global norm',
    inputs: [tensor([2, 3]), tensor([2, 4, 2])],
    build: (x, y) => globalNorm([x, y]),
  },
  {
    op: 'binary',
    name: 'clip',
    inputs: [tensor([2, 3]), tensor([2, 9])],
    build: (x, y) => clipByGlobalNorm([x, y], 3.7)[0],
  },
  {
    op: 'pairwiseGaussian',
    name: '[2,4,5,3]',
    inputs: [tensor([2, 4, 3]), tensor([2, 5, 3]), tensor([2, 5, 3], -1, 1)],
    build: pairwiseLogDensity,
  },
];

/** One, around a vec4, around a workgroup: where a kernel that is wrong at an edge shows it. */
export const edgeCases: Case[] = [1, 3, 4, 5, 63, 64, 65].flatMap((n) => [
  { op: 'unary', name: `exp [${n}]`, inputs: [tensor([n])], build: exp },
  { op: 'binary', name: `sub [${n}]`, inputs: [tensor([n]), tensor([n])], build: sub },
  { op: 'binary', name: `mul [3,${n}] by row`, inputs: [tensor([3, n]), tensor([n])], build: mul },
  { op: 'binary', name: `mul [${n},8] by column`, inputs: [tensor([n, 8]), tensor([n, 1])], build: mul },
  { op: 'sum', name: `sum rows of [${n},${n + 1}]`, inputs: [tensor([n, n + 1])], build: (x) => sum(x, [1]) },
  { op: 'sum', name: `mean columns of [${n + 1},${n}]`, inputs: [tensor([n + 1, n])], build: (x) => mean(x, [0]) },
  { op: 'broadcastTo', name: `[${n},1] to [${n},6]`, inputs: [tensor([n, 1])], build: (x) => broadcastTo(x, [n, 6]) },
  {
    op: 'gatherRows',
    name: `rows of ${n} out of ${n}`,
    inputs: [tensor([n, n]), indices([7], n)],
    build: gatherRows,
  },
  { op: 'permute', name: `[${n},5]`, inputs: [tensor([n, 5])], build: transpose },
  { op: 'concat', name: `[2,${n}] twice`, inputs: [tensor([2, n])], build: (x) => concat([x, x], 1) },
  {
    op: 'bernoulliNll',
    name: `[2,${n}]`,
    inputs: [tensor([2, n]), tensor([2, n], 0, 1)],
    build: bernoulliNegativeLogLikelihood,
  },
  { op: 'matmul', name: `edge ${n}`, inputs: [tensor([1, n, 7]), tensor([1, 7, n])], build: (x, y) => matmul(x, y) },
  { op: 'random', name: `normal [${n}]`, inputs: [], build: () => randomNormal(streamOf(2), 2, [n]) },
]);
