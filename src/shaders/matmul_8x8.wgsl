// C[r] = act(A[r] B[r] + bias[r]): a thread computes an 8x8 tile of C in four 4x4 blocks held in registers. Its two columns of
// blocks lie as far apart as the workgroup has threads across, so that neighbours read and write neighbouring memory.
// Exact order of summation: see lib/matmul_tile.
// uses lib/matmul_tile

override ACROSS: u32 = 4;
override DOWN: u32 = 1;

@compute @workgroup_size(ACROSS, DOWN)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = sizes.firstRow + id.y * 8u;
  let column = sizes.firstColumn + (id.x / ACROSS * 2u * ACROSS + id.x % ACROSS) * 4u;
  let second = column + 4u * ACROSS;
  let z = sizes.firstZ + id.z;
  let slice = sliceOf(z);
  var c00 = mat4x4f(); var c01 = mat4x4f();
  var c10 = mat4x4f(); var c11 = mat4x4f();
  var sums0 = vec4f(); var sums1 = vec4f();
  for (var k = slice.first; k < slice.end; k += 4u) {
    let a0 = blockA(slice.batch, row, k);
    let a1 = blockA(slice.batch, row + 4u, k);
    let b0 = blockB(slice.batch, k, column);
    c00 = accumulate(c00, b0, a0);
    c10 = accumulate(c10, b0, a1);
    let b1 = blockB(slice.batch, k, second);
    c01 = accumulate(c01, b1, a0);
    c11 = accumulate(c11, b1, a1);
    if (COLUMN_SUMS) { sums0 = addRows(sums0, b0); sums1 = addRows(sums1, b1); }
  }
  // A loop, so that the code of the epilogue is there once: large kernels take long to compile.
  var blocks = array<mat4x4f, 4>(
    c00, c01,
    c10, c11);
  for (var i = 0u; i < 4u; i++) { storeBlock(z, row + 4u * (i / 2u), select(column, second, i % 2u == 1u), blocks[i]); }
  if (COLUMN_SUMS && row == 0u) { storeSums(z, column, sums0); storeSums(z, second, sums1); }
}
