// The second pass of a product whose sums over k were split: C = act(slice 0 + slice 1 + ... + bias), in that order; `after` as
// in lib/matmul_tile. Slices lie side by side, [batch, slice, `each` entries], from `source` on; results go to `into`. A thread
// computes one entry.
// uses lib/grid

struct Sizes { first: u32, end: u32, each: u32, n: u32, slices: u32, bias: u32, after: u32, source: u32, into: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> partial: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let batch = i / sizes.each;
  let first = sizes.source + batch * sizes.slices * sizes.each + i % sizes.each;
  var total = partial[first];
  for (var s = 1u; s < sizes.slices; s++) { total += partial[first + s * sizes.each]; }
  if (sizes.bias == 1u) { total += bias[batch * sizes.n + i % sizes.n]; }
  let cut = (sizes.after == 1u && total < 0.0) || (sizes.after == 2u && !(bias[select(0u, i, sizes.after == 2u)] > 0.0));
  c[sizes.into + i] = select(total, 0.0, cut);
}
