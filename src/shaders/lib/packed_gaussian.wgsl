// uses lib/float
//
// A Gaussian of K dimensions packed in one row: K means, K log standard deviations l_i (the log diagonal of the Cholesky
// factor L), then, for a full covariance, the strictly lower entries of L row by row. A row of width 2K is a diagonal
// Gaussian: the same code with no entries below the diagonal.

fn lowerAt(i: u32, j: u32, dimensions: u32) -> u32 { return 2u * dimensions + i * (i - 1u) / 2u + j; }

// Which row of L the packed entry `column` >= 2K belongs to.
fn lowerRow(column: u32, dimensions: u32) -> u32 {
  var i = 1u;
  while (lowerAt(i + 1u, 0u, dimensions) <= column) { i++; }
  return i;
}

// How many entries of row i of L lie before the diagonal: i, or 0 for a diagonal Gaussian.
fn lowerCount(i: u32, dimensions: u32, width: u32) -> u32 { return select(0u, i, width > 2u * dimensions); }
