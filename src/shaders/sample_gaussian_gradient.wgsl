// Gradient of sample_gaussian with respect to the packed rows, from g = dz: g_i for mean i, g_i L_ii noise_i for log
// standard deviation i, g_i noise_j for L_ij. The noise comes out of the same counters again. A thread computes one entry.
// uses lib/grid
// uses lib/normal
// uses lib/packed_gaussian

struct Sizes { count: u32, dimensions: u32, width: u32, rows: u32, purpose: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> packed: array<f32>;
@group(0) @binding(2) var<storage, read> seeds: array<u32>;
@group(0) @binding(3) var<storage, read> step: array<u32>;
@group(0) @binding(4) var<storage, read> upstream: array<f32>;
@group(0) @binding(5) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = flatIndex(id, groups);
  if (at >= sizes.count) { return; }
  let column = at % sizes.width;
  let row = at / sizes.width;
  let key = vec2u(seeds[row / sizes.rows], sizes.purpose);
  let g = row * sizes.dimensions;
  if (column < sizes.dimensions) {
    result[at] = upstream[g + column];
  } else if (column < 2u * sizes.dimensions) {
    let i = column - sizes.dimensions;
    let noise = normalAt(key, row % sizes.rows, sizes.dimensions, i, step[0]);
    result[at] = upstream[g + i] * (expF(packed[at]) * noise);
  } else {
    let i = lowerRow(column, sizes.dimensions);
    let j = column - lowerAt(i, 0u, sizes.dimensions);
    result[at] = upstream[g + i] * normalAt(key, row % sizes.rows, sizes.dimensions, j, step[0]);
  }
}
