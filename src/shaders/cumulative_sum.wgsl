// Running sums over the middle axis of [outer, length, inner], in order, or from the last entry to the first. A thread walks one
// axis.
// uses lib/grid

override REVERSE = false;

struct Sizes { first: u32, end: u32, length: u32, inner: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> operand: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = sizes.first + flatIndex(id, groups);
  if (thread >= sizes.end) { return; }
  let first = thread / sizes.inner * sizes.length * sizes.inner + thread % sizes.inner;
  var total = 0.0;
  for (var i = 0u; i < sizes.length; i++) {
    let at = first + select(i, sizes.length - 1u - i, REVERSE) * sizes.inner;
    total += operand[at];
    result[at] = total;
  }
}
