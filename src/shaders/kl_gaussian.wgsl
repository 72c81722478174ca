// KL(N(mean, L L') || N(0, I)) of packed Gaussians: (|mean|^2 + |L|^2 - K)/2 - sum of log L_ii (Kingma & Welling 2019).
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
    let mean = packed[base + i];
    let logDeviation = packed[base + sizes.dimensions + i];
    let deviation = expF(logDeviation);
    total += mean * mean + (deviation * deviation - 1.0 - 2.0 * logDeviation);
  }
  for (var c = 2u * sizes.dimensions; c < sizes.width; c++) {
    total += packed[base + c] * packed[base + c];
  }
  result[row] = 0.5 * total;
}
