// The solution of L y = x, or of L' y = x, for the lower triangle of L [K, K], by substitution. A thread solves one system
// and reads back what it has written itself.
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
  let row = thread * k;
  for (var step = 0u; step < k; step++) {
    let i = select(step, k - 1u - step, TRANSPOSED == 1u);
    var rest = vectors[row + i];
    for (var before = 0u; before < step; before++) {
      let j = select(before, k - 1u - before, TRANSPOSED == 1u);
      let entry = factors[row * k + select(i * k + j, j * k + i, TRANSPOSED == 1u)];
      rest -= entry * result[row + j];
    }
    result[row + i] = rest / factors[row * k + i * k + i];
  }
}
