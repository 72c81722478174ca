// The table of ops. It is typed exhaustively: an op without a shape rule, a kernel plan, a gradient (or the reason why it
// has none) or a reference does not compile. A test walks it and asks for cases of every op.

import type { Rule } from '../graph/tensor';
import { bernoulliNll, bernoulliNllGradient } from './bernoulliNll';
import { binary } from './binary';
import { broadcast } from './broadcast';
import { gather } from './gather';
import { gaussianHead, gaussianHeadGradient } from './gaussianHead';
import { gaussianTotalCorrelation, gaussianTotalCorrelationGradient } from './gaussianTotalCorrelation';
import { klGaussian, klGaussianGradient } from './klGaussian';
import { matmul } from './matmul';
import { packed } from './pack';
import { random } from './random';
import { reduce } from './reduce';
import { sampleGaussian, sampleGaussianGradient } from './sampleGaussian';
import { unary } from './unary';

export const rules = {
  bernoulliNll,
  bernoulliNllGradient,
  binary,
  broadcast,
  gather,
  gaussianHead,
  gaussianHeadGradient,
  gaussianTotalCorrelation,
  gaussianTotalCorrelationGradient,
  klGaussian,
  klGaussianGradient,
  matmul,
  pack: packed,
  random,
  reduce,
  sampleGaussian,
  sampleGaussianGradient,
  unary,
} satisfies Record<string, Rule<never>>;
