// Elementary functions, four at a time: the twins of shaders/lib/float.wgsl and of engine/numeric.ts, the same polynomials in the
// same order (Cephes, S. Moshier, single precision). Nothing is fused; a power of two is its bits.

@inline
export function splat(x: f32): v128 {
  return f32x4.splat(x);
}

@inline
export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

@inline
export function sub(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

@inline
export function mul(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

/** `a` where the mask's bits are set, else `b`. */
@inline
export function select4(a: v128, b: v128, mask: v128): v128 {
  return v128.bitselect(a, b, mask);
}

/** p x + c, rounded twice. */
@inline
export function horner(p: v128, x: v128, c: f32): v128 {
  return add(mul(p, x), splat(c));
}

@inline
export function isNan(x: v128): v128 {
  return f32x4.ne(x, x);
}

/** x, or 0 where it is subnormal: processors take a hundred times as long for subnormal numbers. */
@inline
export function normalOr0(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), splat(1.17549435e-38)));
}

/** exp(r) - 1 - r, divided by r r, for |r| <= ln(2) / 2. */
@inline
function expTail(r: v128): v128 {
  let p = splat(1.98756915e-4);
  p = horner(p, r, 1.3981999507e-3);
  p = horner(p, r, 8.3334519073e-3);
  p = horner(p, r, 4.1665795894e-2);
  p = horner(p, r, 1.6666665459e-1);
  return horner(p, r, 5.0000001201e-1);
}

@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** e^x; overflows to Infinity, gives 0 below -86.5. */
@inline
export function exp4(x: v128): v128 {
  // A NaN goes through all of it.
  const bounded = f32x4.max(f32x4.min(x, splat(89)), splat(-104));
  const n = f32x4.floor(add(mul(bounded, splat(1.4426950408889634)), splat(0.5)));
  const r = sub(sub(bounded, mul(n, splat(0.693359375))), mul(n, splat(-2.1219444e-4)));
  const mantissa = add(add(mul(expTail(r), mul(r, r)), r), splat(1));
  const whole = i32x4.trunc_sat_f32x4_s(n);
  // 2^n in two factors, so that overflow and underflow come out of a multiplication. Half, rounded towards 0.
  const half = i32x4.shr_s(i32x4.add(whole, i32x4.shr_u(whole, 31)), 1);
  const value = mul(mul(mantissa, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
  return v128.andnot(value, f32x4.lt(x, splat(-86.5)));
}

/** e^x for x <= 0, bit for bit, in fewer steps: nothing can overflow, so one power of two is enough. */
@inline
export function expNegative4(x: v128): v128 {
  const bounded = f32x4.max(x, splat(-87));
  const n = f32x4.floor(add(mul(bounded, splat(1.4426950408889634)), splat(0.5)));
  const r = sub(sub(bounded, mul(n, splat(0.693359375))), mul(n, splat(-2.1219444e-4)));
  const mantissa = add(add(mul(expTail(r), mul(r, r)), r), splat(1));
  const value = mul(mantissa, powerOfTwo(i32x4.trunc_sat_f32x4_s(n)));
  return v128.andnot(value, f32x4.lt(x, splat(-86.5)));
}

/** e^x - 1 without cancellation near 0. */
@inline
export function expm14(x: v128): v128 {
  const near = add(mul(expTail(x), mul(x, x)), x);
  return select4(near, sub(exp4(x), splat(1)), f32x4.lt(f32x4.abs(x), splat(0.34)));
}

/** log(1 + m) - m + m m / 2, for m around 0. */
@inline
function logTail(m: v128): v128 {
  let p = splat(7.0376836292e-2);
  p = horner(p, m, -1.151461031e-1);
  p = horner(p, m, 1.167699874e-1);
  p = horner(p, m, -1.2420140846e-1);
  p = horner(p, m, 1.4249322787e-1);
  p = horner(p, m, -1.6668057665e-1);
  p = horner(p, m, 2.0000714765e-1);
  p = horner(p, m, -2.4999993993e-1);
  p = horner(p, m, 3.3333331174e-1);
  return mul(mul(p, m), mul(m, m));
}

/** ln x; -Infinity at 0 and at subnormals, NaN below 0. */
@inline
export function log4(x: v128): v128 {
  const mantissa = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const small = f32x4.lt(mantissa, splat(0.7071067811865476));
  // Minus one where the mantissa is doubled: a mask is -1.
  const exponent = i32x4.add(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)), small);
  const m = sub(add(mantissa, v128.and(mantissa, small)), splat(1));
  const e = f32x4.convert_i32x4_s(exponent);
  const tail = sub(add(logTail(m), mul(e, splat(-2.1219444e-4))), mul(splat(0.5), mul(m, m)));
  const value = add(add(m, tail), mul(e, splat(0.693359375)));
  const tiny = f32x4.lt(f32x4.abs(x), splat(1.17549435e-38));
  const below = v128.andnot(f32x4.lt(x, splat(0)), tiny);
  const kept = v128.or(isNan(x), f32x4.eq(x, splat(f32.MAX_VALUE * 2)));
  const usual = select4(splat(-f32.MAX_VALUE * 2), value, tiny);
  return select4(x, select4(splat(<f32>NaN), usual, below), kept);
}

