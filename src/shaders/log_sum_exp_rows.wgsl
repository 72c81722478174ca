// ln of the sum of exponentials over the rows of [rows, length], or over chunks of them, without overflow: a workgroup a chunk, 64
// threads beside each other. For GPUs: see lib/row_tree.
// uses lib/row by flavour
// uses lib/row_tree

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
  var value = operand[start];
  for (var i = start + lane; i < stop; i += LANES) { value = larger(value, operand[i]); }
  let largest = rowLargest(value, lane);
  // Where the largest is infinite or NaN there is nothing to shift by: the plain formula gives the right answer.
  let shift = select(0.0, largest, isFinite(largest));
  var total = 0.0;
  for (var i = start + lane; i < stop; i += LANES) { total += expF(operand[i] - shift); }
  total = rowSum(total, lane);
  if (lane == 0u) { result[row] = logF(total) + shift; }
}
