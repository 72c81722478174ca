// ln of the sum of exponentials over the middle axis of [outer, length, inner], a chunk of that axis at a time, without
// overflow: a thread finds the largest value of its chunk, then adds up exp(value - largest), in order.
// uses lib/float
// uses lib/grid

struct Sizes { first: u32, end: u32, length: u32, inner: u32, chunk: u32, chunks: u32, scale: f32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> operand: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = sizes.first + flatIndex(id, groups);
  if (thread >= sizes.end) { return; }
  let chunk = thread / sizes.inner % sizes.chunks;
  let outer = thread / sizes.inner / sizes.chunks;
  let first = (outer * sizes.length + chunk * sizes.chunk) * sizes.inner + thread % sizes.inner;
  let count = min(sizes.chunk, sizes.length - chunk * sizes.chunk);
  var largest = operand[first];
  for (var i = 1u; i < count; i++) {
    let value = operand[first + i * sizes.inner];
    largest = select(largest, value, largest < value || isNan(value));
  }
  // Where the largest is infinite or NaN there is nothing to shift by: the plain formula gives the right answer.
  let shift = select(0.0, largest, isFinite(largest));
  var total = 0.0;
  for (var i = 0u; i < count; i++) { total += expF(operand[first + i * sizes.inner] - shift); }
  result[thread] = logF(total) + shift;
}
