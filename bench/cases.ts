// One case for every kernel, at a size where it matters. Operations and bytes follow from the op's definition: what must be
// computed, and every operand and result moved once. A test sees to it that no kernel of the table is left out.

import {
  areaMean,
  sprites as dSprites,
  exampleNoise,
  factorNumbers,
  renderSprites,
  shapes3d,
  spriteFactors,
} from '../src/data';
import { unpackRule } from '../src/data/files/packedRows';
import type { Shape, Tensor } from '../src/engine';
import * as un from '../src/engine';
import { type Variant, variants } from '../src/engine/ops/matmulPlan';
import { ksgPairs } from '../src/metrics/information/ksgPairs';
import { mixtureLogDensityRule } from '../src/metrics/information/mixtureDensity';
import { nearCounts, nearestPoints } from '../src/metrics/information/neighbourOps';
import { type BenchCase, of } from './case';
import { floats, indices, pairProblems } from './data';

const stream = (replicas: number) => ({ seeds: indices([replicas], 99), step: indices([1], 9) });

type Build = () => Tensor;

const one = (name: string, shape: Shape, flops: number, bytes: number, build: Build): BenchCase => ({
  name: `${name}/${shape.join('x')}`,
  shape,
  flops,
  bytes,
  build: () => of(build()),
});

const products: [Shape, un.ProductOptions?][] = [
  ...[128, 256, 512, 1024].map((n): [Shape] => [[1, n, n, n]]),
  [[1, 512, 512, 512], { transposeA: true }],
  [[1, 512, 512, 512], { transposeB: true }],
  ...[
    [1, 64, 64, 256],
    [1, 64, 64, 64],
    [1, 64, 27, 64],
    [1, 64, 64, 6],
    [1, 64, 256, 64],
    [12, 64, 64, 256],
  ].map((s): [Shape] => [s]),
  [[1, 8, 8, 8192]],
];

function product([batches, m, n, k]: Shape, options: un.ProductOptions = {}): BenchCase {
  const { transposeA = false, transposeB = false, variant } = options;
  const kind = `${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'}${variant === undefined ? '' : `-${variant}`}`;
  const sizes = batches === 1 ? [m, n, k] : [batches, m, n, k];
  return one(`matmul/${kind}`, sizes, 2 * batches * m * n * k, 4 * batches * (m * k + k * n + m * n), () => {
    const a = floats(transposeA ? [batches, k, m] : [batches, m, k]);
    const b = floats(transposeB ? [batches, n, k] : [batches, k, n]);
    return un.matmul(a, b, options);
  });
}

/** Every variant where it could win: large, one small layer, and few results of a long sum. */
export const contested: readonly Shape[] = [
  [1, 512, 512, 512],
  [1, 64, 64, 256],
  [1, 8, 8, 8192],
  [1, 127, 129, 131],
];
const variantCases = contested.flatMap((shape) => variants.map((variant: Variant) => product(shape, { variant })));

const LARGE = [4096, 1024];
const N = un.sizeOf(LARGE);

const elementwise: BenchCase[] = [
  ...Object.entries({ neg: un.neg, exp: un.exp, log: un.log, tanh: un.tanh, softplus: un.softplus, sin: un.sin }).map(
    ([name, f]) => one(`unary/${name}`, LARGE, 0, 8 * N, () => f(floats(LARGE, 0.1, 3))),
  ),
  one('binary/add', LARGE, N, 12 * N, () => un.add(floats(LARGE), floats(LARGE))),
  one('binary/add-row', LARGE, N, 8 * N, () => un.add(floats(LARGE), floats([LARGE[1]]))),
  one('binary/add-column', LARGE, N, 8 * N, () => un.add(floats(LARGE), floats([LARGE[0], 1]))),
  one('binary/add-odd', [1023, 1021], 1023 * 1021, 8 * 1023 * 1021, () => un.add(floats([1023, 1021]), floats([1021]))),
  one('where/equal', LARGE, 0, 12 * N, () => un.where(floats(LARGE), floats(LARGE), floats(LARGE))),
  one('cast/u32', [N], 0, 8 * N, () => un.toFloat(indices([N], 1000))),
];

const reductions: BenchCase[] = [
  one('reduce/sum-all', LARGE, N, 4 * N, () => un.sum(floats(LARGE))),
  one('reduce/sum-rows', LARGE, N, 4 * N, () => un.sum(floats(LARGE), [1])),
  one('reduce/sum-columns', LARGE, N, 4 * N, () => un.sum(floats(LARGE), [0])),
  one('reduce/max-columns', LARGE, N, 4 * N, () => un.max(floats(LARGE), [0])),
  one('argmax/rows', LARGE, 0, 4 * N, () => un.argmax(floats(LARGE))),
  one('cumulative-sum/rows', LARGE, N, 8 * N, () => un.cumulativeSum(floats(LARGE))),
  one('reduce/log-sum-exp', LARGE, 0, 4 * N, () => un.logSumExp(floats(LARGE), [1])),
];

