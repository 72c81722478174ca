// Codes that are functions of the true factors, on the factor space of dSprites: what the table of docs/scores.md scores.

import { Draw, normalQuantile } from '../../src/metrics';

/** Values of shape, scale, orientation, x and y. */
export const sizes = [3, 6, 40, 32, 32];
export const ROWS = 15000;

const draw = new Draw(2, 7);

/** Factors drawn independently and uniformly, [factor][row]. */
export const factors = sizes.map((size) => Float64Array.from({ length: ROWS }, () => draw.below(size)));

/** The factors at mean 0 and variance 1. */
const identity = factors.map((factor, j) =>
  factor.map((value) => (value - (sizes[j] - 1) / 2) / Math.sqrt((sizes[j] ** 2 - 1) / 12)),
);

const noise = (latents: number, deviation: number) =>
  Array.from({ length: latents }, () =>
    Float64Array.from({ length: ROWS }, () => deviation * normalQuantile(draw.uniform())),
  );

/** Latents i and j turned by 45 degrees, for every pair in turn. */
function turned(codes: readonly Float64Array[], pairs: readonly (readonly [number, number])[]): Float64Array[] {
  const result = codes.map((values) => values.slice());
  for (const [i, j] of pairs) {
    for (let n = 0; n < ROWS; n++) {
      const [a, b] = [result[i][n], result[j][n]];
      result[i][n] = (a + b) * Math.SQRT1_2;
      result[j][n] = (a - b) * Math.SQRT1_2;
    }
  }
  return result;
}

const shaken = noise(5, 0.1);

export const factorCodes = {
  'identity (5)': identity,
  'identity + 5 N(0,1) noise latents': [...identity, ...noise(5, 1)],
  'identity + 5 dead (std 1e-3)': [...identity, ...noise(5, 1e-3)],
  'duplicated [z,z]': [...identity, ...identity],
  '10 pure noise': noise(10, 1),
  'identity + N(0,0.1^2)': identity.map((values, i) => values.map((value, n) => value + shaken[i][n])),
  'z^3': identity.map((values) => values.map((value) => value ** 3)),
  'x and y turned by 45 degrees': turned(identity, [[3, 4]]),
  'every latent turned': turned(identity, [
    [0, 1],
    [2, 3],
    [1, 4],
    [0, 2],
    [3, 4],
  ]),
};
