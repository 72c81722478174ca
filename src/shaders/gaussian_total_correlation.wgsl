// Total correlation of packed Gaussians: sum over i of log(Sigma_ii)/2 - log L_ii, written as
// log1p(sum_j<i L_ij^2 / L_ii^2)/2, which does not cancel when the coordinates are nearly independent.
// A thread computes one row.
// uses lib/grid
// uses lib/packed_gaussian

struct Sizes { first: u32, end: u32, dimensions: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> packed: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = sizes.first + flatIndex(id, groups);
  if (row >= sizes.end) { return; }
  let base = row * sizes.width;
  var total = 0.0;
  for (var i = 0u; i < sizes.dimensions; i++) {
    var below = 0.0;
    for (var j = 0u; j < lowerCount(i, sizes.dimensions, sizes.width); j++) {
      let entry = packed[base + lowerAt(i, j, sizes.dimensions)];
      below += entry * entry;
    }
    total += 0.5 * log1pF(below * expF(-2.0 * packed[base + sizes.dimensions + i]));
  }
  result[row] = total;
}
