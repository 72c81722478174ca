// Rows of a table by index, such as a batch out of a data set that lives on the GPU; and their adjoint, rows added up by
// index. Each is the other's gradient. Sums run in the order of the indices, so there is no race and no atomic.

import gatherRowsKernel from '../../shaders/gather_rows.wgsl';
import scatterRowsKernel from '../../shaders/scatter_rows.wgsl';
import { ShapeError } from '../errors';
import { call } from '../graph/cpuPlan';
import { input, output, perThread } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { type Shape, sameShape, sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';

const flavourOf = (width: number) => (width % 4 === 0 ? 'vector' : 'scalar');

const threadsFor = (rows: number, width: number) => (rows * width) / (width % 4 === 0 ? 4 : 1);

export const gatherRowsRule = /* @__PURE__ */ defineOp<null>({
  name: 'gatherRows',
  operands: ['f32', 'u32'],
  infer([table, indices]) {
    if (table.shape.length !== 2) {
      throw new ShapeError('gatherRows', 'takes a table [rows, width] and indices', [table.shape, indices.shape]);
    }
    return { shape: [...indices.shape, table.shape[1]], dtype: 'f32' };
  },
  kernels([table, indices], _output, _options, tuning) {
    const [rows, width] = table.shape;
    const count = sizeOf(indices.shape);
    return perThread(tuning, {
      kernel: gatherRowsKernel,
      flavour: flavourOf(width),
      sizes: [rows, width],
      slots: [input(0), input(1), output],
      threads: threadsFor(count, width),
    });
  },
  cpu: ([table, indices]) => call('gather_rows', [input(0), input(1), output], sizeOf(indices.shape), ...table.shape),
  gradient: ({ inputs: [table, indices] }, upstream) => [() => scatterRows(upstream, indices, table.shape[0]), null],
  reference([table, indices], result) {
    const [rows, width] = table.shape;
    for (let i = 0; i < indices.data.length; i++) {
      const row = Math.min(indices.data[i], rows - 1);
      result.data.set(table.data.subarray(row * width, (row + 1) * width), i * width);
    }
  },
});

export const scatterRowsRule = /* @__PURE__ */ defineOp<{ readonly rows: number }>({
  name: 'scatterRows',
  operands: ['f32', 'u32'],
  infer([values, indices], { rows }) {
    if (values.shape.length < 1 || !sameShape(values.shape.slice(0, -1), indices.shape)) {
      throw new ShapeError('scatterRows', 'takes values [..., width] and indices [...]', [values.shape, indices.shape]);
    }
    return { shape: [rows, widthOf(values.shape)], dtype: 'f32' };
  },
  kernels([values, indices], _output, { rows }, tuning) {
    const width = widthOf(values.shape);
    return perThread(tuning, {
      kernel: scatterRowsKernel,
      flavour: flavourOf(width),
      sizes: [sizeOf(indices.shape), rows, width],
      slots: [input(0), input(1), output],
      threads: threadsFor(rows, width),
      operations: 8 * sizeOf(indices.shape),
    });
  },
  cpu: ([, indices], { shape }) => call('scatter_rows', [input(0), input(1), output], sizeOf(indices.shape), ...shape),
  gradient: ({ inputs: [, indices] }, upstream) => [() => gatherRows(upstream, indices), null],
  reference([values, indices], result, { rows }) {
    const width = widthOf(values.shape);
    result.data.fill(0);
    for (const [i, index] of indices.data.entries()) {
      const row = Math.min(index, rows - 1);
      for (let c = 0; c < width; c++) {
        const at = row * width + c;
        result.data[at] = Math.fround(result.data[at] + values.data[i * width + c]);
      }
    }
  },
});

const widthOf = (shape: Shape): number => shape[shape.length - 1];

/** Rows of `table` [rows, width] at `indices` [...] (u32): [..., width]. An index beyond the end gives the last row. */
export const gatherRows = (table: Tensor, indices: Tensor): Tensor => apply(gatherRowsRule, [table, indices], null);

/** A table [rows, width] whose row r is the sum of those `values` [..., width] whose index [...] (u32) is r. */
export const scatterRows = (values: Tensor, indices: Tensor, rows: number): Tensor =>
  apply(scatterRowsRule, [values, indices], { rows });