/** ln(1 + x) without cancellation near 0. */
@inline
export function log1p4(x: v128): v128 {
  const near = add(x, sub(logTail(x), mul(splat(0.5), mul(x, x))));
  const isNear = v128.and(f32x4.gt(x, splat(-0.29)), f32x4.lt(x, splat(0.41)));
  return select4(near, log4(add(splat(1), x)), isNear);
}

/** x, or 0 where it is below 0. */
@inline
export function relu4(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(x, splat(0)));
}

@inline
function negativeSize(x: v128): v128 {
  return f32x4.neg(f32x4.abs(x));
}

/** ln(1 + t) for t in [0, 1], as 2 atanh(t / (2 + t)). */
@inline
function log1pUnit(t: v128): v128 {
  const s = f32x4.div(t, add(splat(2), t));
  const z = mul(s, s);
  let p = splat(0.0769230769);
  p = horner(p, z, 0.0909090909);
  p = horner(p, z, 0.1111111111);
  p = horner(p, z, 0.1428571429);
  p = horner(p, z, 0.2);
  p = horner(p, z, 0.3333333333);
  return mul(splat(2), add(s, mul(mul(p, z), s)));
}

/** ln(1 + e^x). */
@inline
export function softplus4(x: v128): v128 {
  return add(relu4(x), log1pUnit(expNegative4(negativeSize(x))));
}

/** 1 / (1 + e^-x). */
@inline
export function sigmoid4(x: v128): v128 {
  const t = expNegative4(negativeSize(x));
  return f32x4.div(select4(t, splat(1), f32x4.lt(x, splat(0))), add(splat(1), t));
}

@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = mul(x, x);
  let p = splat(-5.70498872745e-3);
  p = horner(p, z, 2.06390887954e-2);
  p = horner(p, z, -5.37397155531e-2);
  p = horner(p, z, 1.33314422036e-1);
  p = horner(p, z, -3.33332819422e-1);
  const near = add(mul(mul(p, z), x), x);
  const far = sub(splat(1), f32x4.div(splat(2), add(exp4(mul(splat(2), size)), splat(1))));
  const value = select4(splat(1), far, f32x4.gt(size, splat(9.01)));
  const signed = select4(f32x4.neg(value), value, f32x4.lt(x, splat(0)));
  return select4(x, select4(near, signed, f32x4.lt(size, splat(0.625))), isNan(x));
}

/** sin (turn 0) or cos (turn 1); NaN beyond 8192, where an f32 angle can no longer be reduced exactly. */
@inline
export function wave4(x: v128, turn: i32): v128 {
  const n = f32x4.floor(add(mul(x, splat(0.6366197723675814)), splat(0.5)));
  let r = sub(x, mul(n, splat(1.5703125)));
  r = sub(r, mul(n, splat(4.837512969970703e-4)));
  r = sub(r, mul(n, splat(7.549789948768648e-8)));
  const z = mul(r, r);
  let odd = splat(-1.9515295891e-4);
  odd = horner(odd, z, 8.3321608736e-3);
  odd = horner(odd, z, -1.6666654611e-1);
  let even = splat(2.443315711809948e-5);
  even = horner(even, z, -1.388731625493765e-3);
  even = horner(even, z, 4.166664568298827e-2);
  const sine = add(r, mul(r, mul(z, odd)));
  const cosine = add(sub(splat(1), mul(splat(0.5), z)), mul(mul(z, z), even));
  const whole = v128.and(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(3));
  const quadrant = i32x4.add(whole, i32x4.splat(turn));
  const isOdd = i32x4.eq(v128.and(quadrant, i32x4.splat(1)), i32x4.splat(1));
  const flips = i32x4.shl(v128.and(quadrant, i32x4.splat(2)), 30);
  const value = v128.xor(select4(cosine, sine, isOdd), flips);
  return select4(value, splat(<f32>NaN), f32x4.le(f32x4.abs(x), splat(8192)));
}

/** One number by a function of four. */
@inline
export function one(x: v128): f32 {
  return f32x4.extract_lane(x, 0);
}
