// Random numbers by counter: replica r, draw j at `step` is block j/2 of the stream keyed by (seeds[r], purpose).
// A thread writes the two draws of one block. Written as bits, since one kernel makes floats and indices.
// uses lib/grid
// uses lib/normal

override UNIFORM = false;  // on (0, 1)
override NORMAL = false;   // standard
override INDEX = false;    // below `range`
override BITS = false;     // as they are

struct Sizes { first: u32, end: u32, draws: u32, purpose: u32, range: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> seeds: array<u32>;
@group(0) @binding(2) var<storage, read> step: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;

fn draw(bits: u32) -> u32 {
  if (UNIFORM) { return bitcast<u32>(uniformF(bits)); }
  if (NORMAL) { return bitcast<u32>(normalF(bits)); }
  if (INDEX) { return indexBelow(bits, sizes.range); }
  return bits;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  let blocks = (sizes.draws + 1u) / 2u;
  if (i >= sizes.end) { return; }
  let replica = i / blocks;
  let block = i % blocks;
  let bits = threefry(vec2u(seeds[replica], sizes.purpose), vec2u(block, step[0]));
  let at = replica * sizes.draws + 2u * block;
  result[at] = draw(bits.x);
  if (2u * block + 1u < sizes.draws) { result[at + 1u] = draw(bits.y); }
}
