// Decoupled weight decay of a whole arena: p = p - rate decay p, except where rate or decay is negative. A thread updates
// four entries.
// uses lib/grid

struct Sizes { first: u32, end: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> rates: array<vec4f>;
@group(0) @binding(3) var<storage, read> decays: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let gap = (rates[i] < vec4f()) | (decays[i] < vec4f());
  let p = parameters[i];
  parameters[i] = select(p - rates[i] * decays[i] * p, p, gap);
}
