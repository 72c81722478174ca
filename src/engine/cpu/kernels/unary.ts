// out = f(x), element by element, four at a time: the twin of unary.wgsl, one export a function under the name it has there. Whole
// vectors are written; memory is padded for it.

import { exp4, expm14, log1p4, log4, mul, relu4, select4, sigmoid4, softplus4, splat, tanh4, wave4 } from './lib/float';

enum F {
  neg,
  exp,
  log,
  log1p,
  expm1,
  tanh,
  sigmoid,
  softplus,
  relu,
  leakyRelu,
  sqrt,
  square,
  pow,
  clip,
  inside,
  sin,
  cos,
  abs,
}

/** `which` is known where it is called, so that one case is left of the switch. */
@inline
function value(which: F, x: v128, a: f32, b: f32): v128 {
  switch (which) {
    case F.neg:
      return f32x4.neg(x);
    case F.exp:
      return exp4(x);
    case F.log:
      return log4(x);
    case F.log1p:
      return log1p4(x);
    case F.expm1:
      return expm14(x);
    case F.tanh:
      return tanh4(x);
    case F.sigmoid:
      return sigmoid4(x);
    case F.softplus:
      return softplus4(x);
    case F.relu:
      return relu4(x);
    case F.leakyRelu:
      return select4(mul(x, splat(a)), x, f32x4.lt(x, splat(0)));
    case F.sqrt:
      return f32x4.sqrt(x);
    case F.square:
      return mul(x, x);
    case F.pow:
      return power(x, a);
    case F.clip:
      return select4(splat(a), select4(splat(b), x, f32x4.gt(x, splat(b))), f32x4.lt(x, splat(a)));
    case F.inside:
      return v128.and(splat(1), v128.and(f32x4.ge(x, splat(a)), f32x4.le(x, splat(b))));
    case F.sin:
      return wave4(x, 0);
    case F.cos:
      return wave4(x, 1);
    default:
      return f32x4.abs(x);
  }
}

/** x^e: by repeated multiplication for whole e up to 64, else e^(e ln x). */
@inline
function power(x: v128, e: f32): v128 {
  if (!(abs(e) <= 64 && floor(e) == e)) return exp4(mul(splat(e), log4(x)));
  let result = splat(1);
  let base = x;
  for (let n = <i32>abs(e); n > 0; n >>= 1) {
    if (n & 1) result = mul(result, base);
    base = mul(base, base);
  }
  return e < 0 ? f32x4.div(splat(1), result) : result;
}

@inline
function each(which: F, x: usize, out: usize, count: i32, a: f32, b: f32): void {
  for (let end = out + (<usize>count << 2); out < end; out += 16) {
    v128.store(out, value(which, v128.load(x), a, b));
    x += 16;
  }
}

export function unary_neg(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.neg, x, out, count, a, b);
}
export function unary_exp(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.exp, x, out, count, a, b);
}
export function unary_log(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.log, x, out, count, a, b);
}
export function unary_log1p(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.log1p, x, out, count, a, b);
}
export function unary_expm1(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.expm1, x, out, count, a, b);
}
export function unary_tanh(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.tanh, x, out, count, a, b);
}
export function unary_sigmoid(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.sigmoid, x, out, count, a, b);
}
export function unary_softplus(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.softplus, x, out, count, a, b);
}
export function unary_relu(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.relu, x, out, count, a, b);
}
export function unary_leakyRelu(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.leakyRelu, x, out, count, a, b);
}
export function unary_sqrt(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.sqrt, x, out, count, a, b);
}
export function unary_square(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.square, x, out, count, a, b);
}
export function unary_pow(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.pow, x, out, count, a, b);
}
export function unary_clip(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.clip, x, out, count, a, b);
}
export function unary_inside(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.inside, x, out, count, a, b);
}
export function unary_sin(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.sin, x, out, count, a, b);
}
export function unary_cos(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.cos, x, out, count, a, b);
}
export function unary_abs(x: usize, out: usize, count: i32, a: f32, b: f32): void {
  each(F.abs, x, out, count, a, b);
}
