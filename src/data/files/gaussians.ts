// Posteriors out of arrays of any framework: means [n, K] with log-variances [n, K] or Cholesky factors [n, K, K], as packed
// rows: means, log standard deviations, entries below the diagonal.

import { InputError, packedWidth, type Shape } from '../../engine';

export interface NamedArray {
  readonly shape: Shape;
  readonly data: Float64Array;
  readonly name: string;
}

export interface PackedGaussians {
  /** [n, width]. */
  readonly rows: Float64Array;
  readonly latents: number;
  readonly width: number;
}

/** Throws InputError, naming array, row and column, for shapes that do not fit and values that make no Gaussian. */
export function packGaussians(means: NamedArray, scales: NamedArray): PackedGaussians {
  const [n, latents] = means.shape;
  if (means.shape.length !== 2)
    throw new InputError(`${means.name} has shape [${means.shape}]; means are [examples, latents].`);
  const full = scales.shape.length === 3;
  const expected = full ? [n, latents, latents] : [n, latents];
  if (String(scales.shape) !== String(expected)) {
    throw new InputError(
      `${scales.name} has shape [${scales.shape}]; with ${n} examples of ${latents} latents, log-variances are [${n}, ${latents}] and Cholesky factors [${n}, ${latents}, ${latents}].`,
    );
  }
  for (const { data, name, shape } of [means, scales]) {
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    const each = data.length / shape[0];
    throw new InputError(
      `${name}, row ${Math.floor(bad / each)}, entry ${bad % each}: ${data[bad]} is not a finite number.`,
    );
  }
  const width = packedWidth(latents, full);
  const rows = new Float64Array(n * width);
  for (let row = 0; row < n; row++) {
    rows.set(means.data.subarray(row * latents, (row + 1) * latents), row * width);
    for (let i = 0; i < latents; i++) {
      rows[row * width + latents + i] = full
        ? Math.log(diagonal(scales, row, i, latents))
        : 0.5 * scales.data[row * latents + i];
    }
    if (full) rows.set(below(scales.data, row, latents), row * width + 2 * latents);
  }
  return { rows, latents, width };
}

function diagonal({ data, name }: NamedArray, row: number, i: number, latents: number): number {
  const value = data[(row * latents + i) * latents + i];
  if (value > 0) return value;
  throw new InputError(
    `${name}, row ${row}: diagonal entry ${i} of the Cholesky factor is ${value}; it must be positive.`,
  );
}

/** The entries below the diagonal, row by row. */
const below = (data: Float64Array, row: number, latents: number): number[] =>
  Array.from({ length: latents }, (_, i) =>
    Array.from(data.subarray((row * latents + i) * latents, (row * latents + i) * latents + i)),
  ).flat();
