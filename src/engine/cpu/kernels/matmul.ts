// C[r] = act(A[r] B[r] + bias[r]), batched over the leading axis; A and B may be stored transposed. The twin of matmul_16x16.wgsl:
// every entry is the sum over k, in order, of products that are rounded before they are added.
//
// A tile of 4 rows and 8 columns is kept in registers (the idea is that of every BLAS since Goto & van de Geijn 2008). B is copied
// into panels of 8 columns, so that all ways of storing it read alike, and k is cut into blocks whose panel stays in the nearest
// cache; between blocks the sums wait in C. Rows and columns beyond the edge are computed on copies and not stored.
//
// 33 GFLOP/s a core at 64x256x64 where 35 is the most that multiply-then-add does.

import { add, mul, splat } from './lib/float';

/** Rows of B in a block. */
const DEPTH: i32 = 384;
const WIDE: i32 = 8;

/** The columns j0 ... j0 + 7 of `depth` rows of B, 8 floats a row; zeros beyond the last column. */
function packPanel(from: usize, to: usize, depth: i32, columns: i32, rowStride: usize, columnStride: usize): void {
  if (columnStride == 4 && columns == WIDE) {
    for (let d = 0; d < depth; d++) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += rowStride;
      to += 32;
    }
    return;
  }
  if (rowStride == 4 && columns == WIDE) {
    const whole = depth & ~3;
    for (let half: usize = 0; half < 2; half++) {
      let a = from + half * 4 * columnStride;
      let b = to + half * 16;
      for (let d = 0; d < whole; d += 4) {
        transposeFour(a, b, columnStride);
        a += 16;
        b += 128;
      }
    }
    packOneByOne(from + (<usize>whole << 2), to + (<usize>whole << 5), depth - whole, columns, rowStride, columnStride);
    return;
  }
  packOneByOne(from, to, depth, columns, rowStride, columnStride);
}

@inline
function packOneByOne(from: usize, to: usize, depth: i32, columns: i32, rowStride: usize, columnStride: usize): void {
  for (let d = 0; d < depth; d++) {
    let at = from;
    for (let j = 0; j < WIDE; j++) {
      store<f32>(to + (<usize>j << 2), j < columns ? load<f32>(at) : 0);
      at += columnStride;
    }
    from += rowStride;
    to += 32;
  }
}

/** Four columns of four entries each, stored one after another, as four rows 8 floats apart. */
@inline
function transposeFour(from: usize, to: usize, columnStride: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + columnStride);
  const c = v128.load(from + 2 * columnStride);
  const d = v128.load(from + 3 * columnStride);
  const lowAB = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const highAB = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const lowCD = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const highCD = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(lowAB, lowCD, 0, 2));
  v128.store(to, i64x2.shuffle(lowAB, lowCD, 1, 3), 32);
  v128.store(to, i64x2.shuffle(highAB, highCD, 0, 2), 64);
  v128.store(to, i64x2.shuffle(highAB, highCD, 1, 3), 96);
}

/** How a finished sum leaves: `BIAS` and `RELU` together or alone, or `MASK`, which keeps it where the third operand is positive. */
const BIAS: i32 = 1;
const RELU: i32 = 2;
const MASK: i32 = 4;

@inline
function finished(sums: v128, third: usize, activation: i32): v128 {
  let value = sums;
  if (activation & MASK) value = v128.and(value, f32x4.gt(v128.load(third), splat(0)));
  if (activation & BIAS) value = add(value, v128.load(third));
  if (activation & RELU) value = v128.andnot(value, f32x4.lt(value, splat(0)));
  return value;
}

/** The first `count` of four. */
@inline
function storeSome(to: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, value);
    return;
  }
  if (count > 0) v128.store32_lane(to, value, 0);
  if (count > 1) v128.store32_lane(to, value, 1, 4);
  if (count > 2) v128.store32_lane(to, value, 2, 8);
}

@inline
function storeRow(to: usize, low: v128, high: v128, third: usize, columns: i32, activation: i32): void {
  storeSome(to, finished(low, third, activation), columns);
  storeSome(to + 16, finished(high, third + 16, activation), columns - 4);
}

