// C[r] = act(A[r] B[r] + bias[r]): a thread computes one 4x4 tile of C. For matrices too small to give larger tiles to
// every core. Exact order of summation: see lib/matmul_tile.
// uses lib/matmul_tile

override ACROSS: u32 = 4;
override DOWN: u32 = 1;

@compute @workgroup_size(ACROSS, DOWN)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = sizes.firstRow + id.y * 4u;
  let column = sizes.firstColumn + id.x * 4u;
  let z = sizes.firstZ + id.z;
  let slice = sliceOf(z);
  var c0 = mat4x4f();
  var sums = vec4f();
  for (var k = slice.first; k < slice.end; k += 4u) {
    let b0 = blockB(slice.batch, k, column);
    c0 = accumulate(c0, b0, blockA(slice.batch, row, k));
    if (COLUMN_SUMS) { sums = addRows(sums, b0); }
  }
  storeBlock(z, row, column, c0);
  if (COLUMN_SUMS && row == 0u) { storeSums(z, column, sums); }
}
