// A small regression tree by exact search: every boundary between two values of every feature is a candidate. The orders
// of the samples are sorted once and shared by all trees; a node is the same segment of every feature's order, and a split
// parts each segment stably, so that it stays sorted. After CART (Breiman et al. 1984) as scikit-learn grows it: Friedman's
// (2001) improvement, features looked at in a random order, the first of equals kept.

import type { Draw } from '../../information/draw';

/** Values closer than this are one value; a node whose variance is below the second is pure. Both scikit-learn's. */
const SAME_VALUE = 1e-7;
const PURE = 2 ** -52;

/** Nodes in heap order: the children of node i are 2 i + 1 (value <= threshold) and 2 i + 2. */
export interface Tree {
  /** The feature a node splits, or -1 at a leaf. */
  readonly feature: Int16Array;
  readonly threshold: Float64Array;
}

/** The leaf of sample i of features [d][n]. */
export function leafOf(tree: Tree, features: readonly Float32Array[], i: number): number {
  let node = 0;
  while (tree.feature[node] >= 0) node = 2 * node + (features[tree.feature[node]][i] <= tree.threshold[node] ? 1 : 2);
  return node;
}

export class TreeGrower {
  /** Nodes of a full tree. */
  readonly nodes: number;
  /** After `grow`: the leaf of every training sample. */
  readonly leaves: Uint16Array;
  /** The summed decrease of squared error by every feature, over all trees grown, per sample. */
  readonly decrease: Float64Array;
  private readonly sorted: Int32Array[];
  private readonly orders: Int32Array[];
  private readonly spare: Int32Array;
  private readonly goesLeft: Uint8Array;
  private target: Float64Array = new Float64Array(0);
  private tree: Tree = { feature: new Int16Array(0), threshold: new Float64Array(0) };
  /** The best split of the node at hand. */
  private best = { gain: 0, feature: -1, position: 0 };

  constructor(
    private readonly features: readonly Float32Array[],
    private readonly depth: number,
    private readonly draw: Draw,
  ) {
    const samples = features[0].length;
    this.nodes = 2 ** (depth + 1) - 1;
    this.leaves = new Uint16Array(samples);
    this.decrease = new Float64Array(features.length);
    this.sorted = features.map((x) => Int32Array.from(x.keys()).sort((a, b) => x[a] - x[b]));
    this.orders = this.sorted.map((order) => order.slice());
    this.spare = new Int32Array(samples);
    this.goesLeft = new Uint8Array(samples);
  }

  /** A tree for `target`, one value a sample. */
  grow(target: Float64Array): Tree {
    this.target = target;
    this.tree = { feature: new Int16Array(this.nodes).fill(-1), threshold: new Float64Array(this.nodes) };
    for (let f = 0; f < this.orders.length; f++) this.orders[f].set(this.sorted[f]);
    this.split(0, 0, 0, target.length);
    return this.tree;
  }

  private split(node: number, level: number, start: number, end: number): void {
    const { target, tree } = this;
    const order = this.orders[0];
    const samples = end - start;
    let sum = 0;
    let squares = 0;
    for (let p = start; p < end; p++) {
      const value = target[order[p]];
      sum += value;
      squares += value * value;
    }
    const pure = squares / samples - (sum / samples) ** 2 <= PURE;
    this.best = { gain: -1, feature: -1, position: 0 };
    if (level < this.depth && samples > 1 && !pure)
      for (const f of this.draw.permutation(this.features.length)) this.search(f, start, end, sum);
    const { gain, feature, position } = this.best;
    if (feature < 0) {
      for (let p = start; p < end; p++) this.leaves[order[p]] = node;
      return;
    }
    const x = this.features[feature];
    const below = x[this.orders[feature][position - 1]];
    const above = x[this.orders[feature][position]];
    const middle = below / 2 + above / 2;
    tree.feature[node] = feature;
    tree.threshold[node] = middle < above ? middle : below;
    this.decrease[feature] += gain / (samples * target.length);
    this.part(feature, start, position, end);
    this.split(2 * node + 1, level + 1, start, position);
    this.split(2 * node + 2, level + 1, position, end);
  }

  /** Looks for a better split of a segment by one feature; the gain is n_left n_right (mean_left - mean_right)^2. */
  private search(feature: number, start: number, end: number, sum: number): void {
    const order = this.orders[feature];
    const x = this.features[feature];
    const { target } = this;
    const samples = end - start;
    let best = this.best.gain;
    let position = -1;
    let left = 0;
    let sample = order[start];
    let value = x[sample];
    for (let p = start + 1; p < end; p++) {
      left += target[sample];
      sample = order[p];
      const next = x[sample];
      if (next > value + SAME_VALUE) {
        const count = p - start;
        const rest = samples - count;
        const difference = rest * left - count * (sum - left);
        const gain = (difference * difference) / (count * rest);
        if (gain > best) {
          best = gain;
          position = p;
        }
      }
      value = next;
    }
    if (position >= 0) this.best = { gain: best, feature, position };
  }

  /** Parts every feature's segment into those left and right of `position` in the order of `feature`. */
  private part(feature: number, start: number, position: number, end: number): void {
    const { goesLeft, spare } = this;
    const by = this.orders[feature];
    for (let p = start; p < end; p++) goesLeft[by[p]] = p < position ? 1 : 0;
    for (let f = 0; f < this.orders.length; f++) {
      if (f === feature) continue;
      const order = this.orders[f];
      let left = start;
      let right = 0;
      // Both places are written and one counter moves: no branch to mispredict.
      for (let p = start; p < end; p++) {
        const sample = order[p];
        const side = goesLeft[sample];
        spare[right] = sample;
        order[left] = sample;
        left += side;
        right += 1 - side;
      }
      order.set(spare.subarray(0, right), left);
    }
  }
}
