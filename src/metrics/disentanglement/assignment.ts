// The assignment problem: which column each row takes, every column once, so that the sum is largest. The Hungarian
// algorithm with potentials and shortest augmenting paths (Kuhn 1955; Jonker & Volgenant 1987), n^2 m steps.

/** The column of every row of `gains` [row][column], no more rows than columns, that makes the sum of gains largest. */
export function assign(gains: readonly (readonly number[])[]): number[] {
  const rows = gains.length;
  const columns = gains[0].length;
  // Row and column numbers start at 1; column 0 is where the row at hand waits for a place.
  const rowPrice = new Float64Array(rows + 1);
  const columnPrice = new Float64Array(columns + 1);
  const owner = new Int32Array(columns + 1);
  const from = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    owner[0] = row;
    let column = 0;
    const distance = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const reached = new Uint8Array(columns + 1);
    do {
      reached[column] = 1;
      const at = owner[column];
      let nearest = 0;
      let step = Number.POSITIVE_INFINITY;
      for (let j = 1; j <= columns; j++) {
        if (reached[j] === 1) continue;
        const cost = -gains[at - 1][j - 1] - rowPrice[at] - columnPrice[j];
        if (cost < distance[j]) {
          distance[j] = cost;
          from[j] = column;
        }
        if (distance[j] < step) {
          step = distance[j];
          nearest = j;
        }
      }
      for (let j = 0; j <= columns; j++) {
        if (reached[j] === 1) {
          rowPrice[owner[j]] += step;
          columnPrice[j] -= step;
        } else {
          distance[j] -= step;
        }
      }
      column = nearest;
    } while (owner[column] !== 0);
    // Everyone on the path moves up one place.
    for (; column !== 0; column = from[column]) owner[column] = owner[from[column]];
  }
  const columnOf = new Array<number>(rows);
  for (let j = 1; j <= columns; j++) if (owner[j] > 0) columnOf[owner[j] - 1] = j - 1;
  return columnOf;
}
