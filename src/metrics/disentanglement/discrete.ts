// Plug-in information between discrete variables, and the binning that turns a code into one; nats. The conventions are
// those of disentanglement_lib (Locatello et al. 2019): natural logarithm, no bias correction.

/**
 * Bin numbers 0 ... bins - 1 of `values` in `bins` bins of equal width between the smallest and the largest value; a value
 * on an edge belongs to the bin above it, the largest to the last.
 */
export function equalWidthBins(values: ArrayLike<number>, bins: number): Uint32Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  // Rounded as numpy's `linspace` does: a code that lies on an edge is binned alike.
  const step = (high - low) / bins;
  const edges = Array.from({ length: bins }, (_, b) => b * step + low);
  return Uint32Array.from({ length: values.length }, (_, i) => {
    let bin = Math.min(bins - 1, Math.max(0, Math.floor(((values[i] - low) / (high - low || 1)) * bins)));
    while (bin > 0 && values[i] < edges[bin]) bin--;
    while (bin < bins - 1 && values[i] >= edges[bin + 1]) bin++;
    return high > low ? bin : 0;
  });
}

/**
 * Bin numbers of `values` in `bins` bins that hold equally many samples, by rank; equal values share a bin, that of their
 * mean rank. Nothing but the order matters.
 */
export function rankBins(values: ArrayLike<number>, bins: number): Uint32Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const result = new Uint32Array(values.length);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    const bin = Math.min(bins - 1, Math.floor(((first + end) * bins) / (2 * order.length)));
    for (let at = first; at < end; at++) result[order[at]] = bin;
    first = end;
  }
  return result;
}

/** Counts of every pair of values of two variables, row-major. */
export interface JointCounts {
  readonly counts: Float64Array;
  readonly columns: number;
}

/** Joint counts of two discrete variables, whole numbers from 0: [largest a + 1, largest b + 1]. */
export function contingency(a: ArrayLike<number>, b: ArrayLike<number>): JointCounts {
  let rows = 0;
  let columns = 0;
  for (let i = 0; i < a.length; i++) {
    rows = Math.max(rows, a[i] + 1);
    columns = Math.max(columns, b[i] + 1);
  }
  const counts = new Float64Array(rows * columns);
  for (let i = 0; i < a.length; i++) counts[a[i] * columns + b[i]] += 1;
  return { counts, columns };
}

/** Plug-in mutual information of two discrete variables (whole numbers from 0), nats. */
export const discreteInformation = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  informationOfCounts(contingency(a, b));

/** The same from their joint counts. */
export function informationOfCounts({ counts, columns }: JointCounts): number {
  const rows = counts.length / columns;
  const marginA = new Float64Array(rows);
  const marginB = new Float64Array(columns);
  let samples = 0;
  counts.forEach((c, at) => {
    marginA[Math.floor(at / columns)] += c;
    marginB[at % columns] += c;
    samples += c;
  });
  let total = 0;
  counts.forEach((c, at) => {
    if (c > 0) total += c * Math.log((c * samples) / (marginA[Math.floor(at / columns)] * marginB[at % columns]));
  });
  return total / samples;
}
