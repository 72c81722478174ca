// Rows by factor value: finds partners that share a factor, for the scores that intervene on one (beta-VAE, FactorVAE).
// On a complete table this draws what a renderer would be asked for; on any other it stays within the rows there are.

import { InputError } from '../../engine';
import type { Draw } from '../information/draw';
import { type Columns, labelsOf } from './columns';

export class FactorIndex {
  /** For every factor: row numbers ordered by its value, and where each value's rows begin. */
  private readonly groups: { readonly rows: Int32Array; readonly starts: Int32Array }[];

  /** The factors as labels. */
  private readonly labels: readonly Int32Array[];

  /**
   * Indexes factors [factor][sample]. Throws InputError where a value that occurs has fewer than `leastRows` rows: nothing
   * could vary while it is held.
   */
  constructor(factors: Columns, score: string, leastRows: number) {
    const labelled = factors.map(labelsOf);
    this.labels = labelled.map(({ labels }) => labels);
    this.groups = labelled.map(({ labels, values }, j) => {
      const starts = new Int32Array(values.length + 1);
      for (const label of labels) starts[label + 1] += 1;
      const rare = starts.findIndex((count, at) => at > 0 && count < leastRows);
      if (rare > 0) {
        throw new InputError(
          `${score} holds a factor at a value while the others vary: value ${values[rare - 1]} of factor ${j} has ` +
            `${starts[rare]} of the ${leastRows} rows that takes; give more rows, or leave that factor out`,
        );
      }
      for (let value = 1; value < starts.length; value++) starts[value] += starts[value - 1];
      const next = starts.slice();
      const rows = new Int32Array(labels.length);
      for (const [n, label] of labels.entries()) rows[next[label]++] = n;
      return { rows, starts };
    });
  }

  /** Any row. */
  any(draw: Draw): number {
    return draw.below(this.labels[0].length);
  }

  /** A row with the same value of factor j as `row`, perhaps itself. */
  partner(row: number, j: number, draw: Draw): number {
    const { rows, starts } = this.groups[j];
    const value = this.labels[j][row];
    return rows[starts[value] + draw.below(starts[value + 1] - starts[value])];
  }
}
