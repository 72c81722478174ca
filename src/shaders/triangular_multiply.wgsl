// y = L x, or L' x, for the lower triangle of L [K, K]: a thread computes one entry of y, in the order of x.
// uses lib/grid

override TRANSPOSED: u32 = 0;

struct Sizes { first: u32, end: u32, dimensions: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> factors: array<f32>;
@group(0) @binding(2) var<storage, read> vectors: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = sizes.first + flatIndex(id, groups);
  if (thread >= sizes.end) { return; }
  let k = sizes.dimensions;
  let i = thread % k;
  let row = thread - i;
  let first = select(0u, i, TRANSPOSED == 1u);
  let end = select(i + 1u, k, TRANSPOSED == 1u);
  var total = 0.0;
  for (var j = first; j < end; j++) {
    let entry = factors[row * k + select(i * k + j, j * k + i, TRANSPOSED == 1u)];
    total += entry * vectors[row + j];
  }
  result[thread] = total;
}
