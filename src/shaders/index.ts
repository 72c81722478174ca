// The table of kernels: every .wgsl file, and how a kernel is put together from the libraries it says it uses.
// A file declares a library with a line `// uses lib/name`; sources are concatenated, never edited.

import adam from './adam.wgsl';
import adamFactors from './adam_factors.wgsl';
import append from './append.wgsl';
import areaMean from './area_mean.wgsl';
import assemble from './assemble.wgsl';
import bernoulliNll from './bernoulli_nll.wgsl';
import bernoulliNllGradient from './bernoulli_nll_gradient.wgsl';
import binary from './binary.wgsl';
import binaryBroadcast from './binary_broadcast.wgsl';
import binaryBroadcastVector from './binary_broadcast_vector.wgsl';
import cast from './cast.wgsl';
import exampleNoise from './example_noise.wgsl';
import factorNumbers from './factor_numbers.wgsl';
import gatherColumns from './gather_columns.wgsl';
import gatherRows from './gather_rows.wgsl';
import gaussianHead from './gaussian_head.wgsl';
import gaussianTotalCorrelation from './gaussian_total_correlation.wgsl';
import gaussianTotalCorrelationGradient from './gaussian_total_correlation_gradient.wgsl';
import increment from './increment.wgsl';
import klGaussian from './kl_gaussian.wgsl';
import klGaussianGradient from './kl_gaussian_gradient.wgsl';
import ksgPairs from './ksg_pairs.wgsl';
import libAngle from './lib/angle.wgsl';
import libBinary from './lib/binary.wgsl';
import libElementsScalar from './lib/elements_scalar.wgsl';
import libElementsVector from './lib/elements_vector.wgsl';
import libFloat from './lib/float.wgsl';
import libGrid from './lib/grid.wgsl';
import libMatmulScalar from './lib/matmul_scalar.wgsl';
import libMatmulTile from './lib/matmul_tile.wgsl';
import libMatmulVector from './lib/matmul_vector.wgsl';
import libNearest from './lib/nearest.wgsl';
import libNearestOfFour from './lib/nearestOfFour.wgsl';
import libNormal from './lib/normal.wgsl';
import libNotFinite from './lib/not_finite.wgsl';
import libPackedGaussian from './lib/packed_gaussian.wgsl';
import libPoints from './lib/points.wgsl';
import libStrided from './lib/strided.wgsl';
import libThreefry from './lib/threefry.wgsl';
import libWindow from './lib/window.wgsl';
import libWordsScalar from './lib/words_scalar.wgsl';
import libWordsVector from './lib/words_vector.wgsl';
import logSumExp from './log_sum_exp.wgsl';
import matmul4x4 from './matmul_4x4.wgsl';
import matmul8x8 from './matmul_8x8.wgsl';
import matmul16x8 from './matmul_16x8.wgsl';
import matmul16x16 from './matmul_16x16.wgsl';
import matmulCombine from './matmul_combine.wgsl';
import matmulShared from './matmul_shared.wgsl';
import mergePass from './merge_pass.wgsl';
import mixtureLogDensity from './mixture_log_density.wgsl';
import nearCounts from './near_counts.wgsl';
import nearestPoints from './nearest_points.wgsl';
import pairwiseGaussian from './pairwise_gaussian.wgsl';
import patches from './patches.wgsl';
import probeCopy from './probe_copy.wgsl';
import probeMultiplyAdd from './probe_multiply_add.wgsl';
import probeNothing from './probe_nothing.wgsl';
import random from './random.wgsl';
import reduce from './reduce.wgsl';
import renderScene from './render_scene.wgsl';
import renderSprites from './render_sprites.wgsl';
import sampleGaussian from './sample_gaussian.wgsl';
import sampleGaussianGradient from './sample_gaussian_gradient.wgsl';
import scatterColumns from './scatter_columns.wgsl';
import scatterRows from './scatter_rows.wgsl';
import schedule from './schedule.wgsl';
import sgd from './sgd.wgsl';
import stridedCopy from './strided_copy.wgsl';
import triangularMultiply from './triangular_multiply.wgsl';
import triangularOuter from './triangular_outer.wgsl';
import triangularSolve from './triangular_solve.wgsl';
import unary from './unary.wgsl';
import unpack from './unpack.wgsl';
import weightDecay from './weight_decay.wgsl';

const libraries: Record<string, string> = {
  'lib/angle': libAngle,
  'lib/binary': libBinary,
  'lib/elements_scalar': libElementsScalar,
  'lib/elements_vector': libElementsVector,
  'lib/float': libFloat,
  'lib/grid': libGrid,
  'lib/matmul_scalar': libMatmulScalar,
  'lib/matmul_tile': libMatmulTile,
  'lib/matmul_vector': libMatmulVector,
  'lib/nearest': libNearest,
  'lib/nearestOfFour': libNearestOfFour,
  'lib/points': libPoints,
  'lib/normal': libNormal,
  'lib/not_finite': libNotFinite,
  'lib/packed_gaussian': libPackedGaussian,
  'lib/strided': libStrided,
  'lib/threefry': libThreefry,
  'lib/window': libWindow,
  'lib/words_scalar': libWordsScalar,
  'lib/words_vector': libWordsVector,
};

