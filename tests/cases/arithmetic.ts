// Cases of arithmetic: functions of one and two numbers, reductions, and every kernel's edges.

import {
  abs,
  add,
  bernoulliNegativeLogLikelihood,
  broadcastTo,
  clipByGlobalNorm,
  concat,
  constant,
  cos,
  div,
  exp,
  expm1,
  gatherRows,
  globalNorm,
  log,
  log1p,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  pairwiseLogDensity,
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
  whereNotPositive,
  wherePositive,
} from '../../src/engine';
import { type Case, indices, positive, spaced, streamOf, tensor } from './data';

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

export const reduceCases: Case[] = [
  { op: 'reduce', name: 'sum all of [7,5]', inputs: [tensor([7, 5])], build: (x) => sum(x) },
  { op: 'reduce', name: 'sum rows of [2,9,8]', inputs: [tensor([2, 9, 8])], build: (x) => sum(x, [1]) },
  { op: 'reduce', name: 'sum rows of [2,9,3]', inputs: [tensor([2, 9, 3])], build: (x) => sum(x, [1]) },
  { op: 'reduce', name: 'sum of 5001 in two passes', inputs: [tensor([5001])], build: (x) => sum(x) },
  { op: 'reduce', name: 'mean over two axes', inputs: [tensor([4, 3, 5])], build: (x) => mean(x, [0, 2], true) },
  { op: 'reduce', name: 'max of columns', inputs: [spaced([6, 4])], build: (x) => max(x, [0]) },
  { op: 'reduce', name: 'max of 3000 in two passes', inputs: [spaced([3000])], build: (x) => max(x) },
];

/** Numbers whose exponentials overflow, and an infinity. */
export const extremeCases: Case[] = [
  { op: 'reduce', name: 'logSumExp of large', inputs: [tensor([5, 7], -500, 500)], build: (x) => logSumExp(x, [1]) },
  {
    op: 'reduce',
    name: 'logSumExp of infinities',
    inputs: [constant(Float32Array.of(-Infinity, -Infinity, 1, Infinity), [2, 2])],
    // Infinities do not cross from the page as JSON; their tanh does.
    build: (x) => tanh(logSumExp(x, [1])),
  },
];

export const reductionCases: Case[] = [
  { op: 'reduce', name: 'logSumExp of rows', inputs: [tensor([5, 7], -4, 4)], build: (x) => logSumExp(x, [1]) },
  { op: 'reduce', name: 'logSumExp of everything', inputs: [tensor([3, 4, 5])], build: (x) => logSumExp(x) },
  { op: 'reduce', name: 'logSumExp in two passes', inputs: [tensor([2000])], build: (x) => logSumExp(x) },
  { op: 'reduce', name: 'softmax', inputs: [tensor([3, 6])], build: softmax },
  {
    op: 'reduce',
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
  { op: 'reduce', name: `sum rows of [${n},${n}]`, inputs: [tensor([n, n])], build: (x) => sum(x, [1]) },
  { op: 'reduce', name: `mean columns of [${n},${n}]`, inputs: [tensor([n, n])], build: (x) => mean(x, [0]) },
  { op: 'broadcastTo', name: `[${n},1] to [${n},6]`, inputs: [tensor([n, 1])], build: (x) => broadcastTo(x, [n, 6]) },
  {
    op: 'gatherRows',
    name: `rows of ${n} out of ${n}`,
    inputs: [tensor([n, n])],
    build: (x) => gatherRows(x, indices([7], n)),
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
