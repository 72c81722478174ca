// Gradient of gaussian_total_correlation with respect to the packed rows, from g, one number a row:
// g L_ij / Sigma_ii below the diagonal, g (L_ii^2 / Sigma_ii - 1) for the log standard deviation, 0 for the means.
// A thread computes one entry.
// uses lib/grid
// uses lib/packed_gaussian

struct Sizes { count: u32, dimensions: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> packed: array<f32>;
@group(0) @binding(2) var<storage, read> upstream: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = flatIndex(id, groups);
  if (at >= sizes.count) { return; }
  let column = at % sizes.width;
  let base = at - column;
  if (column < sizes.dimensions) {
    result[at] = 0.0;
    return;
  }
  var i = column - sizes.dimensions;
  if (column >= 2u * sizes.dimensions) { i = lowerRow(column, sizes.dimensions); }
  var below = 0.0;
  for (var j = 0u; j < lowerCount(i, sizes.dimensions, sizes.width); j++) {
    let entry = packed[base + lowerAt(i, j, sizes.dimensions)];
    below += entry * entry;
  }
  let deviation = expF(packed[base + sizes.dimensions + i]);
  let variance = deviation * deviation + below;
  let slope = select(packed[at], -below, column < 2u * sizes.dimensions) / variance;
  result[at] = upstream[at / sizes.width] * slope;
}
