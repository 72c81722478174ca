// Gradient of kl_gaussian with respect to the packed rows, from g, one number a row: g mean_i, g (L_ii^2 - 1) for the
// log standard deviation, g L_ij below the diagonal; added to what others contribute, if they do. A thread computes one entry.
// uses lib/grid
// uses lib/packed_gaussian

// The result is added to `before`.
override ADDED = false;

struct Sizes { first: u32, end: u32, dimensions: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> packed: array<f32>;
@group(0) @binding(2) var<storage, read> upstream: array<f32>;
@group(0) @binding(3) var<storage, read> before: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = sizes.first + flatIndex(id, groups);
  if (at >= sizes.end) { return; }
  let column = at % sizes.width;
  var slope = packed[at];
  if (column >= sizes.dimensions && column < 2u * sizes.dimensions) {
    let deviation = expF(slope);
    slope = deviation * deviation - 1.0;
  }
  let own = upstream[at / sizes.width] * slope;
  result[at] = select(own, before[at] + own, ADDED);
}
