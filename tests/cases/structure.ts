// Cases of ops that move, choose and draw: shapes, selection, randomness, packed Gaussians, likelihoods, schedules.

import {
  argsort,
  bernoulliNegativeLogLikelihood,
  boundGaussian,
  broadcastTo,
  concat,
  constant,
  crossEntropy,
  exp,
  gatherColumns,
  gatherRows,
  klToStandardNormal,
  neg,
  pack,
  packedWidth,
  permute,
  place,
  ramp,
  randomBits,
  randomIndices,
  randomNormal,
  randomPermutation,
  randomUniform,
  sampleGaussians,
  scatterColumns,
  scatterRows,
  slice,
  sort,
  stack,
  type Tensor,
  toFloat,
  topK,
  totalCorrelationOf,
  transpose,
  wherePositive,
} from '../../src/engine';
import { awayFrom, type Case, indices, spaced, streamOf, tensor, tied } from './data';

export const shapeCases: Case[] = [
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
  {
    op: 'concat',
    name: 'stack at the end',
    inputs: [tensor([2, 3]), tensor([2, 3])],
    build: (x, y) => stack([x, y], -1),
  },
  { op: 'concat', name: 'one part', inputs: [tensor([5])], build: (x) => concat([x], 0) },
];

export const selectionCases: Case[] = [
  {
    op: 'scatterRows',
    name: 'rows of 3',
    inputs: [tensor([9, 3]), indices([9], 4)],
    build: (x, i) => scatterRows(x, i, 6),
  },
  {
    op: 'scatterRows',
    name: 'rows of 8',
    inputs: [tensor([2, 5, 8]), indices([2, 5], 6)],
    build: (x, i) => scatterRows(x, i, 6),
  },
  { op: 'gatherColumns', name: '[3,7]', inputs: [tensor([3, 7]), indices([3, 5], 7)], build: gatherColumns },
  {
    op: 'scatterColumns',
    name: '[3,5]',
    inputs: [tensor([3, 5]), indices([3, 5], 4)],
    build: (x, i) => scatterColumns(x, i, 6),
  },
  { op: 'gatherColumns', name: 'sort', inputs: [spaced([2, 9])], build: sort },
  { op: 'gatherColumns', name: 'top 3', inputs: [spaced([4, 9])], build: (x) => topK(x, 3).values },
  {
    op: 'gatherColumns',
    name: 'cross-entropy',
    inputs: [tensor([4, 5]), indices([4], 5)],
    build: crossEntropy,
  },
  ...[1, 2, 3, 4, 5, 63, 64, 65, 1000].map(
    (n): Case => ({ op: 'argsort', name: `rows of ${n}`, inputs: [tensor([3, n])], build: argsort }),
  ),
  { op: 'argsort', name: 'with ties', inputs: [tied([4, 300])], build: argsort },
  { op: 'argsort', name: 'integers', inputs: [], build: () => argsort(randomBits(streamOf(2), 9, [77])) },
  { op: 'argsort', name: 'permutation', inputs: [], build: () => randomPermutation(streamOf(3), 4, 130) },
  { op: 'toFloat', name: 'integers', inputs: [], build: () => toFloat(randomBits(streamOf(1), 8, [13])) },
];

export const otherCases: Case[] = [
  { op: 'broadcastTo', name: '[3,1] to [2,3,4]', inputs: [tensor([3, 1])], build: (x) => broadcastTo(x, [2, 3, 4]) },
  { op: 'broadcastTo', name: 'one number', inputs: [tensor([])], build: (x) => broadcastTo(x, [5]) },
  { op: 'gatherRows', name: 'rows of 8', inputs: [tensor([6, 8]), indices([2, 5], 6)], build: gatherRows },
  { op: 'gatherRows', name: 'rows of 3', inputs: [tensor([6, 3]), indices([7], 6)], build: gatherRows },
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
export function maskGaps(packed: Tensor, lengths: readonly number[]): Tensor {
  const mask = new Float32Array(packed.shape[0]).fill(-1);
  let at = 0;
  for (const length of lengths) {
    mask.fill(1, at, at + length);
    at += Math.ceil(length / 64) * 64;
  }
  return wherePositive(packed, constant(mask));
}

export const gaussianCases: Case[] = [1, 2, 5, 6].flatMap((dimensions) =>
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
        inputs: [awayFrom([-2, 1.5], tensor([replicas, rows, 4 * Math.ceil(width / 4)], -4, 4))],
        build: (x) => boundGaussian(x, coupling, { dimensions, width, bounds: [-2, 1.5] }),
      },
    ] satisfies Case[];
  }),
);

export const rampCases: Case[] = (['linear', 'cosine', 'exponential'] as const).flatMap((curve) =>
  [0, 10, 13, 20, 999].map(
    (step): Case => ({
      op: 'ramp',
      name: `${curve} at ${step}`,
      inputs: [],
      build: () => ramp(streamOf(2, step).step, 2, { from: [1e-3, 2], to: [1e-5, 7], start: 10, end: 20, curve }),
    }),
  ),
);
