// Nearest neighbours and counts of neighbours in f64, by a window over sorted coordinates: points are met in the order of
// one coordinate, outwards from the query, and the search stops where that coordinate alone is farther than the k-th
// distance. In one or two dimensions that meets a few points of each query instead of all; memory is O(n).

import type { Reach } from './recipes';

/** Coordinates, each a column of n numbers. */
export type Columns = readonly Float64Array[];

/** How distances inside a group of coordinates are measured; between groups it is always the largest. */
export type Metric = 'max' | 'euclidean';

/** Distances to the k-th neighbour, and counts within them. */
export interface Neighbours {
  readonly k: number;
  /** Distance of each point to its k-th nearest other point. */
  readonly distance: Float64Array;
  /** The k nearest other points of each, nearest first; equal distances by index. */
  readonly index: Int32Array;
}

/** Points in the order of their first coordinate, with their coordinates beside each other in memory. */
interface Sorted {
  /** Original index of each point. */
  readonly order: Int32Array;
  /** Columns of each group in that order. */
  readonly groups: readonly Columns[];
  readonly first: Float64Array;
}

function sortPoints(groups: readonly Columns[]): Sorted {
  const order = sortedOrder(groups[0][0]);
  const sorted = groups.map((group) => group.map((column) => Float64Array.from(order, (i) => column[i])));
  return { order, groups: sorted, first: sorted[0][0] };
}

/**
 * The indices that sort a column; equal values in the order of their indices. A native sort of the values, then each index
 * goes to the first free place of its value: several times faster than sorting indices by a comparison of our own.
 */
function sortedOrder(column: Float64Array): Int32Array {
  const values = Float64Array.from(column).sort();
  const taken = new Int32Array(values.length);
  const order = new Int32Array(values.length);
  for (let i = 0; i < column.length; i++) {
    const at = firstAtLeast(values, column[i]);
    order[at + taken[at]++] = i;
  }
  return order;
}

/** The first place of a sorted array whose value is not below `value`. */
function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The distance of two points, or any larger number once it is known to exceed `limit`. */
type Distance = (a: number, b: number, limit: number) => number;

/** The distance function of points given by groups of columns. */
export function distanceOf(groups: readonly Columns[], metric: Metric): Distance {
  if (metric === 'max') {
    const columns = groups.flat();
    if (columns.length === 2) {
      const [x, y] = columns;
      return (a, b) => Math.max(Math.abs(x[a] - x[b]), Math.abs(y[a] - y[b]));
    }
    return (a, b, limit) => {
      let largest = 0;
      for (let c = 0; c < columns.length && largest <= limit; c++) {
        const column = columns[c];
        const difference = Math.abs(column[a] - column[b]);
        if (difference > largest) largest = difference;
      }
      return largest;
    };
  }
  return (a, b, limit) => {
    let largest = 0;
    for (let g = 0; g < groups.length && largest <= limit; g++) {
      let square = 0;
      for (const column of groups[g]) square += (column[a] - column[b]) ** 2;
      largest = Math.max(largest, Math.sqrt(square));
    }
    return largest;
  };
}

/** The k nearest other points of every point, where groups are compared by `metric` and joined by the largest. */
export function nearest(groups: readonly Columns[], k: number, metric: Metric): Neighbours {
  const { order, groups: sorted, first } = sortPoints(groups);
  const measure = distanceOf(sorted, metric);
  const n = order.length;
  const distance = new Float64Array(n);
  const index = new Int32Array(n * k);
  const near = new Float64Array(k);
  const who = new Int32Array(k);
  for (let p = 0; p < n; p++) {
    near.fill(Number.POSITIVE_INFINITY);
    who.fill(n);
    let left = p - 1;
    let right = p + 1;
    let toLeft = left >= 0 ? first[p] - first[left] : Number.POSITIVE_INFINITY;
    let toRight = right < n ? first[right] - first[p] : Number.POSITIVE_INFINITY;
    let worst = Number.POSITIVE_INFINITY;
    while (toLeft <= worst || toRight <= worst) {
      let other: number;
      if (toLeft <= toRight) {
        other = left--;
        toLeft = left >= 0 ? first[p] - first[left] : Number.POSITIVE_INFINITY;
      } else {
        other = right++;
        toRight = right < n ? first[right] - first[p] : Number.POSITIVE_INFINITY;
      }
      const d = measure(p, other, worst);
      if (d <= worst) {
        include(d, order[other], near, who);
        worst = near[k - 1];
      }
      if (left < 0 && right >= n) break;
    }
    distance[order[p]] = near[k - 1];
    index.set(who, order[p] * k);
  }
  return { k, distance, index };
}

