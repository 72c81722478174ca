// From what a network puts out to a packed Gaussian (lib/packed_gaussian): means as they are, log standard deviations
// bounded to [lowest, highest], entries below the diagonal times the replica's coupling (0 makes the posterior
// factorized on this same path). With GRADIENT, `raw` is joined by the upstream gradient and the result is dRaw.
// A thread computes one entry.
// uses lib/grid
// uses lib/float

override GRADIENT: u32 = 0;

struct Sizes { first: u32, end: u32, dimensions: u32, width: u32, rows: u32, lowest: f32, highest: f32, wide: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> raw: array<f32>;
@group(0) @binding(2) var<storage, read> coupling: array<f32>;
@group(0) @binding(3) var<storage, read> upstream: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  // The result has packed rows of `width`, or, as a gradient, raw rows of `wide`, of which the rest is 0.
  let across = select(sizes.width, sizes.wide, GRADIENT == 1u);
  let row = i / across;
  let column = i % across;
  let x = raw[row * sizes.wide + column];
  let inside = !(x < sizes.lowest) && !(x > sizes.highest);
  var value = x;
  if (GRADIENT == 1u) { value = select(0.0, upstream[row * sizes.width + min(column, sizes.width - 1u)], column < sizes.width); }
  if (column >= 2u * sizes.dimensions) {
    value *= coupling[row / sizes.rows];
  } else if (column >= sizes.dimensions && !inside) {
    value = select(select(sizes.highest, sizes.lowest, x < sizes.lowest), 0.0, GRADIENT == 1u);
  }
  result[i] = value;
}
