// The table of ops. It is typed exhaustively: an op without a shape rule, a kernel plan, a gradient (or the reason why it
// has none) or a reference does not compile. A test walks it and asks for cases of every op.

import type { Rule } from '../graph/rule';
import { adamRule } from '../optim/adam';
import { sgdRule } from '../optim/sgd';
import { weightDecayRule } from '../optim/weightDecay';
import { argmaxRule } from './argmax';
import { bernoulliNllGradientRule, bernoulliNllRule } from './bernoulliNll';
import { binaryRule } from './binary';
import { toFloatRule } from './cast';
import { concatRule } from './concat';
import { cumulativeSumRule } from './cumulativeSum';
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
import { logSumExpRule, maxRule, minRule } from './reduce';
import { sampleGaussianGradientRule, sampleGaussianRule } from './sampleGaussian';
import { placeRule, sliceRule } from './slice';
import { argsortRule } from './sort';
import { broadcastToRule, sumRule } from './sum';
import { triangularMultiplyRule, triangularOuterRule, triangularSolveRule } from './triangular';
import { unaryRule } from './unary';
import { appendRule, assignRule, incrementRule } from './updates';
import { whereRule } from './where';

export const rules = {
  adam: adamRule,
  append: appendRule,
  argmax: argmaxRule,
  argsort: argsortRule,
  assemble: assembleRule,
  assign: assignRule,
  bernoulliNll: bernoulliNllRule,
  bernoulliNllGradient: bernoulliNllGradientRule,
  binary: binaryRule,
  broadcastTo: broadcastToRule,
  concat: concatRule,
  cumulativeSum: cumulativeSumRule,
  gatherColumns: gatherColumnsRule,
  gatherRows: gatherRowsRule,
  gaussianHead: gaussianHeadRule,
  gaussianHeadGradient: gaussianHeadGradientRule,
  gaussianTotalCorrelation: gaussianTotalCorrelationRule,
  gaussianTotalCorrelationGradient: gaussianTotalCorrelationGradientRule,
  increment: incrementRule,
  klGaussian: klGaussianRule,
  klGaussianGradient: klGaussianGradientRule,
  logSumExp: logSumExpRule,
  matmul: matmulRule,
  max: maxRule,
  min: minRule,
  pack: packRule,
  pairwiseGaussian: pairwiseGaussianRule,
  patches: patchesRule,
  permute: permuteRule,
  place: placeRule,
  ramp: rampRule,
  random: randomRule,
  sampleGaussian: sampleGaussianRule,
  sampleGaussianGradient: sampleGaussianGradientRule,
  scatterColumns: scatterColumnsRule,
  scatterRows: scatterRowsRule,
  sgd: sgdRule,
  slice: sliceRule,
  sum: sumRule,
  toFloat: toFloatRule,
  triangularMultiply: triangularMultiplyRule,
  triangularOuter: triangularOuterRule,
  triangularSolve: triangularSolveRule,
  unary: unaryRule,
  weightDecay: weightDecayRule,
  where: whereRule,
} satisfies Record<string, Rule<never>>;
