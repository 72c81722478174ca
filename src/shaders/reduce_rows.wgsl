// Sum, maximum or minimum over the rows of [rows, length], or over chunks of them: a workgroup a chunk, 64 threads beside each
// other. For GPUs: see lib/row_tree.
// uses lib/row by flavour
// uses lib/row_tree

override SUM = false;
override MAX = false;
override MIN = false;

struct Sizes { first: u32, end: u32, length: u32, inner: u32, chunk: u32, chunks: u32, scale: f32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> operand: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let row = sizes.first + rowOf(group, groups);
  if (row >= sizes.end) { return; }
  let begin = row / sizes.chunks * sizes.length;
  let start = begin + row % sizes.chunks * sizes.chunk;
  let stop = min(start + sizes.chunk, begin + sizes.length);
  // A lane without an entry repeats the first, or adds nothing.
  var value = select(operand[start], 0.0, SUM);
  for (var i = start + lane; i < stop; i += LANES) {
    let entry = operand[i];
    if (SUM) { value += entry; }
    if (MAX) { value = larger(value, entry); }
    if (MIN) { value = smaller(value, entry); }
  }
  if (SUM) { value = rowSum(value, lane) * sizes.scale; }
  if (MAX) { value = rowLargest(value, lane); }
  if (MIN) { value = rowSmallest(value, lane); }
  if (lane == 0u) { result[row] = value; }
}
