// Cases of every op: a graph over random inputs. The GPU tests run them on both executors and compare; the unit tests
// differentiate them. Shapes include 1, odd numbers, one less and one more than a tile.

import {
  abs,
  add,
  apply,
  argsort,
  assemble,
  bernoulliNegativeLogLikelihood,
  boundGaussian,
  broadcastTo,
  clipByGlobalNorm,
  concat,
  constant,
  convolve,
  convolveTransposed,
  cos,
  crossEntropy,
  div,
  exp,
  expm1,
  gatherColumns,
  gatherRows,
  globalNorm,
  gradient,
  klToStandardNormal,
  linear,
  log,
  log1p,
  logSumExp,
  max,
  maximum,
  mean,
  minimum,
  mul,
  multiply,
  neg,
  pack,
  packedWidth,
  pairwiseLogDensity,
  patches,
  permute,
  place,
  ramp,
  randomBits,
  randomIndices,
  randomNormal,
  randomPermutation,
  randomUniform,
  relu,
  type Shape,
  sampleGaussians,
  scatterColumns,
  scatterRows,
  sigmoid,
  sin,
  sizeOf,
  slice,
  softmax,
  softplus,
  sort,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  toFloat,
  topK,
  totalCorrelationOf,
  transpose,
  triangularMultiply,
  triangularOuter,
  triangularSolve,
  type Window,
  whereNotPositive,
  wherePositive,
} from '../../src/engine';
import type { rules } from '../../src/engine/ops';
import { matmul } from '../../src/engine/ops/matmul';
import { variants } from '../../src/engine/ops/matmulPlan';
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

/** Biases so large that they decide on which side of 0 a sum lies: a relu whose kink no difference crosses. */
const decided = (shape: Shape, size = 100): Tensor =>
  constant(
    numbers(sizeOf(shape), -1, 1).map((x) => x + size * Math.sign(x)),
    shape,
  );

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
      inputs: [a, b, decided([r, n])],
      build: (x, w, c) => linear(x, w, c, 'relu'),
    },
  ] satisfies Case[];
});

/** Different numbers in no order, so far apart that no difference changes which is the largest. */
const spaced = (shape: Shape): Tensor =>
  constant(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => 0.02 * ((i * 7919) % sizeOf(shape))),
    shape,
  );

/** Numbers whose exponentials overflow, and an infinity. */
const extremeCases: Case[] = [
  { op: 'reduce', name: 'logSumExp of large', inputs: [tensor([5, 7], -500, 500)], build: (x) => logSumExp(x, [1]) },
  {
    op: 'reduce',
    name: 'logSumExp of infinities',
    inputs: [constant(Float32Array.of(-Infinity, -Infinity, 1, Infinity), [2, 2])],
    // Infinities do not cross from the page as JSON; their tanh does.
    build: (x) => tanh(logSumExp(x, [1])),
  },
];

/** Every variant through one table: sizes around a tile, odd ones, and more than one slice of k. */
const variantCases: Case[] = variants.flatMap((variant) =>
  [
    [1, 1, 1, 1],
    [2, 3, 4, 5],
    [1, 63, 64, 65],
    [2, 36, 68, 40],
    [1, 5, 12, 600],
    [2, 16, 8, 1024],
  ].flatMap(([r, m, n, k]) =>
    [
      { transposeA: false, transposeB: false },
      { transposeA: true, transposeB: false },
      { transposeA: false, transposeB: true },
    ].map(
      (transposition): Case => ({
        op: 'matmul',
        name: `${variant} ${r}x${m}x${n}x${k} ${Object.values(transposition)}`,
        inputs: [
          tensor(transposition.transposeA ? [r, k, m] : [r, m, k]),
          tensor(transposition.transposeB ? [r, n, k] : [r, k, n]),
        ],
        build: (x, y) => multiply(x, y, { ...transposition, variant }),
      }),
    ),
  ),
);

/** Bias and relu are the last pass's when a sum is split. */
const splitEpilogue: Case = {
  op: 'matmul',
  name: 'split with bias and relu',
  inputs: [tensor([2, 9, 520]), tensor([2, 520, 6]), decided([2, 6], 1000)],
  build: (x, w, b) => apply(matmul, [x, w, b], { activation: 'relu', variant: 'split' }),
};

