// ring[step mod capacity] = values: keeps what every step measured on the GPU until it is read. A thread moves one word.
// uses lib/grid

struct Sizes { first: u32, end: u32, width: u32, capacity: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> ring: array<u32>;
@group(0) @binding(2) var<storage, read> values: array<u32>;
@group(0) @binding(3) var<storage, read> step: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  ring[(step[0] % sizes.capacity) * sizes.width + i] = values[i];
}