/** Kernels written for one kind of operand. */
const plain = {
  adam,
  adam_factors: adamFactors,
  append: append,
  area_mean: areaMean,
  bernoulli_nll: bernoulliNll,
  bernoulli_nll_gradient: bernoulliNllGradient,
  binary: binary,
  binary_broadcast: binaryBroadcast,
  binary_broadcast_vector: binaryBroadcastVector,
  cast: cast,
  example_noise: exampleNoise,
  factor_numbers: factorNumbers,
  gather_columns: gatherColumns,
  gaussian_head: gaussianHead,
  gaussian_total_correlation: gaussianTotalCorrelation,
  gaussian_total_correlation_gradient: gaussianTotalCorrelationGradient,
  increment: increment,
  kl_gaussian: klGaussian,
  kl_gaussian_gradient: klGaussianGradient,
  ksg_pairs: ksgPairs,
  near_counts: nearCounts,
  nearest_points: nearestPoints,
  log_sum_exp: logSumExp,
  matmul_combine: matmulCombine,
  merge_pass: mergePass,
  mixture_log_density: mixtureLogDensity,
  pairwise_gaussian: pairwiseGaussian,
  probe_copy: probeCopy,
  probe_multiply_add: probeMultiplyAdd,
  probe_nothing: probeNothing,
  random,
  render_scene: renderScene,
  render_sprites: renderSprites,
  sample_gaussian: sampleGaussian,
  sample_gaussian_gradient: sampleGaussianGradient,
  scatter_columns: scatterColumns,
  schedule: schedule,
  sgd: sgd,
  triangular_multiply: triangularMultiply,
  triangular_outer: triangularOuter,
  triangular_solve: triangularSolve,
  unary: unary,
  unpack: unpack,
  weight_decay: weightDecay,
};

/** Kernels that work on single floats or on vec4: `name/scalar` and `name/vector`, each over its own operand library. */
const flavoured = {
  assemble: { body: assemble, operands: 'lib/elements' },
  gather_rows: { body: gatherRows, operands: 'lib/elements' },
  matmul_16x16: { body: matmul16x16, operands: 'lib/matmul' },
  matmul_16x8: { body: matmul16x8, operands: 'lib/matmul' },
  matmul_shared: { body: matmulShared, operands: 'lib/matmul' },
  matmul_4x4: { body: matmul4x4, operands: 'lib/matmul' },
  matmul_8x8: { body: matmul8x8, operands: 'lib/matmul' },
  patches: { body: patches, operands: 'lib/elements' },
  reduce: { body: reduce, operands: 'lib/elements' },
  scatter_rows: { body: scatterRows, operands: 'lib/elements' },
  strided_copy: { body: stridedCopy, operands: 'lib/words' },
};

export type Flavour = 'scalar' | 'vector';
export type KernelName = keyof typeof plain | `${keyof typeof flavoured}/${Flavour}`;

export const kernelNames: readonly KernelName[] = [
  ...(Object.keys(plain) as (keyof typeof plain)[]),
  ...(Object.keys(flavoured) as (keyof typeof flavoured)[]).flatMap(
    (name) => [`${name}/scalar`, `${name}/vector`] as const,
  ),
];

/** A file of WGSL, as a part of a kernel's source. */
export interface SourcePart {
  readonly file: string;
  readonly text: string;
}

/** The files a kernel is made of: the libraries it uses, each once and before what needs it, then its own file. */
export function kernelParts(name: KernelName): SourcePart[] {
  const parts: SourcePart[] = [];
  const seen = new Set<string>();
  const use = (library: string): void => {
    if (seen.has(library)) return;
    seen.add(library);
    if (!Object.hasOwn(libraries, library)) throw new Error(`kernel ${name} uses ${library}, which does not exist`);
    add(library, libraries[library]);
  };
  const add = (file: string, text: string): void => {
    for (const [, library] of text.matchAll(/^\/\/ uses (\S+)$/gm)) use(library);
    parts.push({ file: `${file}.wgsl`, text });
  };
  const [base, flavour] = name.split('/');
  if (flavour === undefined) {
    add(base, plain[base as keyof typeof plain]);
  } else {
    const { body, operands } = flavoured[base as keyof typeof flavoured];
    use(`${operands}_${flavour}`);
    add(base, body);
  }
  return parts;
}

/** The complete WGSL of a kernel. */
export const kernelSource = (name: KernelName): string =>
  kernelParts(name)
    .map(({ text }) => text)
    .join('\n');

/** The file, and the line in it, of a line of the complete source; lines count from 1. */
export function locate(parts: readonly SourcePart[], line: number): { file: string; line: number; text: string } {
  let rest = line;
  for (const { file, text } of parts) {
    const lines = text.split('\n');
    if (rest <= lines.length) return { file, line: rest, text: lines[rest - 1] };
    rest -= lines.length;
  }
  throw new RangeError(`the source has no line ${line}`);
}