/** Four rows and eight columns of C, of which `rows` and `columns` there are. */
@inline
function tile(
  a: usize,
  rowA: usize,
  depthA: usize,
  panel: usize,
  depth: i32,
  c: usize,
  rowC: usize,
  third: usize,
  rowThird: usize,
  rows: i32,
  columns: i32,
  first: bool,
  activation: i32,
): void {
  // A row beyond the edge is the last one again.
  let a0 = a;
  let a1 = a + rowA * <usize>min(1, rows - 1);
  let a2 = a + rowA * <usize>min(2, rows - 1);
  let a3 = a + rowA * <usize>min(3, rows - 1);
  const c1 = c + rowC * <usize>min(1, rows - 1);
  const c2 = c + rowC * <usize>min(2, rows - 1);
  const c3 = c + rowC * <usize>min(3, rows - 1);
  let s00 = splat(0);
  let s01 = splat(0);
  let s10 = splat(0);
  let s11 = splat(0);
  let s20 = splat(0);
  let s21 = splat(0);
  let s30 = splat(0);
  let s31 = splat(0);
  if (!first) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  for (let end = panel + (<usize>depth << 5); panel < end; panel += 32) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a0);
    s00 = add(s00, mul(x, b0));
    s01 = add(s01, mul(x, b1));
    x = v128.load32_splat(a1);
    s10 = add(s10, mul(x, b0));
    s11 = add(s11, mul(x, b1));
    x = v128.load32_splat(a2);
    s20 = add(s20, mul(x, b0));
    s21 = add(s21, mul(x, b1));
    x = v128.load32_splat(a3);
    s30 = add(s30, mul(x, b0));
    s31 = add(s31, mul(x, b1));
    a0 += depthA;
    a1 += depthA;
    a2 += depthA;
    a3 += depthA;
  }
  storeRow(c, s00, s01, third, columns, activation);
  if (rows > 1) storeRow(c1, s10, s11, third + rowThird, columns, activation);
  if (rows > 2) storeRow(c2, s20, s21, third + 2 * rowThird, columns, activation);
  if (rows > 3) storeRow(c3, s30, s31, third + 3 * rowThird, columns, activation);
}

const PANEL = memory.data(DEPTH * WIDE * 4, 64);

/**
 * Strides from one batch to the next are in floats, 0 for an operand that all share. `third` is the bias [batches, n] or the mask
 * [batches, m, n], and not read unless `activation` says so.
 */
export function matmul(
  a: usize,
  b: usize,
  third: usize,
  c: usize,
  batches: i32,
  m: i32,
  n: i32,
  k: i32,
  strideA: i32,
  strideB: i32,
  transposeA: bool,
  transposeB: bool,
  activation: i32,
): void {
  const rowA = <usize>(transposeA ? 1 : k) << 2;
  const depthA = <usize>(transposeA ? m : 1) << 2;
  const depthB = <usize>(transposeB ? 1 : n) << 2;
  const columnB = <usize>(transposeB ? k : 1) << 2;
  const rowC = <usize>n << 2;
  const rowThird = activation & MASK ? rowC : 0;
  const batchThird = activation & MASK ? <usize>m * rowC : rowC;
  for (let r = 0; r < batches; r++) {
    for (let d = 0; d < k; d += DEPTH) {
      const depth = min(DEPTH, k - d);
      const way = d + DEPTH < k ? 0 : activation;
      for (let j = 0; j < n; j += WIDE) {
        const columns = min(WIDE, n - j);
        packPanel(b + <usize>d * depthB + <usize>j * columnB, PANEL, depth, columns, depthB, columnB);
        for (let i = 0; i < m; i += 4) {
          tile(
            a + <usize>i * rowA + <usize>d * depthA,
            rowA,
            depthA,
            PANEL,
            depth,
            c + <usize>i * rowC + (<usize>j << 2),
            rowC,
            third + <usize>i * rowThird + (<usize>j << 2),
            rowThird,
            min(4, m - i),
            columns,
            d == 0,
            way,
          );
        }
      }
    }
    a += <usize>strideA << 2;
    b += <usize>strideB << 2;
    c += <usize>m * rowC;
    third += batchThird;
  }
}

/** The sums of B over k, [batches, n], which lie `offset` floats into the output: what the gradient of a bias is. */
export function matmul_column_sums(
  b: usize,
  output: usize,
  offset: i32,
  batches: i32,
  n: i32,
  k: i32,
  strideB: i32,
  transposeB: bool,
): void {
  let sums = output + (<usize>offset << 2);
  const depthB = <usize>(transposeB ? 1 : n) << 2;
  const columnB = <usize>(transposeB ? k : 1) << 2;
  for (let r = 0; r < batches; r++) {
    let j = 0;
    if (!transposeB)
      for (; j + 4 <= n; j += 4) {
        let total = splat(0);
        let at = b + (<usize>j << 2);
        for (let d = 0; d < k; d++) {
          total = add(total, v128.load(at));
          at += depthB;
        }
        v128.store(sums + (<usize>j << 2), total);
      }
    for (; j < n; j++) {
      let total: f32 = 0;
      let at = b + <usize>j * columnB;
      for (let d = 0; d < k; d++) {
        total += load<f32>(at);
        at += depthB;
      }
      store<f32>(sums + (<usize>j << 2), total);
    }
    b += <usize>strideB << 2;
    sums += <usize>n << 2;
  }
}
