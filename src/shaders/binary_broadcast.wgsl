// out = f(x, y) where x or y is repeated along some axes (stride 0 there): a thread computes one element.
// uses lib/binary
// uses lib/grid
// uses lib/strided

struct Sizes { first: u32, end: u32, shape: vec4u, left: vec4u, right: vec4u }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> left: array<f32>;
@group(0) @binding(2) var<storage, read> right: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let at = coordinates(i, sizes.shape);
  result[i] = combine(left[offset(at, sizes.left)], right[offset(at, sizes.right)]);
}
