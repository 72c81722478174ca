// One Adam update (Kingma & Ba 2015, algorithm 1) of a whole arena of parameters. Every entry has its own learning rate, so
// that replicas can differ; a negative rate marks a gap between parameters, which is kept at 0. A gradient that is not
// finite raises the flag with the first step it was seen at. A thread updates four entries.
// uses lib/float
// uses lib/grid
// uses lib/not_finite

struct Sizes { first: u32, end: u32, beta1: f32, beta2: f32, epsilon: f32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> first: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> second: array<vec4f>;
@group(0) @binding(5) var<storage, read> rates: array<vec4f>;
@group(0) @binding(6) var<storage, read> factors: array<vec2f>;
@group(0) @binding(7) var<storage, read> step: array<u32>;
@group(0) @binding(8) var<storage, read_write> nonFinite: atomic<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let rate = rates[i];
  let gap = rate < vec4f();
  let g = select(gradients[i], vec4f(), gap);
  let m = normalOr0(sizes.beta1 * first[i] + (1.0 - sizes.beta1) * g);
  let v = normalOr0(sizes.beta2 * second[i] + (1.0 - sizes.beta2) * (g * g));
  first[i] = m;
  second[i] = v;
  let factor = factors[0];
  let change = rate * (m * factor.x) / (sqrt(v) * factor.y + sizes.epsilon);
  parameters[i] = select(parameters[i] - change, vec4f(), gap);
  raise(g);
}
