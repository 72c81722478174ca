// result[row] = the sum of the values whose index is `row`, in the order of the indices: a thread owns one element of one
// row and looks at every index, so no two threads write one place. An index beyond the table counts for its last row.
// uses lib/elements by flavour
// uses lib/grid

struct Sizes { first: u32, end: u32, count: u32, rows: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> values: array<Element>;
@group(0) @binding(2) var<storage, read> indices: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<Element>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = sizes.first + flatIndex(id, groups);
  let width = sizes.width / ELEMENT_SIZE;
  if (thread >= sizes.end) { return; }
  let row = thread / width;
  let column = thread % width;
  var total = Element();
  for (var i = 0u; i < sizes.count; i++) {
    // A loop of at most one turn: a software adapter runs the body of an `if` whether it is taken or not.
    var mine = min(indices[i], sizes.rows - 1u) == row;
    while (mine) {
      total += values[i * width + column];
      mine = false;
    }
  }
  result[thread] = total;
}
