// Elementary functions in plain f32 arithmetic: add, multiply, divide and bit operations only.
//
// WGSL lets the built-in exp, log and tanh be wrong in ways that destroy a training run (tanh(90) is NaN on one
// adapter, log(-100) is 4.6), and lets them differ between adapters. These do neither: polynomials of the Cephes
// library (S. Moshier, single precision), about 1-2 ULP, NaN in gives NaN out. Their TypeScript twins, equal bit for
// bit, are in engine/numeric.ts. exp is 0 below -86.5 in both, since adapters may flush subnormal numbers.

fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }

fn isFinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }

// x, or 0 where it is subnormal: what some adapters do by themselves, and what a state that dies away must become, since processors
// take a hundred times as long for subnormal numbers.
fn normalOr0(v: vec4f) -> vec4f { return select(v, vec4f(), abs(v) < vec4f(1.17549435e-38)); }

fn allFinite(v: vec4f) -> bool { return all((bitcast<vec4u>(v) & vec4u(0x7f800000u)) != vec4u(0x7f800000u)); }

// exp(r) - 1 - r, divided by r*r, for |r| <= ln(2)/2.
fn expTail(r: f32) -> f32 {
  var p = 1.9875691500e-4;
  p = p * r + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  return p * r + 5.0000001201e-1;
}

fn expF(x: f32) -> f32 {
  let bounded = clamp(x, -104.0, 89.0);
  let n = floor(bounded * 1.44269504088896341 + 0.5);
  let r = bounded - n * 0.693359375 - n * -2.12194440e-4;
  let mantissa = expTail(r) * (r * r) + r + 1.0;
  // 2^n in two factors, so that overflow and underflow come out of a multiplication.
  let half = i32(n) / 2;
  let rest = i32(n) - half;
  let value = mantissa * bitcast<f32>(u32(half + 127) << 23u) * bitcast<f32>(u32(rest + 127) << 23u);
  return select(select(value, 0.0, x < -86.5), x, isNan(x));
}

// expF for x <= 0, bit for bit, in fewer steps: nothing can overflow, so one power of two is enough.
fn expNegative(x: f32) -> f32 {
  let bounded = max(x, -87.0);
  let n = floor(bounded * 1.44269504088896341 + 0.5);
  let r = bounded - n * 0.693359375 - n * -2.12194440e-4;
  let value = (expTail(r) * (r * r) + r + 1.0) * bitcast<f32>(u32(i32(n) + 127) << 23u);
  return select(select(value, 0.0, x < -86.5), x, isNan(x));
}

// exp(x) - 1 without cancellation near 0.
fn expm1F(x: f32) -> f32 {
  if (abs(x) < 0.34) { return expTail(x) * (x * x) + x; }
  return expF(x) - 1.0;
}

// log(1 + m) for m in [sqrt(1/2) - 1, sqrt(2) - 1], without the m term, which the caller adds last.
fn logTail(m: f32) -> f32 {
  let z = m * m;
  var p = 7.0376836292e-2;
  p = p * m - 1.1514610310e-1;
  p = p * m + 1.1676998740e-1;
  p = p * m - 1.2420140846e-1;
  p = p * m + 1.4249322787e-1;
  p = p * m - 1.6668057665e-1;
  p = p * m + 2.0000714765e-1;
  p = p * m - 2.4999993993e-1;
  p = p * m + 3.3333331174e-1;
  return p * m * z;
}

fn logF(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  var exponent = i32(bits >> 23u) - 126;
  var m = bitcast<f32>((bits & 0x007fffffu) | 0x3f000000u);
  if (m < 0.707106781186547524) {
    exponent -= 1;
    m = m + m - 1.0;
  } else {
    m = m - 1.0;
  }
  let e = f32(exponent);
  let value = m + (logTail(m) + e * -2.12194440e-4 - 0.5 * (m * m)) + e * 0.693359375;
  if (x >= 1.17549435e-38) { return select(value, x, bits == 0x7f800000u); }
  // 0 and the subnormals give -infinity, a negative number or NaN gives NaN.
  return bitcast<f32>(select(0x7fc00000u, 0xff800000u, abs(x) < 1.17549435e-38));
}

// log(1 + x) without cancellation near 0.
fn log1pF(x: f32) -> f32 {
  if (x > -0.29 && x < 0.41) { return x + (logTail(x) - 0.5 * (x * x)); }
  return logF(1.0 + x);
}

// log(1 + t) for t in [0, 1], as 2 atanh(t / (2 + t)): one division and no branch.
fn log1pUnit(t: f32) -> f32 {
  let s = t / (2.0 + t);
  let z = s * s;
  var p = 0.0769230769;
  p = p * z + 0.0909090909;
  p = p * z + 0.1111111111;
  p = p * z + 0.1428571429;
  p = p * z + 0.2;
  p = p * z + 0.3333333333;
  return 2.0 * (s + p * z * s);
}

fn softplusF(x: f32) -> f32 { return select(x, 0.0, x < 0.0) + log1pUnit(expNegative(-abs(x))); }

fn sigmoidF(x: f32) -> f32 {
  let t = expNegative(-abs(x));
  return select(1.0, t, x < 0.0) / (1.0 + t);
}

fn tanhF(x: f32) -> f32 {
  let size = abs(x);
  if (size < 0.625) {
    let z = x * x;
    var p = -5.70498872745e-3;
    p = p * z + 2.06390887954e-2;
    p = p * z - 5.37397155531e-2;
    p = p * z + 1.33314422036e-1;
    p = p * z - 3.33332819422e-1;
    return p * z * x + x;
  }
  // Beyond 9.01 the nearest f32 is 1.
  let value = select(1.0 - 2.0 / (expF(2.0 * min(size, 9.01)) + 1.0), 1.0, size > 9.01);
  return select(select(value, -value, x < 0.0), x, isNan(x));
}

// x^e: by repeated multiplication for whole e up to 64, else e^(e ln x).
fn powF(x: f32, e: f32) -> f32 {
  if (!(e == floor(e) && abs(e) <= 64.0)) { return expF(e * logF(x)); }
  var power = 1.0;
  var base = x;
  for (var n = u32(abs(e)); n > 0u; n >>= 1u) {
    if ((n & 1u) == 1u) { power *= base; }
    base *= base;
  }
  return select(power, 1.0 / power, e < 0.0);
}
