// The index of the largest entry over the middle axis of [outer, length, inner], the first of several, or the first NaN. A
// thread walks one axis in order.
// uses lib/float
// uses lib/grid

struct Sizes { first: u32, end: u32, length: u32, inner: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> operand: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = sizes.first + flatIndex(id, groups);
  if (thread >= sizes.end) { return; }
  let first = thread / sizes.inner * sizes.length * sizes.inner + thread % sizes.inner;
  var best = 0u;
  var largest = operand[first];
  for (var i = 1u; i < sizes.length; i++) {
    let value = operand[first + i * sizes.inner];
    let better = !isNan(largest) && (largest < value || isNan(value));
    best = select(best, i, better);
    largest = select(largest, value, better);
  }
  result[thread] = best;
}
