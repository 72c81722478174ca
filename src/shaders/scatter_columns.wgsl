// result[row, j] = the sum of values[row, i] with indices[row, i] = j, in the order of i: a thread owns one entry of the
// result. An index beyond the row counts for its last entry.
// uses lib/grid

struct Sizes { first: u32, end: u32, width: u32, chosen: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> indices: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = sizes.first + flatIndex(id, groups);
  if (thread >= sizes.end) { return; }
  let first = thread / sizes.width * sizes.chosen;
  let column = thread % sizes.width;
  var total = 0.0;
  for (var i = first; i < first + sizes.chosen; i++) {
    total += select(0.0, values[i], min(indices[i], sizes.width - 1u) == column);
  }
  result[thread] = total;
}
