// Reverse-mode differentiation as a transform of the graph: gradients are more graph, built with the same ops, so they
// can be differentiated again. Only what is needed is built: an op's gradient for an input is a thunk, called when a
// wanted tensor lies behind that input.

import { GradientError } from '../errors';
import { add } from '../ops/binary';
import { broadcastTo } from '../ops/broadcast';
import { sizeOf } from './shape';
import { reshape, scalar, type Tensor } from './tensor';

/**
 * The gradients of `loss` with respect to each tensor of `wanted`. A loss that is not one number is summed, so a vector
 * of per-replica losses gives every replica its own gradient.
 *
 * Throws GradientError where a wanted tensor does not reach the loss, or an op on the way has no gradient.
 */
export function gradient(loss: Tensor, wanted: readonly Tensor[]): Tensor[] {
  const path = between(wanted, loss);
  const upstream = new Map<Tensor, Tensor>();
  if (path.has(loss)) upstream.set(loss, broadcastTo(scalar(1), loss.shape));
  const newestFirst = [...path].sort((a, b) => b.id - a.id);
  for (const tensor of newestFirst) {
    const incoming = upstream.get(tensor);
    if (incoming === undefined || wanted.includes(tensor)) continue;
    const contributions = backward(tensor, incoming);
    tensor.inputs.forEach((input, i) => {
      if (!path.has(input)) return;
      const contribution = contributions[i];
      if (contribution === null) return;
      const made = contribution();
      const before = upstream.get(input);
      upstream.set(input, before === undefined ? made : add(before, made));
    });
  }
  return wanted.map((tensor, i) => {
    const found = upstream.get(tensor);
    if (found === undefined) {
      throw new GradientError(
        `gradient: tensor ${i} of shape [${tensor.shape.join(', ')}] has no differentiable path to the loss`,
      );
    }
    return found;
  });
}

function backward(tensor: Tensor, upstream: Tensor): readonly ((() => Tensor) | null)[] {
  if (tensor.source.kind === 'operation') return tensor.source.operation.gradient(tensor.inputs, tensor, upstream);
  const [whole] = tensor.inputs;
  if (sizeOf(whole.shape) !== sizeOf(tensor.shape)) {
    throw new GradientError('gradient: a view of a part passes no gradient to the whole; ask for the part itself');
  }
  return [() => reshape(upstream, whole.shape)];
}

/** The tensors that lie on a path from a wanted tensor to the loss. */
function between(wanted: readonly Tensor[], loss: Tensor): Set<Tensor> {
  const leads = new Map<Tensor, boolean>(wanted.map((tensor) => [tensor, true]));
  const visit = (tensor: Tensor): boolean => {
    const known = leads.get(tensor);
    if (known !== undefined) return known;
    const answer = tensor.inputs.map(visit).includes(true);
    leads.set(tensor, answer);
    return answer;
  };
  visit(loss);
  return new Set([...leads].filter(([, leading]) => leading).map(([tensor]) => tensor));
}
