// Gradient of bernoulli_nll with respect to the logits, from g, one number a row: g (sigmoid(l) - x).
// A thread computes four consecutive entries, which may belong to two rows.
// uses lib/float
// uses lib/grid

struct Sizes { first: u32, end: u32, rows: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> logits: array<vec4f>;
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;
@group(0) @binding(3) var<storage, read> upstream: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<vec4f>;

// The upstream numbers of four consecutive entries, which are mostly of one row.
fn upstreamOf(first: u32) -> vec4f {
  let row = first / sizes.width;
  var g = vec4f(upstream[row]);
  // A loop of at most one turn: see lib/strided.
  var several = first - row * sizes.width + 4u > sizes.width;
  while (several) {
    let rows = min((vec4u(first) + vec4u(0u, 1u, 2u, 3u)) / sizes.width, vec4u(sizes.rows - 1u));
    g = vec4f(upstream[rows.x], upstream[rows.y], upstream[rows.z], upstream[rows.w]);
    several = false;
  }
  return g;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let l = logits[i];
  let g = upstreamOf(4u * i);
  result[i] = g * (vec4f(sigmoidF(l.x), sigmoidF(l.y), sigmoidF(l.z), sigmoidF(l.w)) - targets[i]);
}
