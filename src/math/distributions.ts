// Distribution functions that tests of invariance need, in f64: the regularised incomplete beta function (Lentz's continued
// fraction, as in DLMF 8.17.22), and with it the F distribution, central and noncentral.

/** ln Gamma(x), x > 0 (Lanczos, g = 7, n = 9): about 1e-15 relative. */
export function logGamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  const shifted = x - 1;
  const t = shifted + 7.5;
  const series = coefficients.reduce((sum, c, i) => sum + c / (shifted + i + 1), 0.9999999999998099);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(series);
}

/** I_x(a, b), the regularised incomplete beta function. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The continued fraction converges fast on this side only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const TINY = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < TINY ? TINY : d);
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 + term * d;
      c = 1 + term / c;
      d = 1 / (Math.abs(d) < TINY ? TINY : d);
      if (Math.abs(c) < TINY) c = TINY;
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** P(F <= f) with d1 and d2 degrees of freedom. */
export const fCdf = (f: number, d1: number, d2: number): number =>
  f <= 0 ? 0 : incompleteBeta((d1 * f) / (d1 * f + d2), d1 / 2, d2 / 2);

/** A noncentrality from which a numerator far above f is never below it. */
const FAR = 5000;

/** P(F <= f) where the numerator is noncentral: a Poisson mixture of beta functions. */
export function noncentralFCdf(f: number, d1: number, d2: number, noncentrality: number): number {
  if (f <= 0) return 0;
  const x = (d1 * f) / (d1 * f + d2);
  const half = noncentrality / 2;
  let total = 0;
  // Far below where it can be: 40 standard deviations of the numerator, in units the denominator cannot make up for.
  if (f * 4 < (d1 + noncentrality) / d1 && half > FAR && d2 > 100) return 0;
  const middle = Math.floor(half);
  const weight = (j: number) => Math.exp(-half + j * Math.log(half) - logGamma(j + 1));
  if (half === 0) return fCdf(f, d1, d2);
  const reach = 40 + Math.ceil(10 * Math.sqrt(half + 1));
  for (let j = Math.max(0, middle - reach); j <= middle + reach; j++) {
    total += weight(j) * incompleteBeta(x, d1 / 2 + j, d2 / 2);
  }
  return Math.min(1, total);
}

/** The f with P(F <= f) = p, by bisection. */
export function fQuantile(p: number, d1: number, d2: number): number {
  let [low, high] = [0, 1];
  while (fCdf(high, d1, d2) < p) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (fCdf(middle, d1, d2) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
