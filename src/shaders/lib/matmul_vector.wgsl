// Operands of the matmul family, four floats a load: rows, columns and depth are all multiples of 4.
// Stored shapes: A is [m, k], or [k, m] when TRANSPOSE_A; B is [k, n], or [n, k] when TRANSPOSE_B; C is [m, n].

@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read> bias: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> c: array<vec4f>;

// The 4x4 block of A at (row, k); column i of the result is row `row + i` of A.
fn blockA(batch: u32, row: u32, k: u32) -> mat4x4f {
  let base = batch * sizes.strideA / 4u;
  if (TRANSPOSE_A == 1u) {
    let width = sizes.m / 4u;
    let at = base + k * width + min(row / 4u, width - 1u);
    return transpose(mat4x4f(a[at], a[at + width], a[at + 2u * width], a[at + 3u * width]));
  }
  let width = sizes.k / 4u;
  let at = base + min(row, sizes.m - 4u) * width + k / 4u;
  return mat4x4f(a[at], a[at + width], a[at + 2u * width], a[at + 3u * width]);
}

// The 4x4 block of B at (k, column); column j of the result is row `k + j` of B.
fn blockB(batch: u32, k: u32, column: u32) -> mat4x4f {
  let base = batch * sizes.strideB / 4u;
  if (TRANSPOSE_B == 1u) {
    let width = sizes.k / 4u;
    let at = base + min(column, sizes.n - 4u) * width + k / 4u;
    return transpose(mat4x4f(b[at], b[at + width], b[at + 2u * width], b[at + 3u * width]));
  }
  let width = sizes.n / 4u;
  let at = base + k * width + min(column / 4u, width - 1u);
  return mat4x4f(b[at], b[at + width], b[at + 2u * width], b[at + 3u * width]);
}

fn finish(at: u32, value: vec4f) {
  var result = epilogue(value);
  if (sizes.after == 2u) { result = select(vec4f(), result, bias[at] > vec4f()); }
  c[at] = result;
}

fn storeBlock(batch: u32, row: u32, column: u32, value: mat4x4f) {
  if (row >= sizes.m || column >= sizes.n) { return; }
  let width = sizes.n / 4u;
  var shift = vec4f();
  if (sizes.bias == 1u) { shift = bias[(batch * sizes.strideBias + column) / 4u]; }
  let at = batch * sizes.m * width + row * width + column / 4u;
  finish(at, value[0] + shift);
  finish(at + width, value[1] + shift);
  finish(at + 2u * width, value[2] + shift);
  finish(at + 3u * width, value[3] + shift);
}

fn storeSums(z: u32, column: u32, value: vec4f) {
  if (column < sizes.n) { c[(sizes.sumsAt + z * sizes.n + column) / 4u] = value; }
}
