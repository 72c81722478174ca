// Posteriors out of arrays of any framework: means [n, K] with log-variances [n, K] or Cholesky factors [n, K, K], as packed
// rows: means, log standard deviations, entries below the diagonal.

import { InputError, packedWidth, type Shape } from '../../engine';

/** An array with its shape, and what it is called in messages. */
export interface NamedArray {
  readonly shape: Shape;
  readonly data: Float64Array;
  readonly name: string;
}

/** Gaussian posteriors of examples, a row each: means, log deviations and, of full ones, the rows of the Cholesky factor. */
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
  if (n === 0 || latents === 0)
    throw new InputError(`${means.name} has shape [${means.shape}]: it has no ${n === 0 ? 'examples' : 'latents'}.`);
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
      `${name}, row ${Math.floor(bad / each) + 1}, entry ${(bad % each) + 1}: ${data[bad]} is not a finite number.`,
    );
  }
  if (full) checkLower(scales, latents);
  else checkLogVariances(scales, latents);
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
    `${name}, row ${row + 1}: diagonal entry ${i + 1} of the Cholesky factor is ${value}; it must be positive.`,
  );
}

/** An upper factor, as SciPy gives by default, would pass for a diagonal one. */
function checkLower({ data, name }: NamedArray, latents: number): void {
  for (const [at, value] of data.entries()) {
    const [i, j] = [Math.floor(at / latents) % latents, at % latents];
    if (j <= i || value === 0) continue;
    throw new InputError(
      `${name}, row ${Math.floor(at / latents ** 2) + 1}: entry (${i + 1}, ${j + 1}) above the diagonal is ${value}, and must be 0. Factors are lower triangular, L L' = Sigma: transpose upper ones, such as scipy.linalg.cholesky gives by default.`,
    );
  }
}

/** Single precision, in which models are trained, ends at exp(88): what is far beyond it is no logarithm. */
const MOST_LOG_VARIANCE = 300;

function checkLogVariances({ data, name }: NamedArray, latents: number): void {
  const bad = data.findIndex((value) => Math.abs(value) > MOST_LOG_VARIANCE);
  if (bad < 0) return;
  throw new InputError(
    `${name}, row ${Math.floor(bad / latents) + 1}, column ${(bad % latents) + 1}: the log-variance ${data[bad]} is beyond ${MOST_LOG_VARIANCE}. Are these variances, not their logarithms?`,
  );
}

/**
 * The same posteriors with every latent on the scale of its own spread over the examples: information does not change, and
 * single precision suffices whatever units the latents came in.
 */
export function rescaled({ rows, latents, width }: PackedGaussians): PackedGaussians {
  const n = rows.length / width;
  const scaled = rows.slice();
  for (let i = 0; i < latents; i++) {
    let mean = 0;
    let square = 0;
    for (let row = 0; row < n; row++) mean += rows[row * width + i] / n;
    for (let row = 0; row < n; row++) {
      const own = Math.exp(2 * rows[row * width + latents + i]);
      square += ((rows[row * width + i] - mean) ** 2 + own) / n;
    }
    const deviation = Math.sqrt(square);
    for (let row = 0; row < n; row++) {
      scaled[row * width + i] = (rows[row * width + i] - mean) / deviation;
      scaled[row * width + latents + i] = rows[row * width + latents + i] - Math.log(deviation);
      for (let j = 0; j < i && width > 2 * latents; j++) {
        const at = row * width + 2 * latents + (i * (i - 1)) / 2 + j;
        scaled[at] = rows[at] / deviation;
      }
    }
  }
  return { rows: scaled, latents, width };
}

/** Some of the examples, in their order. */
export function chooseExamples({ rows, latents, width }: PackedGaussians, chosen: ArrayLike<number>): PackedGaussians {
  const kept = new Float64Array(chosen.length * width);
  for (let i = 0; i < chosen.length; i++)
    kept.set(rows.subarray(chosen[i] * width, (chosen[i] + 1) * width), i * width);
  return { rows: kept, latents, width };
}

/** The entries below the diagonal, row by row. */
const below = (data: Float64Array, row: number, latents: number): number[] =>
  Array.from({ length: latents }, (_, i) =>
    Array.from(data.subarray((row * latents + i) * latents, (row * latents + i) * latents + i)),
  ).flat();
