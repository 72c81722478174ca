// z = mean + L noise, one row of packed Gaussians a sample (Kingma & Welling 2019, algorithm 2). The noise is drawn from
// its counter (row within the replica, step), never stored. A thread computes one coordinate.
// uses lib/grid
// uses lib/normal
// uses lib/packed_gaussian

struct Sizes { first: u32, end: u32, dimensions: u32, width: u32, rows: u32, purpose: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> packed: array<f32>;
@group(0) @binding(2) var<storage, read> seeds: array<u32>;
@group(0) @binding(3) var<storage, read> step: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = sizes.first + flatIndex(id, groups);
  if (at >= sizes.end) { return; }
  let i = at % sizes.dimensions;
  let row = at / sizes.dimensions;
  let replica = row / sizes.rows;
  let key = vec2u(seeds[replica], sizes.purpose);
  let base = row * sizes.width;
  let own = normalAt(key, row % sizes.rows, sizes.dimensions, i, step[0]);
  var z = packed[base + i] + expF(packed[base + sizes.dimensions + i]) * own;
  for (var j = 0u; j < lowerCount(i, sizes.dimensions, sizes.width); j++) {
    z += packed[base + lowerAt(i, j, sizes.dimensions)] * normalAt(key, row % sizes.rows, sizes.dimensions, j, step[0]);
  }
  result[at] = z;
}