const movement: BenchCase[] = [
  one('copy/permute', [1024, 1024], 0, 8 * 2 ** 20, () => un.transpose(floats([1024, 1024]))),
  one('copy/concat', [1024, 1024], 0, 16 * 2 ** 20, () => un.concat([floats([1024, 1024]), floats([1024, 1024])], 1)),
  one('gather/rows', [4096, 256], 0, 8 * 2 ** 20, () => un.gatherRows(floats([2304, 256]), indices([4096], 2304))),
  one('gather/rows-odd', [4096, 27], 0, 8 * 4096 * 27, () => un.gatherRows(floats([2304, 27]), indices([4096], 2304))),
  one('scatter/rows', [512, 256], 0, 8 * 512 * 256, () => un.scatterRows(floats([512, 256]), indices([512], 64), 64)),
  one('scatter/rows-odd', [512, 27], 0, 8 * 512 * 27, () => un.scatterRows(floats([512, 27]), indices([512], 64), 64)),
  one('gather/columns', [1024, 256], 0, 12 * 2 ** 18, () =>
    un.gatherColumns(floats([1024, 256]), indices([1024, 256], 256)),
  ),
  one('scatter/columns', [256, 64], 0, 12 * 2 ** 14, () =>
    un.scatterColumns(floats([256, 64]), indices([256, 64], 64), 64),
  ),
  one('sort/rows', [16, 4096], 0, 0, () => un.argsort(floats([16, 4096]))),
];

const window = { kernel: [4, 4], stride: 2, padding: 1 } as const;

const images: BenchCase[] = [
  one('convolution/4x4', [16, 32, 32, 32, 32], 2 * 16 * 256 * 512 * 32, 0, () =>
    un.convolve(floats([1, 16, 32, 32, 32]), floats([1, 512, 32]), floats([1, 32]), window),
  ),
  one('convolution/4x4-of-1', [16, 64, 64, 1, 32], 2 * 16 * 1024 * 16 * 32, 0, () =>
    un.convolve(floats([1, 16, 64, 64, 1]), floats([1, 16, 32]), floats([1, 32]), window),
  ),
  one('transposed/4x4', [16, 16, 16, 32, 32], 2 * 16 * 256 * 512 * 32, 0, () =>
    un.convolveTransposed(floats([1, 16, 16, 16, 32]), floats([1, 32, 512]), floats([1, 32]), window),
  ),
  one('transposed/4x4-to-1', [16, 32, 32, 32, 1], 2 * 16 * 1024 * 16 * 32, 0, () =>
    un.convolveTransposed(floats([1, 16, 32, 32, 32]), floats([1, 32, 16]), floats([1, 1]), window),
  ),
  one('render/sprites', [256, 64, 64], 0, 4 * 256 * 4096, () => renderSprites(sprites(256), 64)),
  one('render/dsprites', [256, 64, 64], 0, 4 * 256 * 4096, () => dSprites().batch(indices([1, 256], 737280))),
  one('render/factor-numbers', [65536, 2], 0, 12 * 65536, () =>
    factorNumbers(indices([65536], 737280), spriteFactors(), [
      { factor: 'posX', of: (x) => x },
      { factor: 'orientation', of: Math.cos },
    ]),
  ),
  one('render/noise', [256, 4096], 0, 4 * 256 * 4096, () =>
    exampleNoise(indices([256], 737280), { kind: 'uniform', seed: 1, purpose: 2, width: 4096 }),
  ),
  one('render/scene', [64, 64, 64, 3], 0, 12 * 64 * 4096, () => shapes3d().batch(indices([1, 64], 480000))),
  one('render/unpack-bits', [256, 4096], 0, 4 * 256 * 4096, () =>
    un.apply(unpackRule, [indices([4096, 128], 2 ** 31), indices([256], 4096)], { bits: 1, width: 4096, first: 0 }),
  ),
  one('render/area-mean', [256, 64, 64], 0, 4 * 256 * 4096, () => areaMean(floats([256, 64, 64]), 4)),
];

/** Squares and ellipses of a size, turned and placed anyhow. */
const sprites = (count: number): Tensor => floats([count, 6], 0.25, 1);

const head = { dimensions: 6, width: 27, bounds: [-7, 3] } as const;

const packed = (): Tensor => floats([12, 64, 27]);

