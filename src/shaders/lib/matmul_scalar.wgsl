// Operands of the matmul family for any sizes: one float a load, zeros beyond the edge of k, and the same bindings and
// meaning as lib/matmul_vector. About half as fast per multiply-add; for the few matrices that are not multiples of 4.

@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;

fn entryA(base: u32, row: u32, k: u32) -> f32 {
  let r = min(row, sizes.m - 1u);
  let d = min(k, sizes.k - 1u);
  let value = a[base + select(r * sizes.k + d, d * sizes.m + r, TRANSPOSE_A == 1u)];
  return select(0.0, value, k < sizes.k);
}

fn rowA(base: u32, row: u32, k: u32) -> vec4f {
  return vec4f(entryA(base, row, k), entryA(base, row, k + 1u), entryA(base, row, k + 2u), entryA(base, row, k + 3u));
}

// The 4x4 block of A at (row, k); column i of the result is row `row + i` of A.
fn blockA(batch: u32, row: u32, k: u32) -> mat4x4f {
  let base = batch * sizes.strideA;
  return mat4x4f(rowA(base, row, k), rowA(base, row + 1u, k), rowA(base, row + 2u, k), rowA(base, row + 3u, k));
}

fn entryB(base: u32, k: u32, column: u32) -> f32 {
  let n = min(column, sizes.n - 1u);
  let d = min(k, sizes.k - 1u);
  let value = b[base + select(d * sizes.n + n, n * sizes.k + d, TRANSPOSE_B == 1u)];
  return select(0.0, value, k < sizes.k);
}

fn rowB(base: u32, k: u32, column: u32) -> vec4f {
  return vec4f(entryB(base, k, column), entryB(base, k, column + 1u), entryB(base, k, column + 2u), entryB(base, k, column + 3u));
}

// The 4x4 block of B at (k, column); column j of the result is row `k + j` of B.
fn blockB(batch: u32, k: u32, column: u32) -> mat4x4f {
  let base = batch * sizes.strideB;
  return mat4x4f(rowB(base, k, column), rowB(base, k + 1u, column), rowB(base, k + 2u, column), rowB(base, k + 3u, column));
}

fn storeEntry(batch: u32, row: u32, column: u32, value: f32) {
  if (row >= sizes.m || column >= sizes.n) { return; }
  let at = (batch * sizes.m + row) * sizes.n + column;
  var result = value;
  if (sizes.after == 2u) { result = select(0.0, value, bias[at] > 0.0); }
  c[at] = result;
}

fn storeSum(z: u32, column: u32, value: f32) {
  if (column < sizes.n) { c[sizes.sumsAt + z * sizes.n + column] = value; }
}

fn storeSums(z: u32, column: u32, value: vec4f) {
  storeSum(z, column, value.x);
  storeSum(z, column + 1u, value.y);
  storeSum(z, column + 2u, value.z);
  storeSum(z, column + 3u, value.w);
}

fn biasAt(batch: u32, column: u32) -> f32 {
  return bias[batch * sizes.strideBias + min(column, sizes.n - 1u)];
}

fn storeRow(batch: u32, row: u32, column: u32, value: vec4f, shift: vec4f) {
  let result = epilogue(value + shift);
  storeEntry(batch, row, column, result.x);
  storeEntry(batch, row, column + 1u, result.y);
  storeEntry(batch, row, column + 2u, result.z);
  storeEntry(batch, row, column + 3u, result.w);
}

fn storeBlock(batch: u32, row: u32, column: u32, value: mat4x4f) {
  var shift = vec4f();
  if (sizes.bias == 1u) {
    shift = vec4f(biasAt(batch, column), biasAt(batch, column + 1u), biasAt(batch, column + 2u), biasAt(batch, column + 3u));
  }
  storeRow(batch, row, column, value[0], shift);
  storeRow(batch, row + 1u, column, value[1], shift);
  storeRow(batch, row + 2u, column, value[2], shift);
  storeRow(batch, row + 3u, column, value[3], shift);
}
