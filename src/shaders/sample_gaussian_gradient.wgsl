// Gradient of sample_gaussian with respect to the packed rows, from g = dz: g_j for mean j, g_j L_jj noise_j for log
// standard deviation j, g_i noise_j for L_ij; added to what others contribute, if they do. The noise comes out of the same counters again.
// A thread draws noise j of one row and computes every entry that it multiplies: column j of L.
// uses lib/grid
// uses lib/normal
// uses lib/packed_gaussian

// The result is added to `before`.
override ADDED = false;

struct Sizes { first: u32, end: u32, dimensions: u32, width: u32, rows: u32, purpose: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> packed: array<f32>;
@group(0) @binding(2) var<storage, read> seeds: array<u32>;
@group(0) @binding(3) var<storage, read> step: array<u32>;
@group(0) @binding(4) var<storage, read> upstream: array<f32>;
@group(0) @binding(5) var<storage, read> before: array<f32>;
@group(0) @binding(6) var<storage, read_write> result: array<f32>;

fn put(at: u32, own: f32) { result[at] = select(own, before[at] + own, ADDED); }

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = sizes.first + flatIndex(id, groups);
  if (at >= sizes.end) { return; }
  let j = at % sizes.dimensions;
  let row = at / sizes.dimensions;
  let base = row * sizes.width;
  let key = vec2u(seeds[row / sizes.rows], sizes.purpose);
  let noise = normalAt(key, row % sizes.rows, sizes.dimensions, j, step[0]);
  let g = upstream[at];
  put(base + j, g);
  put(base + sizes.dimensions + j, g * (expF(packed[base + sizes.dimensions + j]) * noise));
  if (sizes.width == 2u * sizes.dimensions) { return; }
  for (var i = j + 1u; i < sizes.dimensions; i++) {
    put(base + lowerAt(i, j, sizes.dimensions), upstream[at - j + i] * noise);
  }
}
