// The ceiling of memory: every thread copies one vec4. What a benchmark divides by.
// uses lib/grid

struct Sizes { first: u32, end: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> operand: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  result[i] = operand[i];
}
