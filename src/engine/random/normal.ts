// Standard normals from random words: the twin of shaders/lib/normal.wgsl (Giles, "Approximating the erfinv function",
// 2011, single precision).

import { hornerF, logF } from '../numeric';
import { type Block, threefry, uniformF } from './threefry';

const f = Math.fround;
const CENTRAL = Float32Array.of(
  2.81022636e-8,
  3.43273939e-7,
  -3.5233877e-6,
  -4.39150654e-6,
  0.00021858087,
  -0.00125372503,
  -0.00417768164,
  0.246640727,
  1.50140941,
);
const TAIL = Float32Array.of(
  -0.000200214257,
  0.000100950558,
  0.00134934322,
  -0.00367342844,
  0.00573950773,
  -0.0076224613,
  0.00943887047,
  1.00167406,
  2.83297682,
);
const SQRT2 = f(Math.SQRT2);

/** A standard normal from one random word. */
export function normalF(bits: number): number {
  const u = f(f(2 * uniformF(bits)) - 1);
  const w = -logF(f(f(1 - u) * f(1 + u)));
  const p = w < 5 ? hornerF(CENTRAL, f(w - 2.5)) : hornerF(TAIL, f(f(Math.sqrt(w)) - 3));
  return f(SQRT2 * f(p * u));
}

/** The j-th normal of row `row` at `step` where a row holds `width` of them: what the sampling kernels draw. */
export function normalAt(key: Block, row: number, width: number, j: number, step: number): number {
  const block = threefry(key, [row * Math.ceil(width / 2) + (j >> 1), step]);
  return normalF(block[j & 1]);
}
