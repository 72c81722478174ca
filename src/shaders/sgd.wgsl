// One update by stochastic gradient descent with momentum over a whole arena. Rates, gaps and the flag are as in adam.
// A thread updates four entries.
// uses lib/float
// uses lib/grid
// uses lib/not_finite

struct Sizes { first: u32, end: u32, momentum: f32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> velocity: array<vec4f>;
@group(0) @binding(4) var<storage, read> rates: array<vec4f>;
@group(0) @binding(5) var<storage, read> step: array<u32>;
@group(0) @binding(6) var<storage, read_write> nonFinite: atomic<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let rate = rates[i];
  let gap = rate < vec4f();
  let g = select(gradients[i], vec4f(), gap);
  let v = normalOr0(sizes.momentum * velocity[i] + g);
  velocity[i] = v;
  parameters[i] = select(parameters[i] - rate * v, vec4f(), gap);
  raise(g);
}
