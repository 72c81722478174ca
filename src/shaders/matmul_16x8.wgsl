// C[r] = act(A[r] B[r] + bias[r]): a thread computes a 16x8 tile of C in eight 4x4 blocks. Between the 8x8 and the 16x16
// tile in loads per multiply-add, and in the time to compile.
// Exact order of summation: see lib/matmul_tile.
// uses lib/matmul_tile

@compute @workgroup_size(4, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = sizes.firstRow + id.y * 16u;
  let column = sizes.firstColumn + id.x * 8u;
  let z = sizes.firstZ + id.z;
  let slice = sliceOf(z);
  var c00 = mat4x4f(); var c01 = mat4x4f();
  var c10 = mat4x4f(); var c11 = mat4x4f();
  var c20 = mat4x4f(); var c21 = mat4x4f();
  var c30 = mat4x4f(); var c31 = mat4x4f();
  var sums0 = vec4f(); var sums1 = vec4f();
  for (var k = slice.first; k < slice.end; k += 4u) {
    let b0 = blockB(slice.batch, k, column);
    let b1 = blockB(slice.batch, k, column + 4u);
    let a0 = blockA(slice.batch, row, k);
    c00 = accumulate(c00, b0, a0);
    c01 = accumulate(c01, b1, a0);
    let a1 = blockA(slice.batch, row + 4u, k);
    c10 = accumulate(c10, b0, a1);
    c11 = accumulate(c11, b1, a1);
    let a2 = blockA(slice.batch, row + 8u, k);
    c20 = accumulate(c20, b0, a2);
    c21 = accumulate(c21, b1, a2);
    let a3 = blockA(slice.batch, row + 12u, k);
    c30 = accumulate(c30, b0, a3);
    c31 = accumulate(c31, b1, a3);
    if (COLUMN_SUMS) { sums0 = addRows(sums0, b0); sums1 = addRows(sums1, b1); }
  }
  // A loop, so that the code of the epilogue is there once: large kernels take long to compile.
  var blocks = array<mat4x4f, 8>(
    c00, c01,
    c10, c11,
    c20, c21,
    c30, c31);
  for (var i = 0u; i < 8u; i++) { storeBlock(z, row + 4u * (i / 2u), column + 4u * (i % 2u), blocks[i]); }
  if (COLUMN_SUMS && row == 0u) { storeSums(z, column, sums0); storeSums(z, column + 4u, sums1); }
}
