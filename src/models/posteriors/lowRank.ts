// `lowRank`: N(mean, diag(sigma^2) + U U') with U of few columns: z = mean + sigma * noise + U other noise. Determinants and
// inverses go through the small matrix G = I + U' diag(sigma^-2) U (matrix determinant lemma, Woodbury), so no covariance is
// ever factorized in single precision.

import {
  add,
  boundGaussian,
  broadcastTo,
  concat,
  constant,
  div,
  exp,
  InputError,
  log,
  matmul,
  mul,
  packedWidth,
  randomNormal,
  reshape,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  triangularSolve,
} from '../../engine';
import { purposes } from '../parameters';
import { columns, identity, packedGaussian } from './choleskyFactor';
import { type GaussianPosterior, headFor, LOG_DEVIATION_BOUNDS } from './posterior';
import { packCovariance } from './smallMatrix';

const LOG_TAU = Math.log(2 * Math.PI);
/** Noise of U's columns: a stream beside the ordinary noise. */
const RANK_NOISE = 50;

/** Throws InputError for a rank outside 1 ... latents - 1. */
export function lowRank(latents: number, replicas: number, rank: number): GaussianPosterior {
  if (!Number.isInteger(rank) || rank < 1 || rank >= latents)
    throw new InputError(`the rank is ${rank}; it must be from 1 to ${latents - 1}`);
  const diagonal = packedGaussian(latents, false);
  const diagonalWidth = packedWidth(latents, false);
  const width = diagonalWidth + latents * rank;
  const headWidth = headFor(width);
  const coupling = constant(new Float32Array(replicas));
  const base = (packed: Tensor) => columns(packed, 0, diagonalWidth);
  const logDeviations = (packed: Tensor) => columns(packed, latents, latents);
  /** U, [R, rows, K, rank]. */
  const u = (packed: Tensor) =>
    reshape(columns(packed, diagonalWidth, latents * rank), [...packed.shape.slice(0, 2), latents, rank]);
  const asColumn = (x: Tensor) => reshape(x, [...x.shape, 1]);
  /** diag(1 / sigma) U and the factor of G. */
  const small = (packed: Tensor) => {
    const scaled = mul(u(packed), asColumn(exp(mul(logDeviations(packed), scalar(-1)))));
    const [count, rows] = packed.shape;
    const flat = reshape(scaled, [count * rows, latents, rank]);
    const gram = add(matmul(flat, flat, { transposeA: true }), reshape(identity(rank), [1, rank, rank]));
    return { scaled, factor: choleskyOfSmall(reshape(gram, [count, rows, rank, rank]), rank) };
  };
  /** ln det(Sigma) / 2. */
  const logDeterminant = (packed: Tensor, factor: Tensor) =>
    add(sum(logDeviations(packed), [2]), sum(logDiagonal(factor, rank), [2]));
  const variances = (packed: Tensor) => add(square(exp(logDeviations(packed))), sum(square(u(packed)), [3]));

  /** The log density where the offset over sigma is `offset` [..., K], U over sigma [..., K, rank], with G's factor. */
  const density = (offset: Tensor, scaled: Tensor, factor: Tensor, determinant: Tensor): Tensor => {
    const projected = sum(mul(asColumn(offset), scaled), [offset.shape.length - 1]);
    const inner = triangularSolve(factor, projected);
    const last = offset.shape.length - 1;
    const distance = sub(sum(square(offset), [last]), sum(square(inner), [last]));
    return sub(mul(add(distance, scalar(latents * LOG_TAU)), scalar(-0.5)), determinant);
  };

  return {
    name: 'lowRank',
    latents,
    headWidth,
    width,
    owners: Array.from({ length: headWidth }, (_, c) =>
      c < diagonalWidth ? c % latents : c < width ? Math.floor((c - diagonalWidth) / rank) : undefined,
    ),
    // All: from U = 0 there is no first step, since its two signs are alike.
    drawn: headWidth,
    parameters: [],
    bound(head) {
      const bounded = boundGaussian(head, coupling, {
        dimensions: latents,
        width: diagonalWidth,
        bounds: LOG_DEVIATION_BOUNDS,
      });
      return concat([bounded, columns(head, diagonalWidth, latents * rank)], 2);
    },
    sample(packed, stream, purpose = purposes.noise) {
      const [, rows] = packed.shape;
      const noise = randomNormal(stream, purpose + RANK_NOISE, [rows, 1, rank]);
      return add(diagonal.sample(base(packed), stream, purpose), sum(mul(u(packed), noise), [3]));
    },
    // (|mean|^2 + trace - K) / 2 - ln det^(1/2): the diagonal's KL, half of |U|^2 more, and the smaller determinant.
    kl(packed) {
      const { factor } = small(packed);
      const more = mul(sum(square(u(packed)), [2, 3]), scalar(0.5));
      return sub(add(diagonal.kl(base(packed)), more), sum(logDiagonal(factor, rank), [2]));
    },
    conditionalTc: (packed) =>
      sub(mul(sum(log(variances(packed)), [2]), scalar(0.5)), logDeterminant(packed, small(packed).factor)),
    synergy(packed) {
      const { scaled, factor } = small(packed);
      const [count, rows] = packed.shape;
      // (Sigma^-1)_ii = (1 - |F^-1 (U' / sigma)_i|^2) / sigma_i^2, F F' = G.
      const matrices = broadcastTo(reshape(factor, [count, rows, 1, rank, rank]), [count, rows, latents, rank, rank]);
      const explained = sum(square(triangularSolve(matrices, scaled)), [3]);
      const precisions = mul(sub(scalar(1), explained), exp(mul(logDeviations(packed), scalar(-2))));
      return mul(log(mul(variances(packed), precisions)), scalar(0.5));
    },
    means: (packed) => diagonal.means(base(packed)),
    variances,
    covariances(packed) {
      const [count, rows] = packed.shape;
      const flat = reshape(u(packed), [count * rows, latents, rank]);
      const outer = reshape(matmul(flat, flat, { transposeB: true }), [count, rows, latents, latents]);
      return add(
        outer,
        mul(asColumn(square(exp(logDeviations(packed)))), reshape(identity(latents), [1, 1, latents, latents])),
      );
    },
    logDensity(packed, z) {
      const { scaled, factor } = small(packed);
      const offset = mul(sub(z, diagonal.means(base(packed))), exp(mul(logDeviations(packed), scalar(-1))));
      return density(offset, scaled, factor, logDeterminant(packed, factor));
    },
    pairwise(packed, z) {
      const [count, points] = z.shape;
      const [, rows] = packed.shape;
      const { scaled, factor } = small(packed);
      const mean = reshape(diagonal.means(base(packed)), [count, 1, rows, latents]);
      const precision = reshape(exp(mul(logDeviations(packed), scalar(-1))), [count, 1, rows, latents]);
      const offset = mul(sub(reshape(z, [count, points, 1, latents]), mean), precision);
      const spread = (x: Tensor, tail: number[]) =>
        broadcastTo(reshape(x, [count, 1, rows, ...tail]), [count, points, rows, ...tail]);
      return density(
        offset,
        reshape(scaled, [count, 1, rows, latents, rank]),
        spread(factor, [rank, rank]),
        reshape(logDeterminant(packed, factor), [count, 1, rows]),
      );
    },
    cholesky(packed) {
      const variance = (i: number) => Math.exp(2 * packed[latents + i]);
      const at = (i: number, r: number) => packed[diagonalWidth + i * rank + r];
      const each = Array.from({ length: latents }, (_, i) => i);
      const covariance = each.map((i) =>
        each.map((j) => {
          let total = i === j ? variance(i) : 0;
          for (let r = 0; r < rank; r++) total += at(i, r) * at(j, r);
          return total;
        }),
      );
      return packCovariance(
        each.map((i) => packed[i]),
        covariance,
      );
    },
  };
}

