// Softmax, its logarithm, and cross-entropy, over the last axis. Compositions of ops whose gradients exist to any order.

import { ShapeError } from '../errors';
import { reshape, type Tensor } from '../graph/tensor';
import { sub } from './binary';
import { gatherColumns } from './gatherColumns';
import { logSumExp } from './reduce';
import { broadcastTo } from './sum';
import { exp } from './unary';

/** ln softmax of every row [..., n]: x - ln sum exp x. */
export function logSoftmax(x: Tensor): Tensor {
  if (x.shape.length < 1) throw new ShapeError('logSoftmax', 'takes rows [..., n]', [x.shape]);
  return sub(x, broadcastTo(logSumExp(x, [x.shape.length - 1], true), x.shape));
}

/** Every row [..., n] as probabilities. */
export const softmax = (x: Tensor): Tensor => exp(logSoftmax(x));

/** -ln softmax(logits)[label] of every row, in nats: logits [..., n] and u32 labels [...] give [...]. */
export function crossEntropy(logits: Tensor, labels: Tensor): Tensor {
  const chosen = gatherColumns(logits, reshape(labels, [...labels.shape, 1]));
  return sub(logSumExp(logits, [logits.shape.length - 1]), reshape(chosen, labels.shape));
}
