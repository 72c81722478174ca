// result[row, j] = operand[row, indices[row, j]]: a thread moves one element. An index beyond the row gives its last entry.
// uses lib/grid

struct Sizes { first: u32, end: u32, width: u32, chosen: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> operand: array<f32>;
@group(0) @binding(2) var<storage, read> indices: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let row = i / sizes.chosen;
  result[i] = operand[row * sizes.width + min(indices[i], sizes.width - 1u)];
}
