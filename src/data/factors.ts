// A factor space: every combination of the values of some factors, numbered in mixed radix, last factor fastest.

/** A factor of variation: what it is called, and its values. */
export interface Factor {
  readonly name: string;
  /** The values the factor takes, in order. */
  readonly values: readonly number[];
}

/** Every combination of the values of some factors, numbered in mixed radix, last factor fastest. */
export class FactorSpace {
  readonly sizes: readonly number[];
  /** How far apart two combinations are whose value number of a factor differs by one, [factors]. */
  readonly strides: readonly number[];
  /** The number of combinations. */
  readonly count: number;

  constructor(readonly factors: readonly Factor[]) {
    this.sizes = factors.map(({ values }) => values.length);
    this.strides = this.sizes.map((_, f) => product(this.sizes.slice(f + 1)));
    this.count = product(this.sizes);
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

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);

/** `count` equally spaced values from `first` to `last`. */
export const linspace = (first: number, last: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));
