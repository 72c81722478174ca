// Cases of every op: a graph over random inputs. The GPU tests run them on both executors and compare; the unit tests
// differentiate them. Shapes include 1, odd numbers, one less and one more than a tile.

import {
  abs,
  add,
  bernoulliNegativeLogLikelihood,
  boundGaussian,
  broadcastTo,
  constant,
  div,
  exp,
  expm1,
  gatherRows,
  gradient,
  klToStandardNormal,
  linear,
  log,
  log1p,
  max,
  maximum,
  mean,
  minimum,
  mul,
  multiply,
  neg,
  pack,
  packedWidth,
  randomIndices,
  randomNormal,
  randomUniform,
  relu,
  type Shape,
  sampleGaussians,
  sigmoid,
  sizeOf,
  softplus,
  sqrt,
  sub,
  sum,
  type Tensor,
  tanh,
  totalCorrelationOf,
  whereNotPositive,
  wherePositive,
} from '../../src/engine';
import type { rules } from '../../src/engine/ops';
import { type Block, threefry, uniformF } from '../../src/engine/random/threefry';

export interface Case {
  readonly op: keyof typeof rules;
  readonly name: string;
  readonly inputs: readonly Tensor[];
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** How many of the inputs, from the first, have a gradient; all by default. */
  readonly differentiate?: number;
  /** The gradient is 0 everywhere here, and should be. */
  readonly flat?: boolean;
}

let stream = 0;

/** Uniform numbers in [low, high), the same in every run. */
export function numbers(count: number, low = -2, high = 2, seed = stream++): Float32Array {
  const key: Block = [seed, 77];
  return Float32Array.from({ length: count }, (_, i) => low + (high - low) * uniformF(threefry(key, [i, 0])[0]));
}

const tensor = (shape: Shape, low?: number, high?: number): Tensor =>
  constant(numbers(sizeOf(shape), low, high), shape);

const positive = (shape: Shape): Tensor => tensor(shape, 0.1, 3);

/** Seeds and a step, as the random ops take them. */
const streamOf = (replicas: number, step = 3) => ({
  seeds: constant(Uint32Array.from({ length: replicas }, (_, r) => 11 + 5 * r)),
  step: constant(Uint32Array.of(step)),
});

