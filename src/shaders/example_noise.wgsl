// Random numbers that belong to examples: [indices, width], number j of an example being draw j%2 of block j/2 of the
// stream keyed by (seed, purpose) and counted by the example's index. A thread writes the two numbers of one block.
// uses lib/grid
// uses lib/normal

override NORMAL: u32 = 0;  // 0 uniform on (0, 1), 1 standard normal

struct Sizes { first: u32, end: u32, width: u32, seed: u32, purpose: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> indices: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

fn draw(bits: u32) -> f32 {
  if (NORMAL == 1u) { return normalF(bits); }
  return uniformF(bits);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  let blocks = (sizes.width + 1u) / 2u;
  if (i >= sizes.end) { return; }
  let example = i / blocks;
  let block = i % blocks;
  let bits = threefry(vec2u(sizes.seed, sizes.purpose), vec2u(indices[example], block));
  let at = example * sizes.width + 2u * block;
  result[at] = draw(bits.x);
  if (2u * block + 1u < sizes.width) { result[at + 1u] = draw(bits.y); }
}
