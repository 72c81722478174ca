// The one change of layout that frameworks differ by: axes in another order.

/** `values` of the given shape with its axes in the given order. */
export function permuted(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, each) => product * each, 1));
  const result = new Float32Array(values.length);
  const index = new Array<number>(order.length).fill(0);
  for (let at = 0; at < result.length; at++) {
    result[at] = values[order.reduce((sum, axis, i) => sum + index[i] * strides[axis], 0)];
    for (let i = order.length - 1; i >= 0; i--) {
      index[i]++;
      if (index[i] < shape[order[i]]) break;
      index[i] = 0;
    }
  }
  return result;
}
