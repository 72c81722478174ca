// The plans of the kinds of kernel that packed Gaussians have: a thread for each row, for each dimension of a row, or for
// each entry. All take the same sizes: dimensions, width.

import type { Kernel } from '../../shaders/kernel';
import { input, output, type Plan, perThread, type Slot, type Tuning } from '../graph/dispatch';
import { sizeOf } from '../graph/shape';
import type { Signature } from '../graph/tensor';

/** One thread a row. */
export const perRow = (kernel: Kernel, packed: Signature, dimensions: number, tuning: Tuning): Plan =>
  plan(kernel, packed, dimensions, rowsOf(packed), [input(0), output], tuning);

/** One thread a dimension of a row, with the rows' upstream gradient as second input. */
export const perDimension = (kernel: Kernel, packed: Signature, dimensions: number, tuning: Tuning): Plan =>
  plan(kernel, packed, dimensions, rowsOf(packed) * dimensions, [input(0), input(1), output], tuning);

/** One thread an entry, with the rows' upstream gradient as second input. */
export const perEntry = (kernel: Kernel, packed: Signature, dimensions: number, tuning: Tuning): Plan =>
  plan(kernel, packed, dimensions, sizeOf(packed.shape), [input(0), input(1), output], tuning);

const widthOf = ({ shape }: Signature): number => shape[shape.length - 1];

const rowsOf = (packed: Signature): number => sizeOf(packed.shape) / widthOf(packed);

/** What an entry of a row, or an exponential, costs, measured against an arithmetic operation. */
const ENTRY = 30;

function plan(
  kernel: Kernel,
  packed: Signature,
  dimensions: number,
  threads: number,
  slots: readonly Slot[],
  tuning: Tuning,
): Plan {
  const width = widthOf(packed);
  return perThread(tuning, { kernel, sizes: [dimensions, width], slots, threads, operations: ENTRY * width });
}
