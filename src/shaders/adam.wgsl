// One Adam update (Kingma & Ba 2015, algorithm 1) of a whole arena of parameters. `owner` says which replica an entry
// belongs to, or that it is a gap between parameters, which is kept at 0. A gradient that is not finite raises the flag
// with the first step it was seen at. A thread updates four entries.
// uses lib/float
// uses lib/grid

struct Sizes { vectors: u32, beta1: f32, beta2: f32, epsilon: f32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> first: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> second: array<vec4f>;
@group(0) @binding(5) var<storage, read> owner: array<vec4u>;
@group(0) @binding(6) var<storage, read> rates: array<f32>;
@group(0) @binding(7) var<storage, read> step: array<u32>;
@group(0) @binding(8) var<storage, read_write> nonFinite: atomic<u32>;

const GAP = 0xffffffffu;

// The owners of four neighbours are nearly always one replica, and then one load serves them all.
fn ratesOf(o: vec4u) -> vec4f {
  if (o.x == o.y && o.y == o.z && o.z == o.w) { return vec4f(rates[o.x + 1u]); }
  return vec4f(rates[o.x + 1u], rates[o.y + 1u], rates[o.z + 1u], rates[o.w + 1u]);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(id, groups);
  if (i >= sizes.vectors) { return; }
  let o = owner[i];
  let gap = o == vec4u(GAP);
  let g = select(gradients[i], vec4f(), gap);
  if (!(isFinite(g.x) && isFinite(g.y) && isFinite(g.z) && isFinite(g.w))) { atomicMin(&nonFinite, step[0]); }
  let m = sizes.beta1 * first[i] + (1.0 - sizes.beta1) * g;
  let v = sizes.beta2 * second[i] + (1.0 - sizes.beta2) * (g * g);
  first[i] = m;
  second[i] = v;
  parameters[i] = select(parameters[i] - ratesOf(o) * m / (sqrt(v) * rates[0] + sizes.epsilon), vec4f(), gap);
}
