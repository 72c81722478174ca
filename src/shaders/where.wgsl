// result = x where the condition is not 0, by its bits, else y; all three broadcast. A thread computes one element.
// uses lib/grid
// uses lib/strided

struct Sizes { first: u32, end: u32, shape: vec4u, condition: vec4u, left: vec4u, right: vec4u }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> condition: array<u32>;
@group(0) @binding(2) var<storage, read> left: array<u32>;
@group(0) @binding(3) var<storage, read> right: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let at = coordinates(i, sizes.shape);
  // Both zeros are 0; everything else is not.
  let holds = (condition[offset(at, sizes.condition)] & 0x7fffffffu) != 0u;
  result[i] = select(right[offset(at, sizes.right)], left[offset(at, sizes.left)], holds);
}
