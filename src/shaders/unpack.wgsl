// Rows of small whole numbers, packed BITS to a value into words from the lowest bits up, by index: [indices, width] as
// floats divided by `scale`. A table may be one part of a larger one, whose rows first ... first + rows - 1 it holds: an
// index of another part gives zeros, so that the parts' results add up to the whole. Exact. A thread unpacks one value.
// uses lib/grid

override BITS: u32 = 1;  // 1 or 8

struct Sizes { first: u32, end: u32, width: u32, firstRow: u32, rows: u32, scale: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> words: array<u32>;
@group(0) @binding(2) var<storage, read> indices: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let perWord = 32u / BITS;
  let wordsPerRow = (sizes.width + perWord - 1u) / perWord;
  // A row before `first` wraps around to a number far beyond `rows`.
  let row = indices[i / sizes.width] - sizes.firstRow;
  let column = i % sizes.width;
  if (row >= sizes.rows) {
    result[i] = 0.0;
    return;
  }
  let word = words[row * wordsPerRow + column / perWord];
  let value = (word >> (BITS * (column % perWord))) & ((1u << BITS) - 1u);
  result[i] = f32(value) / f32(sizes.scale);
}
