// One Adam update (Kingma & Ba 2015, algorithm 1) of a whole arena of parameters, with a learning rate for every replica.
// `owner` says which replica an entry belongs to. The number of updates so far is read from `step`, on the GPU.
// A gradient that is not finite raises the flag with the first step it was seen at. A thread updates four entries.
// uses lib/float
// uses lib/grid

struct Sizes { vectors: u32, beta1: f32, beta2: f32, epsilon: f32, logBeta1: f32, logBeta2: f32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> first: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> second: array<vec4f>;
@group(0) @binding(5) var<storage, read> owner: array<vec4u>;
@group(0) @binding(6) var<storage, read> rate: array<f32>;
@group(0) @binding(7) var<storage, read> step: array<u32>;
@group(0) @binding(8) var<storage, read_write> nonFinite: atomic<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(id, groups);
  if (i >= sizes.vectors) { return; }
  let g = gradients[i];
  if (!(isFinite(g.x) && isFinite(g.y) && isFinite(g.z) && isFinite(g.w))) { atomicMin(&nonFinite, step[0]); }
  let updates = f32(step[0] + 1u);
  // 1 - beta^t without cancellation for small t.
  let correction1 = -expm1F(updates * sizes.logBeta1);
  let correction2 = -expm1F(updates * sizes.logBeta2);
  let m = sizes.beta1 * first[i] + (1.0 - sizes.beta1) * g;
  let v = sizes.beta2 * second[i] + (1.0 - sizes.beta2) * (g * g);
  let o = owner[i];
  let rates = vec4f(rate[o.x], rate[o.y], rate[o.z], rate[o.w]);
  first[i] = m;
  second[i] = v;
  parameters[i] = parameters[i] - rates * (m / correction1) / (sqrt(v / correction2) + sizes.epsilon);
}
