// out = f(x), element by element: a thread computes four elements. Functions in the order of engine/ops/unary.ts.
// uses lib/float
// uses lib/angle
// uses lib/grid

override FUNCTION: u32 = 0;

struct Sizes { vectors: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> operand: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4f>;

fn apply(x: f32) -> f32 {
  switch FUNCTION {
    case 0u: { return -x; }
    case 1u: { return expF(x); }
    case 2u: { return logF(x); }
    case 3u: { return log1pF(x); }
    case 4u: { return expm1F(x); }
    case 5u: { return tanhF(x); }
    case 6u: { return sigmoidF(x); }
    case 7u: { return softplusF(x); }
    case 8u: { return select(x, 0.0, x < 0.0); } // relu
    case 9u: { return sqrt(x); }
    case 10u: { return abs(x); }
    case 11u: { return x * x; }
    case 12u: { return sinF(x); }
    default: { return cosF(x); }
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(id, groups);
  if (i >= sizes.vectors) { return; }
  let x = operand[i];
  result[i] = vec4f(apply(x.x), apply(x.y), apply(x.z), apply(x.w));
}
