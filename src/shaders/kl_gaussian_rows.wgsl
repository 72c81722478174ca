// KL(N(mean, L L') || N(0, I)) of packed Gaussians, as kl_gaussian: a workgroup a row, a lane an entry at a time. For GPUs: see
// lib/row_tree.
// uses lib/row by flavour
// uses lib/row_tree

struct Sizes { first: u32, end: u32, dimensions: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> packed: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let row = sizes.first + rowOf(group, groups);
  if (row >= sizes.end) { return; }
  let base = row * sizes.width;
  var total = 0.0;
  for (var c = lane; c < sizes.width; c += LANES) {
    let entry = packed[base + c];
    let deviation = expF(entry);
    let isDeviation = c >= sizes.dimensions && c < 2u * sizes.dimensions;
    total += select(entry * entry, deviation * deviation - 1.0 - 2.0 * entry, isDeviation);
  }
  total = rowSum(total, lane);
  if (lane == 0u) { result[row] = 0.5 * total; }
}
