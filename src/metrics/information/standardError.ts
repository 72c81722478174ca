// The standard error of a nearest-neighbour estimate by dividing the data (Holmes & Nemenman 2019): the variance of
// estimates from n_i disjoint parts, n_i = 2 ... 10, extrapolated to the whole by Var(N) = sum (n_i-1)/n_i s_i^2 / sum (n_i-1).
// Resampling with replacement would be wrong: a repeated sample is its own nearest neighbour.

import type { Draw } from './draw';
import type { Samples } from './estimate';
import type { InformationEstimate } from './estimators';

const MOST_PARTS = 10;

/** Nats, or NaN where the samples are too few to be divided. */
export function standardError(
  samples: Samples,
  k: number,
  compute: (samples: Samples) => InformationEstimate,
  draw: Draw,
): number {
  const n = samples.x[0].length;
  let weighted = 0;
  let degrees = 0;
  for (let parts = 2; parts <= MOST_PARTS; parts++) {
    const size = Math.floor(n / parts);
    if (size <= 2 * k) break;
    const order = draw.permutation(n);
    const estimates = Array.from(
      { length: parts },
      (_, part) => compute(select(samples, order.subarray(part * size, (part + 1) * size))).nats,
    );
    const mean = estimates.reduce((sum, value) => sum + value, 0) / parts;
    const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (parts - 1);
    weighted += ((parts - 1) / parts) * variance;
    degrees += parts - 1;
  }
  return degrees > 0 ? Math.sqrt(weighted / degrees) : Number.NaN;
}

function select({ x, y, given, labels }: Samples, rows: Int32Array): Samples {
  const pick = (column: Float64Array) => Float64Array.from(rows, (i) => column[i]);
  return {
    x: x.map(pick),
    y: y.map(pick),
    given: given.map(pick),
    ...(labels === undefined ? {} : { labels: pick(labels) }),
  };
}
