// What every tile of the matmul family shares: sizes, the constants it is specialised by, and the order of summation.
// Each entry of C is ((0 + a_0 b_0) + a_1 b_1) + ..., in the order of k, whatever the tile: so all tiles, and the plain
// triple loop of the reference, give the same bits. No workgroup memory and no barrier.
//
// What happens to a finished sum is switched by the uniform, not by constants: they sit outside the hot loop, and a large tile takes
// most of a second to compile.
// uses lib/matmul by flavour

override TRANSPOSE_A: u32 = 0;
override TRANSPOSE_B: u32 = 0;
// Also the sums of B over k, one for each column, which is what the gradient of a bias is: they follow C.
override COLUMN_SUMS = false;

// Strides are in floats from one batch (replica) to the next, 0 for an operand that all share.
struct Sizes {
  m: u32, n: u32, k: u32, strideA: u32, strideB: u32, strideBias: u32, bias: u32,
  // 0 nothing, 1 relu, 2 keep where the third operand, then shaped as C, is positive: a relu's gradient.
  after: u32,
  // A large product is cut into dispatches of whole workgroups.
  firstRow: u32, firstColumn: u32, firstZ: u32,
  // k may be cut into slices of `depth`, whose results lie side by side until matmul_combine adds them up.
  slices: u32, depth: u32,
  // Where the sums of columns begin, in floats.
  sumsAt: u32,
}

@group(0) @binding(0) var<uniform> sizes: Sizes;

// What the z index of a workgroup stands for.
struct Slice { batch: u32, first: u32, end: u32 }

fn sliceOf(z: u32) -> Slice {
  let first = z % sizes.slices * sizes.depth;
  return Slice(z / sizes.slices, first, min(first + sizes.depth, sizes.k));
}

// c + b a, where column i of `a` holds four depths of row i of A, and column j of `b` holds row j of B.
fn accumulate(c: mat4x4f, b: mat4x4f, a: mat4x4f) -> mat4x4f {
  return mat4x4f(
    c[0] + b[0] * a[0].x + b[1] * a[0].y + b[2] * a[0].z + b[3] * a[0].w,
    c[1] + b[0] * a[1].x + b[1] * a[1].y + b[2] * a[1].z + b[3] * a[1].w,
    c[2] + b[0] * a[2].x + b[1] * a[2].y + b[2] * a[2].z + b[3] * a[2].w,
    c[3] + b[0] * a[3].x + b[1] * a[3].y + b[2] * a[3].z + b[3] * a[3].w);
}

// The rows of a block of B added to the sums of its columns, in the order of k.
fn addRows(sums: vec4f, b: mat4x4f) -> vec4f { return sums + b[0] + b[1] + b[2] + b[3]; }

fn epilogue(v: vec4f) -> vec4f { return select(v, vec4f(), (v < vec4f()) & vec4<bool>(sizes.after == 1u)); }
