// The lower triangle of a b', zeros above it: a thread computes one entry of a matrix [K, K].
// uses lib/grid

struct Sizes { first: u32, end: u32, dimensions: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> left: array<f32>;
@group(0) @binding(2) var<storage, read> right: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = sizes.first + flatIndex(id, groups);
  if (thread >= sizes.end) { return; }
  let k = sizes.dimensions;
  let j = thread % k;
  let i = thread / k % k;
  let row = thread / (k * k) * k;
  result[thread] = select(left[row + i] * right[row + j], 0.0, j > i);
}
