// Cases of matrix products: layouts, variants, convolutions, triangular systems.

import {
  apply,
  assemble,
  convolve,
  convolveTransposed,
  linear,
  matmul,
  patches,
  type Shape,
  sizeOf,
  triangularMultiply,
  triangularOuter,
  triangularSolve,
  type Window,
} from '../../src/engine';
import { matmulRule } from '../../src/engine/ops/matmul';
import { variants } from '../../src/engine/ops/matmulPlan';
import { type Case, decided, dominant, tensor } from './data';

export const sizes: readonly [number, number, number, number][] = [
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

/** Without replicas, on either side or both. */
export const flatCases: Case[] = [
  { op: 'matmul', name: 'of two matrices', inputs: [tensor([5, 7]), tensor([7, 3])], build: (x, y) => matmul(x, y) },
  {
    op: 'matmul',
    name: 'by a shared matrix',
    inputs: [tensor([2, 5, 8]), tensor([8, 4])],
    build: (x, y) => matmul(x, y),
  },
  {
    op: 'matmul',
    name: 'of a shared matrix',
    inputs: [tensor([5, 8]), tensor([2, 8, 4])],
    build: (x, y) => matmul(x, y),
  },
  {
    op: 'matmul',
    name: 'a layer without replicas',
    inputs: [tensor([6, 4]), tensor([4, 3]), decided([3])],
    build: (x, w, b) => linear(x, w, b, 'relu'),
  },
  {
    op: 'matmul',
    name: 'a layer for a population of inputs',
    inputs: [tensor([2, 6, 4]), tensor([4, 3]), tensor([2, 3])],
    build: (x, w, b) => linear(x, w, b),
  },
];

export const matmulCases: Case[] = sizes.flatMap(([r, m, n, k]) => {
  const shape = `${r}x${m}x${n}x${k}`;
  const a = tensor([r, m, k]);
  const aT = tensor([r, k, m]);
  const b = tensor([r, k, n]);
  const bT = tensor([r, n, k]);
  return [
    { op: 'matmul', name: `shared ${shape}`, inputs: [tensor([1, m, k]), b], build: (x, y) => matmul(x, y) },
    { op: 'matmul', name: `nn ${shape}`, inputs: [a, b], build: (x, y) => matmul(x, y) },
    { op: 'matmul', name: `nt ${shape}`, inputs: [a, bT], build: (x, y) => matmul(x, y, { transposeB: true }) },
    { op: 'matmul', name: `tn ${shape}`, inputs: [aT, b], build: (x, y) => matmul(x, y, { transposeA: true }) },
    {
      op: 'matmul',
      name: `tt ${shape}`,
      inputs: [aT, bT],
      build: (x, y) => matmul(x, y, { transposeA: true, transposeB: true }),
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

/** Every variant through one table: sizes around a tile, odd ones, and more than one slice of k. */
export const variantCases: Case[] = variants.flatMap((variant) =>
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
        build: (x, y) => matmul(x, y, { ...transposition, variant }),
        differentiate: 0,
      }),
    ),
  ),
);

/** Bias and relu are the last pass's when a sum is split. */
export const splitEpilogue: Case = {
  op: 'matmul',
  name: 'split with bias and relu',
  inputs: [tensor([2, 9, 520]), tensor([2, 520, 6]), decided([2, 6], 1000)],
  build: (x, w, b) => apply(matmulRule, [x, w, b], { activation: 'relu', variant: 'gpu-split' }),
};

export const windows: [string, Shape, Window][] = [
  ['4x4 stride 2', [1, 2, 6, 8, 3], { kernel: [4, 4], stride: 2, padding: 1 }],
  ['4x4 stride 2 of 4 channels', [2, 1, 6, 6, 4], { kernel: [4, 4], stride: 2, padding: 1 }],
  ['2x2 stride 2', [1, 2, 5, 5, 1], { kernel: [2, 2], stride: 2 }],
  ['3x2, uneven borders', [1, 1, 4, 5, 2], { kernel: [3, 2], padding: [2, 0, 1, 3] }],
  ['1x1', [1, 3, 2, 2, 5], { kernel: [1, 1] }],
];

export const convolutionCases: Case[] = windows.flatMap(([name, image, window]) => {
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

export const triangularCases: Case[] = [1, 2, 5, 32].flatMap((k) =>
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
