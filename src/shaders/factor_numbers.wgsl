// Numbers that belong to combinations of factor values: [indices, numbers]. Number j of a combination is the entry of a
// table at one of the combination's digits in mixed radix; `digits` holds the stride and the size of that digit and where
// the table begins in `values`. Exact. A thread looks up one number.
// uses lib/grid

struct Sizes { first: u32, end: u32, numbers: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> indices: array<u32>;
@group(0) @binding(2) var<storage, read> digits: array<u32>;
@group(0) @binding(3) var<storage, read> values: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let at = 3u * (i % sizes.numbers);
  let digit = (indices[i / sizes.numbers] / digits[at]) % digits[at + 1u];
  result[i] = values[digits[at + 2u] + digit];
}
