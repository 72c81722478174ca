// Lower triangular matrices [..., K, K], of which only the lower triangle is read: y = L x, the solution of L y = x, and the lower part of
// an outer product. The twins of triangular_multiply.wgsl, triangular_solve.wgsl and triangular_outer.wgsl.

@inline
function entry(factor: usize, i: i32, j: i32, k: i32, transposed: bool): f32 {
  return load<f32>(factor + (<usize>(transposed ? j * k + i : i * k + j) << 2));
}

export function triangular_multiply(factor: usize, x: usize, out: usize, rows: i32, k: i32, transposed: bool): void {
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < k; i++) {
      let total: f32 = 0;
      const end = transposed ? k : i + 1;
      for (let j = transposed ? i : 0; j < end; j++)
        total += entry(factor, i, j, k, transposed) * load<f32>(x + (<usize>j << 2));
      store<f32>(out + (<usize>i << 2), total);
    }
    factor += <usize>(k * k) << 2;
    x += <usize>k << 2;
    out += <usize>k << 2;
  }
}

export function triangular_solve(factor: usize, x: usize, out: usize, rows: i32, k: i32, transposed: bool): void {
  for (let row = 0; row < rows; row++) {
    for (let step = 0; step < k; step++) {
      const i = transposed ? k - 1 - step : step;
      let rest = load<f32>(x + (<usize>i << 2));
      for (let before = 0; before < step; before++) {
        const j = transposed ? k - 1 - before : before;
        rest -= entry(factor, i, j, k, transposed) * load<f32>(out + (<usize>j << 2));
      }
      store<f32>(out + (<usize>i << 2), rest / entry(factor, i, i, k, false));
    }
    factor += <usize>(k * k) << 2;
    x += <usize>k << 2;
    out += <usize>k << 2;
  }
}

export function triangular_outer(a: usize, b: usize, out: usize, rows: i32, k: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < k; i++) {
      const left = load<f32>(a + (<usize>i << 2));
      for (let j = 0; j < k; j++) {
        store<f32>(out, j > i ? 0 : left * load<f32>(b + (<usize>j << 2)));
        out += 4;
      }
    }
    a += <usize>k << 2;
    b += <usize>k << 2;
  }
}
