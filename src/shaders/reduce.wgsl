// Sum, maximum or minimum over the middle axis of [outer, length, inner], a chunk of that axis at a time:
// result[outer, chunk, inner]. A thread walks one chunk in order, so the result does not depend on the adapter; a long
// axis is reduced by two such passes.
// uses lib/elements by flavour
// uses lib/grid

override SUM = false;
override MAX = false;
override MIN = false;

struct Sizes { first: u32, end: u32, length: u32, inner: u32, chunk: u32, chunks: u32, scale: f32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> operand: array<Element>;
@group(0) @binding(2) var<storage, read_write> result: array<Element>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = sizes.first + flatIndex(id, groups);
  if (thread >= sizes.end) { return; }
  let inner = sizes.inner / ELEMENT_SIZE;
  let chunk = thread / inner % sizes.chunks;
  let outer = thread / inner / sizes.chunks;
  let first = chunk * sizes.chunk;
  let last = min(first + sizes.chunk, sizes.length);
  var at = (outer * sizes.length + first) * inner + thread % inner;
  var total = operand[at];
  for (var i = first + 1u; i < last; i++) {
    at += inner;
    let value = operand[at];
    if (SUM) { total += value; }
    if (MAX) { total = select(total, value, (total < value) | isNanIn(value)); }
    if (MIN) { total = select(total, value, (total > value) | isNanIn(value)); }
  }
  if (SUM) { total *= sizes.scale; }
  result[thread] = total;
}
