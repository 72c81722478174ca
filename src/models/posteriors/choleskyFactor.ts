// Everything an objective asks of N(mean, L L') when L is the lower triangle in a packed row: closed forms through L, never
// through a covariance that is built and factorized again, which fails in single precision.

import {
  add,
  broadcastTo,
  concat,
  constant,
  exp,
  klToStandardNormal,
  log,
  matmul,
  mul,
  neg,
  packedWidth,
  reshape,
  type Shape,
  sampleGaussians,
  scalar,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  totalCorrelationOf,
  triangularSolve,
} from '../../engine';
import { purposes } from '../parameters';
import type { GaussianPosterior } from './posterior';

const LOG_TAU = Math.log(2 * Math.PI);

/** The last axis from `first` on, `count` numbers. */
export function columns(x: Tensor, first: number, count: number): Tensor {
  const start = x.shape.map((_, axis) => (axis === x.shape.length - 1 ? first : 0));
  return slice(x, start, [...x.shape.slice(0, -1), count]);
}

/** What a family with a packed factor has, but for how it makes it from a head. */
export type PackedGaussian = Omit<
  GaussianPosterior,
  'name' | 'headWidth' | 'owners' | 'drawn' | 'parameters' | 'bound'
>;

/** The functions of a family whose rows are packed Gaussians of `latents` latents, diagonal or full. */
export function packedGaussian(latents: number, isFull: boolean): PackedGaussian {
  const width = packedWidth(latents, isFull);
  const placed = placement(latents, isFull);
  const means = (packed: Tensor) => columns(packed, 0, latents);
  const logDeviations = (packed: Tensor) => columns(packed, latents, latents);

  /** L as a matrix, [R, rows, K, K]. */
  const factor = (packed: Tensor): Tensor => {
    const diagonal = exp(logDeviations(packed));
    const entries = isFull ? concat([diagonal, columns(packed, 2 * latents, width - 2 * latents)], 2) : diagonal;
    return reshape(matmul(entries, placed), [...packed.shape.slice(0, 2), latents, latents]);
  };
  /** The log density where the whitened distance to the mean is `noise` [..., K]. */
  const density = (noise: Tensor, logDeterminant: Tensor): Tensor => {
    const distance = sum(square(noise), [noise.shape.length - 1]);
    return sub(mul(add(distance, scalar(latents * LOG_TAU)), scalar(-0.5)), logDeterminant);
  };

  return {
    latents,
    width,
    means,
    sample: (packed, stream, purpose = purposes.noise) => sampleGaussians(packed, stream, latents, purpose),
    kl: (packed) => klToStandardNormal(packed, latents),
    conditionalTc: (packed) => totalCorrelationOf(packed, latents),
    variances: (packed) => sum(square(factor(packed)), [3]),
    covariances(packed) {
      const [replicas, rows] = packed.shape;
      const l = reshape(factor(packed), [replicas * rows, latents, latents]);
      return reshape(matmul(l, l, { transposeB: true }), [replicas, rows, latents, latents]);
    },
    synergy(packed) {
      const [replicas, rows] = packed.shape;
      const l = factor(packed);
      // (Sigma^-1)_ii is the squared length of L^-1 e_i.
      const shape = [replicas, rows, latents, latents];
      const units = broadcastTo(reshape(identity(latents), [1, 1, latents, latents]), shape);
      const matrices = broadcastTo(reshape(l, [replicas, rows, 1, latents, latents]), [...shape, latents]);
      const precisions = sum(square(triangularSolve(matrices, units)), [3]);
      return mul(log(mul(sum(square(l), [3]), precisions)), scalar(0.5));
    },
    logDensity(packed, z) {
      const noise = triangularSolve(factor(packed), sub(z, means(packed)));
      return density(noise, sum(logDeviations(packed), [2]));
    },
    pairwise(packed, z) {
      const [replicas, points] = z.shape;
      const [, rows] = packed.shape;
      const shape = [replicas, points, rows, latents];
      const offsets = sub(
        reshape(z, [replicas, points, 1, latents]),
        reshape(means(packed), [replicas, 1, rows, latents]),
      );
      const logDeterminants = reshape(sum(logDeviations(packed), [2]), [replicas, 1, rows]);
      if (!isFull) {
        const precisions = reshape(exp(neg(logDeviations(packed))), [replicas, 1, rows, latents]);
        return density(mul(offsets, precisions), logDeterminants);
      }
      const matrices = reshape(factor(packed), [replicas, 1, rows, latents, latents]);
      return density(triangularSolve(broadcastTo(matrices, [...shape, latents]), offsets), logDeterminants);
    },
    cholesky(packed) {
      const result = new Float64Array(packedWidth(latents, true));
      for (let c = 0; c < width; c++) result[c] = packed[c];
      return result;
    },
  };
}

/** Where the diagonal and the lower entries go in a K x K matrix: [1, entries, K K], zeros and ones, so products are exact. */
function placement(latents: number, isFull: boolean): Tensor {
  const places = Array.from({ length: latents }, (_, i) => i * latents + i);
  if (isFull) for (let i = 1; i < latents; i++) for (let j = 0; j < i; j++) places.push(i * latents + j);
  return selection(places, latents * latents);
}

/** A matrix [1, places.length, width] that puts number r of a row at place places[r]. */
export function selection(places: readonly (number | undefined)[], width: number): Tensor {
  const values = new Float32Array(places.length * width);
  for (const [row, place] of places.entries()) if (place !== undefined) values[row * width + place] = 1;
  return constant(values, [1, places.length, width]);
}

export function identity(n: number): Tensor {
  return constant(
    Float32Array.from({ length: n * n }, (_, at) => Number(at % (n + 1) === 0)),
    [n, n],
  );
}

/** A constant per replica or for all: [R or 1, ...shape] from rows of numbers. */
export const perReplicaConstant = (rows: readonly (readonly number[])[], shape: Shape): Tensor =>
  constant(Float32Array.from(rows.flat()), [rows.length, ...shape]);
