// The plans of the kinds of kernel that packed Gaussians have: a thread for each row, each dimension of a row, or each entry.

import type { KernelName } from '../../shaders';
import { input, output, type Plan, workgroupsFor } from '../graph/dispatch';
import { sizeOf } from '../graph/shape';
import type { Signature } from '../graph/tensor';

/** One thread a row: sizes are rows, dimensions, width. */
export function perRow(kernel: KernelName, { shape }: Signature, dimensions: number): Plan {
  const width = shape[shape.length - 1];
  const rows = sizeOf(shape) / width;
  const slots = [input(0), output];
  return { dispatches: [{ kernel, sizes: [rows, dimensions, width], slots, workgroups: workgroupsFor(rows) }] };
}

/** One thread an entry, with the rows' upstream gradient as second input. */
export function perEntry(kernel: KernelName, { shape }: Signature, dimensions: number): Plan {
  const count = sizeOf(shape);
  const slots = [input(0), input(1), output];
  const sizes = [count, dimensions, shape[shape.length - 1]];
  return { dispatches: [{ kernel, sizes, slots, workgroups: workgroupsFor(count) }] };
}

/** One thread a dimension of a row, with the rows' upstream gradient as second input. */
export function perDimension(kernel: KernelName, { shape }: Signature, dimensions: number): Plan {
  const width = shape[shape.length - 1];
  const count = (sizeOf(shape) / width) * dimensions;
  const slots = [input(0), input(1), output];
  return { dispatches: [{ kernel, sizes: [count, dimensions, width], slots, workgroups: workgroupsFor(count) }] };
}