const reduceCases: Case[] = [
  { op: 'reduce', name: 'sum all of [7,5]', inputs: [tensor([7, 5])], build: (x) => sum(x) },
  { op: 'reduce', name: 'sum rows of [2,9,8]', inputs: [tensor([2, 9, 8])], build: (x) => sum(x, [1]) },
  { op: 'reduce', name: 'sum rows of [2,9,3]', inputs: [tensor([2, 9, 3])], build: (x) => sum(x, [1]) },
  { op: 'reduce', name: 'sum of 5001 in two passes', inputs: [tensor([5001])], build: (x) => sum(x) },
  { op: 'reduce', name: 'mean over two axes', inputs: [tensor([4, 3, 5])], build: (x) => mean(x, [0, 2], true) },
  { op: 'reduce', name: 'max of columns', inputs: [spaced([6, 4])], build: (x) => max(x, [0]) },
  { op: 'reduce', name: 'max of 3000 in two passes', inputs: [spaced([3000])], build: (x) => max(x) },
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
        inputs: [tensor([replicas, rows, 4 * Math.ceil(width / 4)], -4, 4)],
        build: (x) => boundGaussian(x, coupling, { dimensions, width, bounds: [-2, 1.5] }),
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

const windows: [string, Shape, Window][] = [
  ['4x4 stride 2', [1, 2, 6, 8, 3], { kernel: [4, 4], stride: 2, padding: 1 }],
  ['4x4 stride 2 of 4 channels', [2, 1, 6, 6, 4], { kernel: [4, 4], stride: 2, padding: 1 }],
  ['2x2 stride 2', [1, 2, 5, 5, 1], { kernel: [2, 2], stride: 2 }],
  ['3x2, uneven borders', [1, 1, 4, 5, 2], { kernel: [3, 2], padding: [2, 0, 1, 3] }],
  ['1x1', [1, 3, 2, 2, 5], { kernel: [1, 1] }],
];

const convolutionCases: Case[] = windows.flatMap(([name, image, window]) => {
  const channels = image[4];
  const taps = sizeOf(window.kernel) * channels;
  const cut = patches(tensor(image), window);
  return [
    { op: 'patches', name, inputs: [tensor(image)], build: (x) => patches(x, window) },
    { op: 'assemble', name, inputs: [tensor(cut.shape)], build: (x) => assemble(x, window, image) },
    {
      op: 'matmul',
      name: `convolution ${name}`,
      inputs: [tensor(image), tensor([image[0], taps, 6]), tensor([image[0], 6], 30, 40)],
      build: (x, w, b) => convolve(x, w, b, window, 'relu'),
    },
    {
      op: 'assemble',
      name: `transposed convolution ${name}`,
      inputs: [tensor(image), tensor([image[0], channels, sizeOf(window.kernel) * 3]), tensor([image[0], 3])],
      build: (x, w, b) => convolveTransposed(x, w, b, window),
    },
  ] satisfies Case[];
});

const shapeCases: Case[] = [
  { op: 'permute', name: '[3,5]', inputs: [tensor([3, 5])], build: transpose },
  {
    op: 'permute',
    name: '[2,3,4,8] inner kept',
    inputs: [tensor([2, 3, 4, 8])],
    build: (x) => permute(x, [0, 2, 1, 3]),
  },
  {
    op: 'permute',
    name: 'channels first',
    inputs: [tensor([2, 3, 4, 5, 6])],
    build: (x) => permute(x, [0, 1, 4, 2, 3]),
  },
  { op: 'permute', name: '[63,65]', inputs: [tensor([63, 65])], build: transpose },
  { op: 'slice', name: 'of [4,6,5]', inputs: [tensor([4, 6, 5])], build: (x) => slice(x, [1, 2, 0], [2, 3, 5]) },
  { op: 'slice', name: 'of [3,16]', inputs: [tensor([3, 16])], build: (x) => slice(x, [0, 4], [3, 8]) },
  { op: 'place', name: 'in [3,7]', inputs: [tensor([2, 3])], build: (x) => place(x, [1, 2], [3, 7]) },
  { op: 'place', name: 'in [4,8]', inputs: [tensor([2, 8])], build: (x) => place(x, [2, 0], [4, 8]) },
  { op: 'concat', name: 'rows', inputs: [tensor([1, 3]), tensor([4, 3])], build: (x, y) => concat([x, y, x], 0) },
  { op: 'concat', name: 'columns', inputs: [tensor([2, 2, 3]), tensor([2, 2, 8])], build: (x, y) => concat([x, y], 2) },
  { op: 'concat', name: 'one part', inputs: [tensor([5])], build: (x) => concat([x], 0) },
];

const chosen = (shape: Shape, below: number) => indices(shape, below);

const selectionCases: Case[] = [
  { op: 'scatter', name: 'rows of 3', inputs: [tensor([9, 3])], build: (x) => scatterRows(x, chosen([9], 4), 6) },
  { op: 'scatter', name: 'rows of 8', inputs: [tensor([2, 5, 8])], build: (x) => scatterRows(x, chosen([2, 5], 6), 6) },
  { op: 'gatherColumns', name: '[3,7]', inputs: [tensor([3, 7])], build: (x) => gatherColumns(x, chosen([3, 5], 7)) },
  {
    op: 'scatterColumns',
    name: '[3,5]',
    inputs: [tensor([3, 5])],
    build: (x) => scatterColumns(x, chosen([3, 5], 4), 6),
  },
  { op: 'gatherColumns', name: 'sort', inputs: [spaced([2, 9])], build: sort },
  { op: 'gatherColumns', name: 'top 3', inputs: [spaced([4, 9])], build: (x) => topK(x, 3).values },
  {
    op: 'gatherColumns',
    name: 'cross-entropy',
    inputs: [tensor([4, 5])],
    build: (x) => crossEntropy(x, chosen([4], 5)),
  },
  ...[1, 2, 3, 4, 5, 63, 64, 65, 1000].map(
    (n): Case => ({ op: 'argsort', name: `rows of ${n}`, inputs: [tensor([3, n])], build: argsort }),
  ),
  { op: 'argsort', name: 'with ties', inputs: [tied([4, 300])], build: argsort },
  { op: 'argsort', name: 'integers', inputs: [], build: () => argsort(randomBits(streamOf(2), 9, [77])) },
  { op: 'argsort', name: 'permutation', inputs: [], build: () => randomPermutation(streamOf(3), 4, 130) },
  { op: 'cast', name: 'integers', inputs: [], build: () => toFloat(randomBits(streamOf(1), 8, [13])) },
];

/** Few different values, so that many are equal; zeros of both signs, infinities and a NaN among them. */
function tied(shape: Shape): Tensor {
  const values = numbers(sizeOf(shape), -3, 3).map(Math.round);
  values.set([-0, 0, Number.NaN, Infinity, -Infinity], 7);
  return constant(values, shape);
}

const triangularCases: Case[] = [1, 2, 5, 32].flatMap((k) =>
  [false, true].flatMap((transposed) => {
    const label = `${k}${transposed ? ' transposed' : ''}`;
    const vectors = () => tensor([2, 3, k]);
    return [
      {
        op: 'triangularMultiply',
        name: label,
        inputs: [tensor([2, 3, k, k]), vectors()],
        build: (l, x) => triangularMultiply(l, x, transposed),
      },
      {
        op: 'triangularSolve',
        name: label,
        // A dominant diagonal, so that substitution does not amplify differences.
        inputs: [dominant([2, 3, k, k]), vectors()],
        build: (l, x) => triangularSolve(l, x, transposed),
      },
      { op: 'triangularOuter', name: label, inputs: [vectors(), vectors()], build: triangularOuter },
    ] satisfies Case[];
  }),
);

/** Square matrices whose diagonal outweighs the rest of its row. */
function dominant(shape: Shape): Tensor {
  const k = shape[shape.length - 1];
  const values = numbers(sizeOf(shape), -1 / k, 1 / k);
  for (let i = 0; i < values.length; i += k) values[i + (Math.floor(i / k) % k)] += 2;
  return constant(values, shape);
}

const reductionCases: Case[] = [
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

const rampCases: Case[] = (['linear', 'cosine', 'exponential'] as const).flatMap((curve) =>
  [0, 10, 13, 20, 999].map(
    (step): Case => ({
      op: 'schedule',
      name: `${curve} at ${step}`,
      inputs: [],
      build: () => ramp(streamOf(2, step).step, 2, { from: [1e-3, 2], to: [1e-5, 7], start: 10, end: 20, curve }),
    }),
  ),
);

/** One, around a vec4, around a workgroup: where a kernel that is wrong at an edge shows it. */
const edgeCases: Case[] = [1, 3, 4, 5, 63, 64, 65].flatMap((n) => [
  { op: 'unary', name: `exp [${n}]`, inputs: [tensor([n])], build: exp },
  { op: 'binary', name: `sub [${n}]`, inputs: [tensor([n]), tensor([n])], build: sub },
  { op: 'binary', name: `mul [3,${n}] by row`, inputs: [tensor([3, n]), tensor([n])], build: mul },
  { op: 'binary', name: `mul [${n},8] by column`, inputs: [tensor([n, 8]), tensor([n, 1])], build: mul },
  { op: 'reduce', name: `sum rows of [${n},${n}]`, inputs: [tensor([n, n])], build: (x) => sum(x, [1]) },
  { op: 'reduce', name: `mean columns of [${n},${n}]`, inputs: [tensor([n, n])], build: (x) => mean(x, [0]) },
  { op: 'broadcast', name: `[${n},1] to [${n},6]`, inputs: [tensor([n, 1])], build: (x) => broadcastTo(x, [n, 6]) },
  {
    op: 'gather',
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
  { op: 'matmul', name: `edge ${n}`, inputs: [tensor([1, n, 7]), tensor([1, 7, n])], build: (x, y) => multiply(x, y) },
  { op: 'random', name: `normal [${n}]`, inputs: [], build: () => randomNormal(streamOf(2), 2, [n]) },
]);

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
for (const op of ['sampleGaussian', 'gaussianHead', 'broadcast', 'bernoulliNll']) differentiable.add(op);
for (const op of ['assemble', 'concat', 'gather', 'gatherColumns', 'pairwiseGaussian', 'patches', 'permute', 'place'])
  differentiable.add(op);
for (const op of ['scatter', 'scatterColumns', 'slice']) differentiable.add(op);
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
