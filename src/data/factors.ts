// A factor space: every combination of the values of some factors, numbered in mixed radix, last factor fastest.

export interface Factor {
  readonly name: string;
  /** The values the factor takes, in order. */
  readonly values: readonly number[];
}

export class FactorSpace {
  readonly sizes: readonly number[];
  /** The number of combinations. */
  readonly count: number;

  constructor(readonly factors: readonly Factor[]) {
    this.sizes = factors.map(({ values }) => values.length);
    this.count = this.sizes.reduce((product, size) => product * size, 1);
  }

  /** The value number of every factor in combination `index`. */
  indicesOf(index: number): number[] {
    const indices = new Array<number>(this.sizes.length);
    let rest = index;
    for (let f = this.sizes.length - 1; f >= 0; f--) {
      indices[f] = rest % this.sizes[f];
      rest = Math.floor(rest / this.sizes[f]);
    }
    return indices;
  }

  /** The value of every factor in combination `index`. */
  valuesOf(index: number): number[] {
    return this.indicesOf(index).map((value, f) => this.factors[f].values[value]);
  }

  /** Value numbers of all combinations, [count][factors]. */
  table(): number[][] {
    return Array.from({ length: this.count }, (_, index) => this.indicesOf(index));
  }
}

/** `count` equally spaced values from `first` to `last`. */
export const linspace = (first: number, last: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));
