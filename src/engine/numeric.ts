// The TypeScript twins of shaders/lib/float.wgsl: the same polynomials in the same order, rounded to f32 after every
// operation. On an adapter that rounds correctly and does not fuse, kernel and twin agree bit for bit (a test).
// Sources of the polynomials: Cephes single precision (S. Moshier).

const f = Math.fround;
const words = /* @__PURE__ */ new Uint32Array(1);
const floats = /* @__PURE__ */ new Float32Array(words.buffer);

export function floatBits(x: number): number {
  floats[0] = x;
  return words[0];
}

export function bitsFloat(bits: number): number {
  words[0] = bits;
  return floats[0];
}

/** Evaluates a polynomial by Horner's rule, highest coefficient first, rounding each step to f32. */
export function hornerF(coefficients: Float32Array, x: number): number {
  let p = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) p = f(f(p * x) + coefficients[i]);
  return p;
}

const poly = (...coefficients: number[]) => Float32Array.from(coefficients);

const EXP = /* @__PURE__ */ poly(
  1.98756915e-4,
  1.3981999507e-3,
  8.3334519073e-3,
  4.1665795894e-2,
  1.6666665459e-1,
  5.0000001201e-1,
);
const LOG = /* @__PURE__ */ poly(
  7.0376836292e-2,
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
);
const TANH = /* @__PURE__ */ poly(
  -5.70498872745e-3,
  2.06390887954e-2,
  -5.37397155531e-2,
  1.33314422036e-1,
  -3.33332819422e-1,
);
const ATANH = /* @__PURE__ */ poly(0.0769230769, 0.0909090909, 0.1111111111, 0.1428571429, 0.2, 0.3333333333);
const LOG2E = f(Math.LOG2E);
const LN2_HIGH = f(0.693359375);
const LN2_LOW = f(-2.1219444e-4);
const SMALLEST_NORMAL = f(1.17549435e-38);

/** x, or 0 where it is subnormal in f32. */
export const normalOr0 = (x: number): number => (Math.abs(x) < SMALLEST_NORMAL ? 0 : x);

/** e^x; overflows to Infinity, gives 0 below -86.5. */
export function expF(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < f(-86.5)) return 0;
  const bounded = Math.min(x, 89);
  const n = Math.floor(f(f(bounded * LOG2E) + 0.5));
  const r = f(f(bounded - f(n * LN2_HIGH)) - f(n * LN2_LOW));
  const mantissa = f(f(f(hornerF(EXP, r) * f(r * r)) + r) + 1);
  const half = Math.trunc(n / 2);
  return f(f(mantissa * 2 ** half) * 2 ** (n - half));
}

/** e^x - 1 without cancellation near 0. */
export function expm1F(x: number): number {
  if (Math.abs(x) < f(0.34)) return f(f(hornerF(EXP, x) * f(x * x)) + x);
  return f(expF(x) - 1);
}

const logTail = (m: number): number => f(f(hornerF(LOG, m) * m) * f(m * m));

/** ln x; -Infinity at 0 and at subnormals, NaN below 0. */
export function logF(x: number): number {
  if (Number.isNaN(x) || x === Infinity) return x;
  if (Math.abs(x) < SMALLEST_NORMAL) return -Infinity;
  if (x < 0) return Number.NaN;
  const bits = floatBits(x);
  let exponent = (bits >>> 23) - 126;
  let m = bitsFloat((bits & 0x007fffff) | 0x3f000000);
  if (m < f(Math.SQRT1_2)) {
    exponent -= 1;
    m = f(f(m + m) - 1);
  } else {
    m = f(m - 1);
  }
  const tail = f(f(logTail(m) + f(exponent * LN2_LOW)) - f(0.5 * f(m * m)));
  return f(f(m + tail) + f(exponent * LN2_HIGH));
}

/** ln(1 + x) without cancellation near 0. */
export function log1pF(x: number): number {
  if (x > f(-0.29) && x < f(0.41)) return f(x + f(logTail(x) - f(0.5 * f(x * x))));
  return logF(f(1 + x));
}

export const reluF = (x: number): number => (x < 0 ? 0 : x);

/** ln(1 + t) for t in [0, 1], as 2 atanh(t / (2 + t)). */
function log1pUnit(t: number): number {
  const s = f(t / f(2 + t));
  const z = f(s * s);
  return 2 * f(s + f(f(hornerF(ATANH, z) * z) * s));
}

/** ln(1 + e^x). */
export const softplusF = (x: number): number => f(reluF(x) + log1pUnit(expF(-Math.abs(x))));

/** 1 / (1 + e^-x). */
export function sigmoidF(x: number): number {
  const t = expF(-Math.abs(x));
  return f((x < 0 ? t : 1) / f(1 + t));
}

export function tanhF(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (size < 0.625) {
    const z = f(x * x);
    return f(f(f(hornerF(TANH, z) * z) * x) + x);
  }
  const value = size > f(9.01) ? 1 : f(1 - f(2 / f(expF(f(2 * size)) + 1)));
  return x < 0 ? -value : value;
}

const SINE = /* @__PURE__ */ poly(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);
const COSINE = /* @__PURE__ */ poly(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);
const HALF_PI = [1.5703125, 4.837512969970703e-4, 7.549789948768648e-8];

/** sin (turn 0) or cos (turn 1). */
function waveF(x: number, turn: number): number {
  if (!(Math.abs(x) <= 8192)) return Number.NaN;
  const n = Math.floor(f(f(x * f(2 / Math.PI)) + 0.5));
  const r = HALF_PI.reduce((rest, part) => f(rest - f(n * f(part))), x);
  const z = f(r * r);
  const odd = hornerF(SINE, z);
  const even = hornerF(COSINE, z);
  const sine = f(r + f(r * f(z * odd)));
  const cosine = f(f(1 - f(0.5 * z)) + f(f(z * z) * even));
  const quadrant = (n & 3) + turn;
  const value = quadrant % 2 === 1 ? cosine : sine;
  return (quadrant & 2) !== 0 ? -value : value;
}

export const sinF = (x: number): number => waveF(x, 0);

export const cosF = (x: number): number => waveF(x, 1);

/** x^e: by repeated multiplication for whole e up to 64, else e^(e ln x). */
export function powF(x: number, e: number): number {
  if (!(Number.isInteger(e) && Math.abs(e) <= 64)) return expF(f(e * logF(x)));
  let power = 1;
  let base = x;
  for (let n = Math.abs(e); n > 0; n >>= 1) {
    if ((n & 1) === 1) power = f(power * base);
    base = f(base * base);
  }
  return e < 0 ? f(1 / power) : power;
}
