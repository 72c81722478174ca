// result[i...] = table[indices[i...]]: whole rows by index, such as a batch out of a data set that lives on the GPU.

import { ShapeError } from '../errors';
import { input, output, workgroupsFor } from '../graph/dispatch';
import { sizeOf } from '../graph/shape';
import { apply, type Rule, type Tensor } from '../graph/tensor';

export const gather: Rule<null> = {
  name: 'gather',
  infer([table, indices]) {
    if (table.dtype !== 'f32' || indices.dtype !== 'u32' || table.shape.length !== 2) {
      throw new ShapeError('gatherRows', 'takes an f32 table [rows, width] and u32 indices', [
        table.shape,
        indices.shape,
      ]);
    }
    return { shape: [...indices.shape, table.shape[1]], dtype: 'f32' };
  },
  kernels([table, indices]) {
    const [rows, width] = table.shape;
    const count = sizeOf(indices.shape);
    const flavour = width % 4 === 0 ? 'vector' : 'scalar';
    const threads = (count * width) / (flavour === 'vector' ? 4 : 1);
    return {
      dispatches: [
        {
          kernel: `gather_rows/${flavour}`,
          sizes: [count, rows, width],
          slots: [input(0), input(1), output],
          workgroups: workgroupsFor(threads),
        },
      ],
    };
  },
  gradient: { reason: 'gathered rows are data here; scattering back is an op of its own' },
  reference([table, indices], result) {
    const [rows, width] = table.shape;
    for (let i = 0; i < indices.data.length; i++) {
      const row = Math.min(indices.data[i], rows - 1);
      result.data.set(table.data.subarray(row * width, (row + 1) * width), i * width);
    }
  },
};

/** Rows of `table` [rows, width] at `indices` [...] (u32): [..., width]. An index beyond the end gives the last row. */
export const gatherRows = (table: Tensor, indices: Tensor): Tensor => apply(gather, [table, indices], null);
