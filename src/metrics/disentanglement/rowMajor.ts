// Codes with the latents of a sample side by side: what a score that visits samples at random reads fast.

import type { Columns } from './columns';

export class RowMajor {
  readonly width: number;
  /** [sample, latent]. */
  readonly data: Float64Array;

  constructor(columns: Columns) {
    this.width = columns.length;
    this.data = new Float64Array(columns.length * columns[0].length);
    for (const [i, values] of columns.entries()) {
      for (let n = 0; n < values.length; n++) this.data[n * this.width + i] = values[n];
    }
  }
}
