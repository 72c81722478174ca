// The cost of a launch: bindings as an ordinary kernel has, one workgroup, and nothing to do.

struct Sizes { threads: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> operand: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= sizes.threads) { return; }
  result[id.x] = operand[id.x];
}