/** Keeps the k nearest, sorted by distance and then by index. */
function include(d: number, candidate: number, near: Float64Array, who: Int32Array): void {
  let at = near.length - 1;
  if (d > near[at] || (d === near[at] && candidate > who[at])) return;
  for (; at > 0 && (near[at - 1] > d || (near[at - 1] === d && who[at - 1] > candidate)); at--) {
    near[at] = near[at - 1];
    who[at] = who[at - 1];
  }
  near[at] = d;
  who[at] = candidate;
}

const inReach: Record<Reach, (distance: number, radius: number) => boolean> = {
  inside: (d, r) => d < r,
  tied: (d, r) => d < r || d === 0,
  projected: (d, r) => d <= r,
};

/**
 * How many other points are within reach of each point in all of these groups, each with a radius of its own. The
 * comparison is of the difference itself, never of coordinate plus radius, whose rounding would move points across the edge.
 */
export function countNear(
  groups: readonly Columns[],
  radius: readonly Float64Array[],
  reach: Reach,
  metric: Metric,
): Int32Array {
  const inside = inReach[reach];
  if (groups.length === 1 && groups[0].length === 1) return countOnLine(groups[0][0], radius[0], inside);
  const { order, groups: sorted, first } = sortPoints(groups);
  const n = order.length;
  const counts = new Int32Array(n);
  const measures = sorted.map((group) => distanceOf([group], metric));
  for (let p = 0; p < n; p++) {
    const r = radius.map((each) => each[order[p]]);
    const near = (j: number): boolean => {
      for (let g = 0; g < r.length; g++) if (!inside(measures[g](p, j, r[g]), r[g])) return false;
      return true;
    };
    let count = 0;
    for (let j = p - 1; j >= 0 && inside(first[p] - first[j], r[0]); j--) if (near(j)) count++;
    for (let j = p + 1; j < n && inside(first[j] - first[p], r[0]); j++) if (near(j)) count++;
    counts[order[p]] = count;
  }
  return counts;
}

/** In one dimension the points within a radius are neighbours in order: two binary searches find the ends. */
function countOnLine(
  column: Float64Array,
  radius: Float64Array,
  inside: (d: number, r: number) => boolean,
): Int32Array {
  const sorted = Float64Array.from(column).sort();
  return Int32Array.from(column, (value, i) => {
    const r = radius[i];
    const place = firstAtLeast(sorted, value);
    const right = reach(sorted.length - 1 - place, (steps) => inside(sorted[place + steps] - value, r));
    const left = reach(place, (steps) => inside(value - sorted[place - steps], r));
    // `place` itself is the point or its equal: of all at the same value one is the point.
    return right + left;
  });
}

/** The largest number of steps, at most `most`, that all satisfy a condition that fails from some step on. */
function reach(most: number, holds: (steps: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The largest distance, in one group alone, from each point to its k neighbours. */
export function projectedRadius(group: Columns, { index, k }: Neighbours, metric: Metric): Float64Array {
  const measure = distanceOf([group], metric);
  return Float64Array.from({ length: index.length / k }, (_, i) => {
    let largest = 0;
    for (let j = 0; j < k; j++) largest = Math.max(largest, measure(i, index[i * k + j], Number.POSITIVE_INFINITY));
    return largest;
  });
}
