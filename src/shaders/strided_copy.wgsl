// result = source at the coordinates of a walk under given strides: broadcasting, transposition, slicing and joining are
// all this copy. Words are moved as bits, so it serves floats and integers. A thread moves one word, or four.
// uses lib/words by flavour
// uses lib/grid
// uses lib/strided

struct Sizes { first: u32, end: u32, start: u32, into: u32, shape: vec4u, strides: vec4u, placed: vec4u }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> source: array<Word>;
@group(0) @binding(2) var<storage, read_write> result: array<Word>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let at = coordinates(i, sizes.shape);
  result[sizes.into + offset(at, sizes.placed)] = source[sizes.start + offset(at, sizes.strides)];
}
