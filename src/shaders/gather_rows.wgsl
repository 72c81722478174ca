// result[i] = table[indices[i]], whole rows: a thread moves one element of a row. An index beyond the table gives its
// last row, never memory that is not the table's.
// uses lib/elements by flavour
// uses lib/grid

struct Sizes { first: u32, end: u32, rows: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> table: array<Element>;
@group(0) @binding(2) var<storage, read> indices: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<Element>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  let width = sizes.width / ELEMENT_SIZE;
  if (i >= sizes.end) { return; }
  let row = min(indices[i / width], sizes.rows - 1u);
  result[i] = table[row * width + i % width];
}
