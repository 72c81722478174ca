// The digamma function at whole numbers, as a table in f64: what every nearest-neighbour estimator needs.

const EULER_GAMMA = 0.5772156649015329;

/** psi(1) ... psi(count) at indices 1 ... count; index 0 is psi(0) = -Infinity. psi(n) = -gamma + sum of 1/j for j < n. */
export function digammaTable(count: number): Float64Array {
  const table = new Float64Array(count + 1);
  table[0] = Number.NEGATIVE_INFINITY;
  let value = -EULER_GAMMA;
  for (let n = 1; n <= count; n++) {
    table[n] = value;
    value += 1 / n;
  }
  return table;
}
