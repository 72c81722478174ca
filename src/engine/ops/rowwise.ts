// The plans of the kinds of kernel that packed Gaussians have: a thread for each row, for each dimension of a row, or for
// each entry. All take the same sizes: threads, dimensions, width.

import type { Kernel } from '../../shaders/kernel';
import { input, output, type Plan, type Slot, single } from '../graph/dispatch';
import { sizeOf } from '../graph/shape';
import type { Signature } from '../graph/tensor';

/** One thread a row. */
export const perRow = (kernel: Kernel, packed: Signature, dimensions: number): Plan =>
  plan(kernel, packed, dimensions, rowsOf(packed), [input(0), output]);

/** One thread a dimension of a row, with the rows' upstream gradient as second input. */
export const perDimension = (kernel: Kernel, packed: Signature, dimensions: number): Plan =>
  plan(kernel, packed, dimensions, rowsOf(packed) * dimensions, [input(0), input(1), output]);

/** One thread an entry, with the rows' upstream gradient as second input. */
export const perEntry = (kernel: Kernel, packed: Signature, dimensions: number): Plan =>
  plan(kernel, packed, dimensions, sizeOf(packed.shape), [input(0), input(1), output]);

const widthOf = ({ shape }: Signature): number => shape[shape.length - 1];

const rowsOf = (packed: Signature): number => sizeOf(packed.shape) / widthOf(packed);

function plan(kernel: Kernel, packed: Signature, dimensions: number, threads: number, slots: readonly Slot[]): Plan {
  const sizes = [threads, dimensions, widthOf(packed)];
  return single({ kernel, sizes, slots, threads });
}
