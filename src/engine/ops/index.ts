// The table of ops. It is typed exhaustively: an op without a shape rule, a kernel plan, a gradient (or the reason why it
// has none) or a reference does not compile. A test walks it and asks for cases of every op.

import type { Rule } from '../graph/tensor';
import { bernoulliNll, bernoulliNllGradient } from './bernoulliNll';
import { binary } from './binary';
import { broadcast } from './broadcast';
import { cast } from './cast';
import { concatenation } from './concat';
import { gather, scatter } from './gather';
import { columns, scatteredColumns } from './gatherColumns';
import { gaussianHead, gaussianHeadGradient } from './gaussianHead';
import { gaussianTotalCorrelation, gaussianTotalCorrelationGradient } from './gaussianTotalCorrelation';
import { klGaussian, klGaussianGradient } from './klGaussian';
import { matmul } from './matmul';
import { packed } from './pack';
import { pairwiseGaussian } from './pairwiseGaussian';
import { assembled, windowed } from './patches';
import { permutation } from './permute';
import { schedule } from './ramp';
import { random } from './random';
import { reduce } from './reduce';
import { sampleGaussian, sampleGaussianGradient } from './sampleGaussian';
import { box, placement } from './slice';
import { order } from './sort';
import { outer, product, solution } from './triangular';
import { unary } from './unary';

export const rules = {
  argsort: order,
  assemble: assembled,
  bernoulliNll,
  bernoulliNllGradient,
  binary,
  broadcast,
  cast,
  concat: concatenation,
  gather,
  gatherColumns: columns,
  gaussianHead,
  gaussianHeadGradient,
  gaussianTotalCorrelation,
  gaussianTotalCorrelationGradient,
  klGaussian,
  klGaussianGradient,
  matmul,
  pack: packed,
  pairwiseGaussian,
  patches: windowed,
  permute: permutation,
  place: placement,
  random,
  reduce,
  sampleGaussian,
  sampleGaussianGradient,
  scatter,
  scatterColumns: scatteredColumns,
  schedule,
  slice: box,
  triangularMultiply: product,
  triangularOuter: outer,
  triangularSolve: solution,
  unary,
} satisfies Record<string, Rule<never>>;
