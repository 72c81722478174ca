// out = f(x), element by element: a thread computes four elements. Functions by the names of the table in
// engine/ops/unary.ts; a pipeline is made with one of them true.
// uses lib/float
// uses lib/angle
// uses lib/grid

override NEG = false;
override EXP = false;
override LOG = false;
override LOG1P = false;
override EXPM1 = false;
override TANH = false;
override SIGMOID = false;
override SOFTPLUS = false;
override RELU = false;
override LEAKY_RELU = false;
override SQRT = false;
override ABS = false;
override SQUARE = false;
override POW = false;
override CLIP = false;
override INSIDE = false;
override SIN = false;
override COS = false;

// a and b are the function's parameters.
struct Sizes { first: u32, end: u32, a: f32, b: f32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> operand: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4f>;

fn apply(x: f32) -> f32 {
  if (NEG) { return -x; }
  if (EXP) { return expF(x); }
  if (LOG) { return logF(x); }
  if (LOG1P) { return log1pF(x); }
  if (EXPM1) { return expm1F(x); }
  if (TANH) { return tanhF(x); }
  if (SIGMOID) { return sigmoidF(x); }
  if (SOFTPLUS) { return softplusF(x); }
  if (RELU) { return select(x, 0.0, x < 0.0); }
  if (LEAKY_RELU) { return select(x, x * sizes.a, x < 0.0); }
  if (SQRT) { return sqrt(x); }
  if (ABS) { return abs(x); }
  if (SQUARE) { return x * x; }
  if (POW) { return powF(x, sizes.a); }
  if (CLIP) { return select(select(x, sizes.b, x > sizes.b), sizes.a, x < sizes.a); }
  if (INSIDE) { return select(0.0, 1.0, x >= sizes.a && x <= sizes.b && !isNan(x)); }
  if (SIN) { return sinF(x); }
  if (COS) { return cosF(x); }
  return x;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let x = operand[i];
  result[i] = vec4f(apply(x.x), apply(x.y), apply(x.z), apply(x.w));
}
