// Gradient of gaussian_total_correlation with respect to the packed rows, from g, one number a row:
// g L_ij / Sigma_ii below the diagonal, g (L_ii^2 / Sigma_ii - 1) for the log standard deviation, 0 for the means.
// A thread computes Sigma_ii of one row and every entry it divides: row i of L.
// uses lib/grid
// uses lib/packed_gaussian

struct Sizes { first: u32, end: u32, dimensions: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> packed: array<f32>;
@group(0) @binding(2) var<storage, read> upstream: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = sizes.first + flatIndex(id, groups);
  if (at >= sizes.end) { return; }
  let i = at % sizes.dimensions;
  let row = at / sizes.dimensions;
  let base = row * sizes.width;
  let lower = base + lowerAt(i, 0u, sizes.dimensions);
  let count = lowerCount(i, sizes.dimensions, sizes.width);
  var below = 0.0;
  for (var j = 0u; j < count; j++) { below += packed[lower + j] * packed[lower + j]; }
  let deviation = expF(packed[base + sizes.dimensions + i]);
  let variance = deviation * deviation + below;
  let g = upstream[row];
  result[base + i] = 0.0;
  result[base + sizes.dimensions + i] = g * (-below / variance);
  for (var j = 0u; j < count; j++) { result[lower + j] = g * (packed[lower + j] / variance); }
}