/** Logarithms of the diagonal of factors [R, rows, r, r]: [R, rows, r]. */
function logDiagonal(factor: Tensor, rank: number): Tensor {
  return log(sum(mul(factor, reshape(identity(rank), [1, 1, rank, rank])), [3]));
}

/** The factors of small positive definite matrices [R, rows, r, r], written out entry by entry, since r is small. */
function choleskyOfSmall(matrix: Tensor, rank: number): Tensor {
  const [count, rows] = matrix.shape;
  const flat = reshape(matrix, [count, rows, rank * rank]);
  const entry = (i: number, j: number) => columns(flat, i * rank + j, 1);
  const l: Tensor[][] = [];
  for (let i = 0; i < rank; i++) {
    l.push([]);
    for (let j = 0; j <= i; j++) {
      let rest = entry(i, j);
      for (let k = 0; k < j; k++) rest = sub(rest, mul(l[i][k], l[j][k]));
      l[i].push(i === j ? sqrt(rest) : div(rest, l[j][j]));
    }
  }
  const zero = broadcastTo(scalar(0), [count, rows, 1]);
  const parts = Array.from({ length: rank * rank }, (_, at) => {
    const [i, j] = [Math.floor(at / rank), at % rank];
    return j <= i ? l[i][j] : zero;
  });
  return reshape(parts.length === 1 ? parts[0] : concat(parts, 2), [count, rows, rank, rank]);
}