const unaryCases: Case[] = [
  ...Object.entries({ neg, exp, expm1, tanh, sigmoid, softplus, relu, abs }).map(([name, build]) => ({
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

const binaryFunctions = { add, sub, mul, div, maximum, minimum, wherePositive, whereNotPositive };

const binaryCases: Case[] = Object.entries(binaryFunctions).flatMap(([name, build]) => {
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

const sizes: readonly [number, number, number, number][] = [
  [1, 1, 1, 1],
  [2, 3, 5, 7],
  [1, 4, 4, 4],
  [2, 8, 12, 4],
  [1, 63, 65, 33],
  [3, 64, 64, 32],
  [1, 17, 16, 64],
  [4, 16, 27, 8],
  [1, 68, 132, 20],
];

const matmulCases: Case[] = sizes.flatMap(([r, m, n, k]) => {
  const shape = `${r}x${m}x${n}x${k}`;
  const a = tensor([r, m, k]);
  const aT = tensor([r, k, m]);
  const b = tensor([r, k, n]);
  const bT = tensor([r, n, k]);
  return [
    { op: 'matmul', name: `shared ${shape}`, inputs: [tensor([1, m, k]), b], build: (x, y) => multiply(x, y) },
    { op: 'matmul', name: `nn ${shape}`, inputs: [a, b], build: (x, y) => multiply(x, y) },
    { op: 'matmul', name: `nt ${shape}`, inputs: [a, bT], build: (x, y) => multiply(x, y, { transposeB: true }) },
    { op: 'matmul', name: `tn ${shape}`, inputs: [aT, b], build: (x, y) => multiply(x, y, { transposeA: true }) },
    {
      op: 'matmul',
      name: `tt ${shape}`,
      inputs: [aT, bT],
      build: (x, y) => multiply(x, y, { transposeA: true, transposeB: true }),
    },
    { op: 'matmul', name: `linear ${shape}`, inputs: [a, b, tensor([r, n])], build: (x, w, c) => linear(x, w, c) },
    {
      op: 'matmul',
      name: `linear relu ${shape}`,
      inputs: [a, b, tensor([r, n], 4, 6)],
      build: (x, w, c) => linear(x, w, c, 'relu'),
    },
  ] satisfies Case[];
});

const reduceCases: Case[] = [
  { op: 'reduce', name: 'sum all of [7,5]', inputs: [tensor([7, 5])], build: (x) => sum(x) },
  { op: 'reduce', name: 'sum rows of [2,9,8]', inputs: [tensor([2, 9, 8])], build: (x) => sum(x, [1]) },
  { op: 'reduce', name: 'sum rows of [2,9,3]', inputs: [tensor([2, 9, 3])], build: (x) => sum(x, [1]) },
  { op: 'reduce', name: 'sum of 5001 in two passes', inputs: [tensor([5001])], build: (x) => sum(x) },
  { op: 'reduce', name: 'mean over two axes', inputs: [tensor([4, 3, 5])], build: (x) => mean(x, [0, 2], true) },
  { op: 'reduce', name: 'max of columns', inputs: [tensor([6, 4])], build: (x) => max(x, [0]) },
  { op: 'reduce', name: 'max of 3000 in two passes', inputs: [tensor([3000])], build: (x) => max(x) },
];

const gaussianCases: Case[] = [1, 2, 5, 6].flatMap((dimensions) =>
  [false, true].flatMap((full) => {
    const replicas = 2;
    const rows = 3;
    const width = packedWidth(dimensions, full);
    const label = `${full ? 'full' : 'diagonal'} ${dimensions}`;
    const packed = tensor([replicas, rows, width], -1, 1);
    const coupling = constant(Float32Array.of(0, 1));
    const { seeds, step } = streamOf(replicas);
    return [
      { op: 'klGaussian', name: label, inputs: [packed], build: (x) => klToStandardNormal(x, dimensions) },
      {
        op: 'gaussianTotalCorrelation',
        name: label,
        inputs: [packed],
        build: (x) => totalCorrelationOf(x, dimensions),
        flat: !full || dimensions === 1,
      },
      {
        op: 'sampleGaussian',
        name: label,
        inputs: [packed],
        build: (x) => sampleGaussians(x, { seeds, step }, dimensions, 4),
      },
      {
        op: 'gaussianHead',
        name: label,
        inputs: [tensor([replicas, rows, width], -4, 4)],
        build: (x) => boundGaussian(x, coupling, dimensions, [-2, 1.5]),
      },
    ] satisfies Case[];
  }),
);

const indices = (shape: Shape, below: number): Tensor =>
  constant(Uint32Array.from(numbers(sizeOf(shape), 0, below), Math.floor), shape);

const otherCases: Case[] = [
  { op: 'broadcast', name: '[3,1] to [2,3,4]', inputs: [tensor([3, 1])], build: (x) => broadcastTo(x, [2, 3, 4]) },
  { op: 'broadcast', name: 'one number', inputs: [tensor([])], build: (x) => broadcastTo(x, [5]) },
  { op: 'gather', name: 'rows of 8', inputs: [tensor([6, 8])], build: (x) => gatherRows(x, indices([2, 5], 6)) },
  { op: 'gather', name: 'rows of 3', inputs: [tensor([6, 3])], build: (x) => gatherRows(x, indices([7], 6)) },
  {
    op: 'bernoulliNll',
    name: '[2,3,8]',
    inputs: [tensor([2, 3, 8], -30, 30), tensor([2, 3, 8], 0, 1)],
    build: bernoulliNegativeLogLikelihood,
  },
  {
    op: 'bernoulliNll',
    name: '[5,3]',
    inputs: [tensor([5, 3]), tensor([5, 3], 0, 1)],
    build: bernoulliNegativeLogLikelihood,
  },
  { op: 'random', name: 'uniform', inputs: [], build: () => randomUniform(streamOf(3), 1, [5]) },
  { op: 'random', name: 'normal', inputs: [], build: () => randomNormal(streamOf(2), 2, [3, 3]) },
  { op: 'random', name: 'index', inputs: [], build: () => randomIndices(streamOf(2), 3, [33], 737280) },
  {
    op: 'pack',
    name: 'computed and given parts',
    inputs: [tensor([3]), tensor([2, 40])],
    build: (x, y) => maskGaps(pack([x, neg(y), exp(x)]), [3, 80, 3]),
  },
];

/** A pack leaves the gaps between its parts undefined; the comparison must not look at them. */
function maskGaps(packed: Tensor, lengths: readonly number[]): Tensor {
  const mask = new Float32Array(packed.shape[0]).fill(-1);
  let at = 0;
  for (const length of lengths) {
    mask.fill(1, at, at + length);
    at += Math.ceil(length / 64) * 64;
  }
  return wherePositive(packed, constant(mask));
}

const forwardCases: Case[] = [
  ...unaryCases,
  ...binaryCases,
  ...matmulCases,
  ...reduceCases,
  ...gaussianCases,
  ...otherCases,
];

const differentiable = new Set(['unary', 'binary', 'matmul', 'reduce', 'klGaussian', 'gaussianTotalCorrelation']);
for (const op of ['sampleGaussian', 'gaussianHead', 'broadcast', 'bernoulliNll']) differentiable.add(op);

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
export const cases: readonly Case[] = [...forwardCases, ...gradientCases];
