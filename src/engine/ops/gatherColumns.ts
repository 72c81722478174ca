// Entries of every row by index, as a sort or a label chooses them; and the adjoint, entries added up by index. Each is
// the other's gradient.

import gatherColumnsKernel from '../../shaders/gather_columns.wgsl';
import scatterColumnsKernel from '../../shaders/scatter_columns.wgsl';
import { ShapeError } from '../errors';
import { call } from '../graph/cpuPlan';
import { input, output, perThread } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { type Shape, sameShape, sizeOf } from '../graph/shape';
import type { Signature, Tensor } from '../graph/tensor';

const widthOf = (shape: Shape): number => shape[shape.length - 1];

function check(op: string, x: Signature, indices: Signature): void {
  if (x.shape.length < 1 || !sameShape(x.shape.slice(0, -1), indices.shape.slice(0, -1))) {
    throw new ShapeError(op, 'takes rows [..., n] and indices [..., m] of as many rows', [x.shape, indices.shape]);
  }
}

/** Rows of `whole`, and the chosen entries of each. */
const onCpu = (kernel: string, whole: Shape, chosen: Shape) =>
  call(kernel, [input(0), input(1), output], sizeOf(whole.slice(0, -1)), widthOf(whole), widthOf(chosen));

export const gatherColumnsRule = /* @__PURE__ */ defineOp<null>({
  name: 'gatherColumns',
  operands: ['f32', 'u32'],
  infer([x, indices]) {
    check('gatherColumns', x, indices);
    return { shape: indices.shape, dtype: 'f32' };
  },
  kernels([x], { shape }, _options, tuning) {
    const slots = [input(0), input(1), output];
    const sizes = [widthOf(x.shape), widthOf(shape)];
    return perThread(tuning, { kernel: gatherColumnsKernel, sizes, slots, threads: sizeOf(shape) });
  },
  cpu: ([x], { shape }) => onCpu('gather_columns', x.shape, shape),
  gradient: ({ inputs: [x, indices] }, upstream) => [() => scatterColumns(upstream, indices, widthOf(x.shape)), null],
  reference([x, indices], result) {
    const [width, chosen] = [widthOf(x.shape), widthOf(indices.shape)];
    for (const [i, index] of indices.data.entries())
      result.data[i] = x.data[Math.floor(i / chosen) * width + Math.min(index, width - 1)];
  },
});

export const scatterColumnsRule = /* @__PURE__ */ defineOp<{ readonly width: number }>({
  name: 'scatterColumns',
  operands: ['f32', 'u32'],
  infer([values, indices], { width }) {
    check('scatterColumns', values, indices);
    if (!sameShape(values.shape, indices.shape)) {
      throw new ShapeError('scatterColumns', 'values and indices must have one shape', [values.shape, indices.shape]);
    }
    return { shape: [...values.shape.slice(0, -1), width], dtype: 'f32' };
  },
  kernels([values], { shape }, { width }, tuning) {
    const chosen = widthOf(values.shape);
    const slots = [input(0), input(1), output];
    const threads = sizeOf(shape);
    return perThread(tuning, {
      kernel: scatterColumnsKernel,
      sizes: [width, chosen],
      slots,
      threads,
      operations: 8 * chosen,
    });
  },
  cpu: ([values], { shape }) => onCpu('scatter_columns', shape, values.shape),
  gradient: ({ inputs: [, indices] }, upstream) => [() => gatherColumns(upstream, indices), null],
  reference([values, indices], result, { width }) {
    const chosen = widthOf(indices.shape);
    result.data.fill(0);
    for (const [i, index] of indices.data.entries()) {
      const at = Math.floor(i / chosen) * width + Math.min(index, width - 1);
      result.data[at] = Math.fround(result.data[at] + values.data[i]);
    }
  },
});

/** y[..., j] = x[..., indices[..., j]]: x [..., n] and u32 indices [..., m] give [..., m]. Beyond the end: the last. */
export const gatherColumns = (x: Tensor, indices: Tensor): Tensor => apply(gatherColumnsRule, [x, indices], null);

/** [..., width], where entry j is the sum of those `values` [..., m] whose index [..., m] (u32) is j. */
export const scatterColumns = (values: Tensor, indices: Tensor, width: number): Tensor =>
  apply(scatterColumnsRule, [values, indices], { width });
