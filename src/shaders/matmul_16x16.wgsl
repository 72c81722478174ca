// C[r] = act(A[r] B[r] + bias[r]): a thread computes a 16x16 tile of C in sixteen 4x4 blocks. A load costs about eight
// multiply-adds on a software adapter, and this tile makes 32 loads for 1,024 multiply-adds.
// Exact order of summation: see lib/matmul_tile.
// uses lib/matmul_tile

@compute @workgroup_size(4, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = sizes.firstRow + id.y * 16u;
  let column = sizes.firstColumn + id.x * 16u;
  let z = sizes.firstZ + id.z;
  let slice = sliceOf(z);
  var c00 = mat4x4f(); var c01 = mat4x4f(); var c02 = mat4x4f(); var c03 = mat4x4f();
  var c10 = mat4x4f(); var c11 = mat4x4f(); var c12 = mat4x4f(); var c13 = mat4x4f();
  var c20 = mat4x4f(); var c21 = mat4x4f(); var c22 = mat4x4f(); var c23 = mat4x4f();
  var c30 = mat4x4f(); var c31 = mat4x4f(); var c32 = mat4x4f(); var c33 = mat4x4f();
  var sums0 = vec4f(); var sums1 = vec4f(); var sums2 = vec4f(); var sums3 = vec4f();
  for (var k = slice.first; k < slice.end; k += 4u) {
    let a0 = blockA(slice.batch, row, k);
    let a1 = blockA(slice.batch, row + 4u, k);
    let a2 = blockA(slice.batch, row + 8u, k);
    let a3 = blockA(slice.batch, row + 12u, k);
    let b0 = blockB(slice.batch, k, column);
    c00 = accumulate(c00, b0, a0);
    c10 = accumulate(c10, b0, a1);
    c20 = accumulate(c20, b0, a2);
    c30 = accumulate(c30, b0, a3);
    let b1 = blockB(slice.batch, k, column + 4u);
    c01 = accumulate(c01, b1, a0);
    c11 = accumulate(c11, b1, a1);
    c21 = accumulate(c21, b1, a2);
    c31 = accumulate(c31, b1, a3);
    let b2 = blockB(slice.batch, k, column + 8u);
    c02 = accumulate(c02, b2, a0);
    c12 = accumulate(c12, b2, a1);
    c22 = accumulate(c22, b2, a2);
    c32 = accumulate(c32, b2, a3);
    let b3 = blockB(slice.batch, k, column + 12u);
    c03 = accumulate(c03, b3, a0);
    c13 = accumulate(c13, b3, a1);
    c23 = accumulate(c23, b3, a2);
    c33 = accumulate(c33, b3, a3);
    if (COLUMN_SUMS) {
      sums0 = addRows(sums0, b0); sums1 = addRows(sums1, b1);
      sums2 = addRows(sums2, b2); sums3 = addRows(sums3, b3);
    }
  }
  // A loop, so that the code of the epilogue is there once: large kernels take long to compile.
  var blocks = array<mat4x4f, 16>(
    c00, c01, c02, c03,
    c10, c11, c12, c13,
    c20, c21, c22, c23,
    c30, c31, c32, c33);
  for (var i = 0u; i < 16u; i++) { storeBlock(z, row + 4u * (i / 4u), column + 4u * (i % 4u), blocks[i]); }
  if (COLUMN_SUMS && row == 0u) {
    storeSums(z, column, sums0); storeSums(z, column + 4u, sums1);
    storeSums(z, column + 8u, sums2); storeSums(z, column + 12u, sums3);
  }
}
