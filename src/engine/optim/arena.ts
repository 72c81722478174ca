// What every optimiser demands of its operands: one arena of parameters and what goes with it, entry by entry.

import { ShapeError } from '../errors';
import { sameShape, sizeOf } from '../graph/shape';
import type { Signature } from '../graph/tensor';

/**
 * Throws ShapeError unless `perEntry` are of one shape [n], n a multiple of 4, which the kernels need and `pack` gives, and
 * the `counters` are single numbers.
 */
export function checkArena(op: string, perEntry: readonly Signature[], counters: readonly Signature[] = []): void {
  const [{ shape }] = perEntry;
  const shapes = [...perEntry, ...counters].map((each) => each.shape);
  if (shape.length !== 1 || shape[0] % 4 !== 0)
    throw new ShapeError(op, 'takes arenas [n], n a multiple of 4, as `pack` makes them', shapes);
  if (!perEntry.every((each) => sameShape(each.shape, shape)))
    throw new ShapeError(op, 'the arenas must be of one length', shapes);
  if (counters.some((each) => sizeOf(each.shape) !== 1))
    throw new ShapeError(op, 'step and nonFinite must be single numbers', shapes);
}
