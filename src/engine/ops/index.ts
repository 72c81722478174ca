// The table of ops. It is typed exhaustively: an op without a shape rule, a kernel plan, a gradient (or the reason why it
// has none) or a reference does not compile. A test walks it and asks for cases of every op.

import type { Rule } from '../graph/tensor';
import { bernoulliNllGradientRule, bernoulliNllRule } from './bernoulliNll';
import { binaryRule } from './binary';
import { broadcastToRule } from './broadcast';
import { castRule } from './cast';
import { concatRule } from './concat';
import { gatherRowsRule, scatterRowsRule } from './gather';
import { gatherColumnsRule, scatterColumnsRule } from './gatherColumns';
import { gaussianHeadGradientRule, gaussianHeadRule } from './gaussianHead';
import { gaussianTotalCorrelationGradientRule, gaussianTotalCorrelationRule } from './gaussianTotalCorrelation';
import { klGaussianGradientRule, klGaussianRule } from './klGaussian';
import { matmulRule } from './matmul';
import { packRule } from './pack';
import { pairwiseGaussianRule } from './pairwiseGaussian';
import { assembleRule, patchesRule } from './patches';
import { permuteRule } from './permute';
import { rampRule } from './ramp';
import { randomRule } from './random';
import { reduceRule } from './reduce';
import { sampleGaussianGradientRule, sampleGaussianRule } from './sampleGaussian';
import { placeRule, sliceRule } from './slice';
import { argsortRule } from './sort';
import { triangularMultiplyRule, triangularOuterRule, triangularSolveRule } from './triangular';
import { unaryRule } from './unary';

export const rules = {
  argsort: argsortRule,
  assemble: assembleRule,
  bernoulliNll: bernoulliNllRule,
  bernoulliNllGradient: bernoulliNllGradientRule,
  binary: binaryRule,
  broadcastTo: broadcastToRule,
  cast: castRule,
  concat: concatRule,
  gatherColumns: gatherColumnsRule,
  gatherRows: gatherRowsRule,
  gaussianHead: gaussianHeadRule,
  gaussianHeadGradient: gaussianHeadGradientRule,
  gaussianTotalCorrelation: gaussianTotalCorrelationRule,
  gaussianTotalCorrelationGradient: gaussianTotalCorrelationGradientRule,
  klGaussian: klGaussianRule,
  klGaussianGradient: klGaussianGradientRule,
  matmul: matmulRule,
  pack: packRule,
  pairwiseGaussian: pairwiseGaussianRule,
  patches: patchesRule,
  permute: permuteRule,
  place: placeRule,
  ramp: rampRule,
  random: randomRule,
  reduce: reduceRule,
  sampleGaussian: sampleGaussianRule,
  sampleGaussianGradient: sampleGaussianGradientRule,
  scatterColumns: scatterColumnsRule,
  scatterRows: scatterRowsRule,
  slice: sliceRule,
  triangularMultiply: triangularMultiplyRule,
  triangularOuter: triangularOuterRule,
  triangularSolve: triangularSolveRule,
  unary: unaryRule,
} satisfies Record<string, Rule<never>>;
