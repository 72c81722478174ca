// Reverse-mode differentiation as a transform of the graph: gradients are more graph, built with the same ops, so they
// can be differentiated again. Only what is needed is built: an op's gradient for an input is a thunk, called when a
// wanted tensor lies behind that input.

import { GradientError } from '../errors';
import { add } from '../ops/binary';
import { place } from '../ops/slice';
import { broadcastTo } from '../ops/sum';
import { ancestors } from './schedule';
import { sizeOf } from './shape';
import { reshape, scalar, type Tensor } from './tensor';

/** A gradient for each of the tensors asked for, in their order. */
export type GradientsOf<Wanted extends readonly Tensor[]> = { -readonly [Each in keyof Wanted]: Tensor };

/**
 * The gradients of `loss` with respect to each tensor of `wanted`, each of that tensor's shape: total derivatives, so that a
 * wanted tensor may lie behind another. A loss that is not one number is summed, so a vector of per-replica losses gives
 * every replica its own gradient.
 *
 * Throws GradientError where a wanted tensor does not reach the loss, or an op on the way has no gradient.
 */
export function gradient<const Wanted extends readonly Tensor[]>(loss: Tensor, wanted: Wanted): GradientsOf<Wanted> {
  if (loss.dtype !== 'f32')
    throw new GradientError(`gradient: the loss is ${loss.dtype}; whole numbers have no derivative`);
  const path = between(wanted, loss);
  const upstream = new Map<Tensor, Tensor>();
  if (path.has(loss)) upstream.set(loss, broadcastTo(scalar(1), loss.shape));
  const newestFirst = [...path].sort((a, b) => b.id - a.id);
  for (const tensor of newestFirst) {
    const incoming = upstream.get(tensor);
    if (incoming === undefined || isDetached(tensor) || !tensor.inputs.some((input) => path.has(input))) continue;
    const contributions = backward(tensor, incoming);
    tensor.inputs.forEach((input, i) => {
      if (!path.has(input)) return;
      const contribution = contributions[i];
      if (contribution === null) return;
      const made = contribution();
      const before = upstream.get(input);
      upstream.set(input, before === undefined ? made : together(before, made));
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
  }) as GradientsOf<Wanted>;
}

function backward(tensor: Tensor, upstream: Tensor): readonly ((() => Tensor) | null)[] {
  if (tensor.source.kind === 'operation') return tensor.source.operation.gradient(tensor.inputs, tensor, upstream);
  const [whole] = tensor.inputs;
  const offset = tensor.source.kind === 'view' ? tensor.source.offset : 0;
  const [part, all] = [sizeOf(tensor.shape), sizeOf(whole.shape)];
  // Beside a view of a part, the whole's other entries receive nothing.
  const spread = () => place(reshape(upstream, [part]), [offset], [all]);
  return [() => reshape(part === all ? upstream : spread(), whole.shape)];
}

/** The sum of two contributions, where it can be by the op that made the second. */
function together(before: Tensor, made: Tensor): Tensor {
  const { source, inputs } = made;
  const fused = source.kind === 'operation' ? source.operation.addedTo(inputs, made, before) : undefined;
  return fused ?? add(before, made);
}

const isDetached = ({ source }: Tensor): boolean => source.kind === 'view' && source.detached;

/** The tensors that lie on a path from a wanted tensor to the loss, both ends included. */
function between(wanted: readonly Tensor[], loss: Tensor): Set<Tensor> {
  const asked = new Set(wanted);
  const path = new Set<Tensor>();
  for (const tensor of ancestors([loss]))
    if (asked.has(tensor) || (!isDetached(tensor) && tensor.inputs.some((input) => path.has(input)))) path.add(tensor);
  return path;
}
