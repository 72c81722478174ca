// C[r] = act(A[r] B[r] + bias[r]) with workgroup memory: 8x8 threads share 32x32 blocks of A and B that they load together,
// and each computes a 4x4 tile of C. For adapters whose memory is slower than their barriers; on a software adapter it is
// several times slower than the register tiles. Exact order of summation: see lib/matmul_tile.
// uses lib/matmul_tile

const SIDE = 8u;
const DEPTH = 8u;  // in blocks of four

var<workgroup> blocksA: array<mat4x4f, SIDE * DEPTH>;
var<workgroup> blocksB: array<mat4x4f, SIDE * DEPTH>;

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let firstRow = sizes.firstRow + group.y * 4u * SIDE;
  let firstColumn = group.x * 4u * SIDE;
  let slice = sliceOf(group.z);
  var c = mat4x4f();
  for (var k = slice.first; k < slice.end; k += 4u * DEPTH) {
    // Every thread loads one block of each operand: row block or column block local.y, depth local.x.
    let depth = k + 4u * local.x;
    var a = mat4x4f();
    var b = mat4x4f();
    if (depth < slice.end) {
      a = blockA(slice.batch, firstRow + 4u * local.y, depth);
      b = blockB(slice.batch, depth, firstColumn + 4u * local.y);
    }
    blocksA[local.y * DEPTH + local.x] = a;
    blocksB[local.y * DEPTH + local.x] = b;
    workgroupBarrier();
    for (var d = 0u; d < DEPTH; d++) {
      c = accumulate(c, blocksB[local.x * DEPTH + d], blocksA[local.y * DEPTH + d]);
    }
    workgroupBarrier();
  }
  storeBlock(group.z, firstRow + 4u * local.y, firstColumn + 4u * local.x, c);
}
