// The plans of the kinds of kernel that packed Gaussians have: a thread for each row, for each dimension of a row, or for
// each entry. All take the same sizes: dimensions, width.

import type { Kernel } from '../../shaders/kernel';
import { type CpuPlan, call } from '../graph/cpuPlan';
import { input, output, type Plan, perThread, rowDispatches, type Slot, scratch, type Tuning } from '../graph/dispatch';
import { sizeOf } from '../graph/shape';
import type { Signature } from '../graph/tensor';

/** One thread a row. */
export const perRow = (kernel: Kernel, packed: Signature, dimensions: number, tuning: Tuning): Plan =>
  plan(kernel, packed, dimensions, rowsOf(packed), [input(0), output], tuning);

/** One workgroup a row, for GPUs. */
export function perRowOfLanes(kernel: Kernel, packed: Signature, dimensions: number, tuning: Tuning): Plan {
  const width = widthOf(packed);
  const work = { kernel, sizes: [dimensions, width], slots: [input(0), output], operations: ENTRY * width };
  return { dispatches: rowDispatches(tuning, { ...work, rows: rowsOf(packed) }) };
}

/** One thread a dimension of a row, with the rows' upstream gradient as second input. */
export const perDimension = (kernel: Kernel, packed: Signature, dimensions: number, tuning: Tuning): Plan =>
  plan(kernel, packed, dimensions, rowsOf(packed) * dimensions, [input(0), input(1), output], tuning);

/** One thread an entry, with the rows' upstream gradient as second input and what the result is added to, if anything, as third. */
export function perEntry(kernel: Kernel, packed: Signature, dimensions: number, added: boolean, tuning: Tuning): Plan {
  const slots = [input(0), input(1), input(added ? 2 : 0), output];
  const { dispatches } = plan(kernel, packed, dimensions, sizeOf(packed.shape), slots, tuning);
  return { dispatches: dispatches.map((each) => ({ ...each, constants: { ADDED: Number(added) } })) };
}

/** On the CPU: rows one after another, with room for a row's exponentials in whole vectors. */
export const rowsOnCpu = (
  kernel: string,
  slots: readonly Slot[],
  packed: Signature,
  dimensions: number,
  ...rest: readonly number[]
): CpuPlan => ({
  ...call(kernel, [...slots, scratch(0)], rowsOf(packed), widthOf(packed), dimensions, ...rest),
  scratch: [16 * Math.ceil(dimensions / 4)],
});

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