const gaussians: BenchCase[] = [
  one('random/uniform', [N], 0, 4 * N, () => un.randomUniform(stream(1), 1, [N])),
  one('random/normal', [N], 0, 4 * N, () => un.randomNormal(stream(1), 1, [N])),
  one('random/permutation', [4, 16384], 0, 0, () => un.randomPermutation(stream(4), 1, 16384)),
  one('gaussian/kl', [12, 64, 6], 0, 0, () => un.klToStandardNormal(packed(), 6)),
  one('gaussian/total-correlation', [12, 64, 6], 0, 0, () => un.totalCorrelationOf(packed(), 6)),
  one('gaussian/sample', [12, 64, 6], 0, 0, () => un.sampleGaussians(packed(), stream(12), 6, 1)),
  one('gaussian/head', [12, 64, 6], 0, 0, () => un.boundGaussian(packed(), floats([12]), head)),
  one('gaussian/pairwise', [1, 256, 256, 8], 0, 4 * 256 * 256 * 8, () =>
    un.pairwiseLogDensity(floats([1, 256, 8]), floats([1, 256, 8]), floats([1, 256, 8])),
  ),
  one('gaussian/gradients', [12, 64, 6], 0, 0, () => {
    const x = packed();
    const terms = [
      un.klToStandardNormal(x, 6),
      un.totalCorrelationOf(x, 6),
      un.sum(un.sampleGaussians(x, stream(12), 6, 1), [2]),
    ];
    const bounded = un.sum(un.boundGaussian(x, floats([12]), head), [2]);
    return un.gradient([...terms, bounded].reduce(un.add), [x])[0];
  }),
  one('likelihood/bernoulli', [12, 64, 256], 0, 8 * 12 * 64 * 256, () =>
    un.bernoulliNegativeLogLikelihood(floats([12, 64, 256]), floats([12, 64, 256], 0, 1)),
  ),
  one('likelihood/bernoulli-gradient', [12, 64, 256], 0, 12 * 12 * 64 * 256, () => {
    const logits = floats([12, 64, 256]);
    return un.gradient(un.bernoulliNegativeLogLikelihood(logits, floats([12, 64, 256], 0, 1)), [logits])[0];
  }),
  one('triangular/multiply', [1024, 16, 16], 1024 * 256, 0, () =>
    un.triangularMultiply(floats([1024, 16, 16]), floats([1024, 16])),
  ),
  one('triangular/solve', [1024, 16, 16], 1024 * 256, 0, () =>
    un.triangularSolve(floats([1024, 16, 16], 1, 2), floats([1024, 16])),
  ),
  one('triangular/outer', [1024, 16, 16], 0, 4 * 1024 * 256, () =>
    un.triangularOuter(floats([1024, 16]), floats([1024, 16])),
  ),
];

const ARENA = 2 ** 19;

/** An optimiser over an arena of half a million entries. */
function optimiser(name: string, moments: number, make: (state: un.AdamState) => readonly un.Tensor[]): BenchCase {
  const build = () => {
    const vectors = ['parameters', 'first', 'second'].map((each) => un.variable(each, [ARENA]));
    const step = un.variable('step', [1], 'u32');
    const updates = make({
      parameters: vectors[0],
      first: vectors[1],
      second: vectors[2],
      gradients: floats([ARENA]),
      rates: floats([ARENA], 1e-3, 1e-3),
      step,
      nonFinite: un.variable('nonFinite', [1], 'u32'),
    });
    return { graph: { outputs: {}, updates: [...updates, un.increment(step)] } };
  };
  return { name: `optimiser/${name}/${ARENA}`, shape: [ARENA], flops: 0, bytes: 4 * ARENA * (3 * moments + 1), build };
}

const optimisers: BenchCase[] = [
  optimiser('adam', 3, (s) => [un.adam(s)]),
  optimiser('adamw', 3, (s) => un.adamW(s, s.rates)),
  optimiser('sgd', 2, (s) => [un.sgd({ ...s, velocity: s.first }, 0.9)]),
  one('ramp/cosine', [12], 0, 0, () => un.ramp(stream(1).step, 12, { from: 1, to: 0, end: 9, curve: 'cosine' })),
];

const estimators: BenchCase[] = [
  one('neighbours/nearest', [1, 2304, 6], 0, 0, () => nearestPoints(floats([1, 6, 2304]), { points: 2304, k: 5 })),
  one('neighbours/counts', [1, 2304, 6], 0, 0, () =>
    nearCounts(floats([1, 6, 2304]), indices([1, 2304, 5], 2304), {
      points: 2304,
      k: 5,
      dimensions: [1, 5],
      reach: 'inside',
      counted: [[0], [1]],
    }),
  ),
  one('ksg/pairs', [64, 2048], 0, 0, () => ksgPairs(pairProblems(64, 2048), { points: 2048, k: 5 })),
  one('ksg/pairs', [200, 1000], 0, 0, () => ksgPairs(pairProblems(200, 1000), { points: 1000, k: 5 })),
  one('mixture/log-density', [512, 512, 6], 0, 0, () =>
    // Two vec4s a point, 23 a component.
    un.apply(mixtureLogDensityRule, [floats([1, 512, 8]), floats([1, 512, 92])], { blocks: 2, perComponent: 1 }),
  ),
];

export const cases: readonly BenchCase[] = [
  ...products.map(([shape, options]) => product(shape, options)),
  ...variantCases,
  ...[elementwise, reductions, movement, images, gaussians, optimisers, estimators].flat(),
];
