// The standard error of a nearest-neighbour estimate by dividing the data (Holmes & Nemenman 2019): estimates from disjoint
// halves are independent, so half their squared difference is the variance at n / 2, and half of that the variance at n. Smaller
// parts are steadier but extrapolate from where neighbours are too far; so halves only, drawn again and again. Resampling with
// replacement would be wrong: a repeated sample is its own nearest neighbour. How often the error covers the truth is a table
// of docs/information.md.

import { InputError } from '../../engine';
import type { Draw } from './draw';
import type { InformationEstimate, Samples } from './estimators';

/** Divisions into halves that are averaged over: what they share is the data, so more of them add little. */
const HALVINGS = 10;

/** Samples that can be divided into two halves of more than 2 k each. */
export const leastForStandardError = (k: number): number => 2 * (2 * k + 1);

/** Nats, from at least `leastForStandardError(k)` samples. */
export function standardError(
  samples: Samples,
  compute: (samples: Samples) => InformationEstimate,
  draw: Draw,
): number {
  const n = samples.x[0].length;
  const half = Math.floor(n / 2);
  let variance = 0;
  for (let i = 0; i < HALVINGS; i++) {
    const order = draw.permutation(n);
    const [a, b] = [order.subarray(0, half), order.subarray(half, 2 * half)].map((rows) =>
      estimateOf(compute, select(samples, rows)),
    );
    variance += (a - b) ** 2 / 4 / HALVINGS;
  }
  return Math.sqrt(variance);
}

/** Half of the samples may lack what all of them have, such as two of a label. */
function estimateOf(compute: (samples: Samples) => InformationEstimate, part: Samples): number {
  try {
    return compute(part).nats;
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`there is no standard error: of half of the samples ${cause.message}`, { cause });
  }
}

function select({ x, y, given }: Samples, rows: Int32Array): Samples {
  const pick = (column: Float64Array) => Float64Array.from(rows, (i) => column[i]);
  return { x: x.map(pick), y: y.map(pick), given: given.map(pick) };
}
