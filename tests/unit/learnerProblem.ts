// A classification problem that any language can make again: a linear congruential generator (Numerical Recipes' constants)
// and a label that depends on the first two features and on noise.

export function uniforms(seed: number, count: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

/** Features [d][n] on (-1, 1), and labels below `classes`. */
export function problem(
  seed: number,
  n: number,
  d: number,
  classes: number,
): { features: Float64Array[]; labels: Int32Array } {
  const u = uniforms(seed, n * (d + 1));
  const at = (i: number, f: number) => u[i * (d + 1) + f];
  return {
    features: Array.from({ length: d }, (_, f) => Float64Array.from({ length: n }, (_, i) => 2 * at(i, f) - 1)),
    labels: Int32Array.from({ length: n }, (_, i) =>
      Math.min(classes - 1, Math.floor(classes * (0.6 * at(i, 0) + 0.3 * at(i, 1) + 0.1 * at(i, d)))),
    ),
  };
}
