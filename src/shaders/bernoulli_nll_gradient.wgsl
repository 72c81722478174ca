// Gradient of bernoulli_nll with respect to the logits, from g, one number a row: g (sigmoid(l) - x).
// A thread computes four consecutive entries, which may belong to two rows.
// uses lib/float
// uses lib/grid

struct Sizes { vectors: u32, rows: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> logits: array<vec4f>;
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;
@group(0) @binding(3) var<storage, read> upstream: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<vec4f>;

fn upstreamAt(entry: u32) -> f32 { return upstream[min(entry / sizes.width, sizes.rows - 1u)]; }

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(id, groups);
  if (i >= sizes.vectors) { return; }
  let l = logits[i];
  let g = vec4f(upstreamAt(4u * i), upstreamAt(4u * i + 1u), upstreamAt(4u * i + 2u), upstreamAt(4u * i + 3u));
  result[i] = g * (vec4f(sigmoidF(l.x), sigmoidF(l.y), sigmoidF(l.z), sigmoidF(l.w)) - targets[i]);
}
