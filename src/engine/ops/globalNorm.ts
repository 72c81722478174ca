// The norm of several gradients taken together, one a replica, and clipping by it (Pascanu, Mikolov & Bengio 2013).

import { ShapeError } from '../errors';
import { reshape, scalar, type Tensor } from '../graph/tensor';
import { add, div, maximum, mul } from './binary';
import { sum } from './sum';
import { sqrt, square } from './unary';

/** The Euclidean norm of every replica's entries over all `tensors` `[R, ...]`, as `[R]`. */
export function globalNorm(tensors: readonly Tensor[]): Tensor {
  const replicas = tensors[0]?.shape[0];
  if (tensors.length === 0 || tensors.some(({ shape }) => shape[0] !== replicas)) {
    throw new ShapeError(
      'globalNorm',
      'takes one or more tensors [replicas, ...]',
      tensors.map(({ shape }) => shape),
    );
  }
  const squares = tensors.map((x) =>
    sum(
      square(x),
      x.shape.slice(1).map((_, i) => i + 1),
    ),
  );
  return sqrt(squares.reduce(add));
}

/** `tensors` [R, ...] scaled, replica by replica, so that their global norm is at most `limit`, a number or [R]. */
export function clipByGlobalNorm(tensors: readonly Tensor[], limit: number | Tensor): Tensor[] {
  const bound = typeof limit === 'number' ? scalar(limit) : limit;
  // limit / max(norm, limit): exactly 1 for a replica within the limit.
  const factor = div(bound, maximum(globalNorm(tensors), bound));
  return tensors.map((x) => mul(x, reshape(factor, [x.shape[0], ...x.shape.slice(1).map(() => 1)])));
}
