// The p-value of an estimate by surrogates: y in another order, of all samples, or of those near in what is given (Runge 2018),
// or of the same label where labels are given.

import type { Draw } from './draw';
import type { InformationEstimate, Samples } from './estimators';
import { type Columns, type Metric, nearest } from './neighbours';

/** Neighbours in Z among which a surrogate's y is drawn (Runge 2018). */
const LOCAL = 5;

const reordered = (columns: Columns, order: ArrayLike<number>): Columns =>
  columns.map((column) => Float64Array.from(order, (i) => column[i]));

interface Surrogates {
  readonly surrogates: number;
  readonly compute: (samples: Samples) => InformationEstimate;
  readonly draw: Draw;
  readonly metric: Metric;
  /** Given labels: the samples of each, among which y is exchanged. */
  readonly strata: readonly (readonly number[])[] | undefined;
}

/** Every sample takes the y of one of its own label, each once. */
function withinStrata(strata: readonly (readonly number[])[], n: number, draw: Draw): Int32Array {
  const order = new Int32Array(n);
  for (const own of strata) for (const [at, from] of draw.permutation(own.length).entries()) order[own[at]] = own[from];
  return order;
}

/** (1 + surrogates at least as large) / (1 + surrogates). */
export function permutationValue(
  samples: Samples,
  observed: number,
  { surrogates, compute, draw, metric, strata }: Surrogates,
): number {
  const n = samples.x[0].length;
  const local =
    samples.given.length > 0 && strata === undefined
      ? nearest([samples.given], Math.min(LOCAL, n - 1), metric).index
      : undefined;
  let atLeast = 0;
  for (let s = 0; s < surrogates; s++) {
    const order =
      strata !== undefined
        ? withinStrata(strata, n, draw)
        : local === undefined
          ? draw.permutation(n)
          : localPermutation(local, n, draw);
    if (compute({ ...samples, y: reordered(samples.y, order) }).nats >= observed) atLeast++;
  }
  return (1 + atLeast) / (1 + surrogates);
}

/** Every sample takes the y of one of its neighbours in Z, in random order, avoiding one that is taken (Runge 2018). */
function localPermutation(neighbours: Int32Array, n: number, draw: Draw): Int32Array {
  const k = neighbours.length / n;
  const taken = new Uint8Array(n);
  const order = new Int32Array(n);
  for (const i of draw.permutation(n)) {
    const tries = draw.permutation(k + 1);
    const candidate = (t: number): number => (t === k ? i : neighbours[i * k + t]);
    const free = tries.find((t) => taken[candidate(t)] === 0);
    order[i] = candidate(free ?? tries[0]);
    taken[order[i]] = 1;
  }
  return order;
}
