// `rotated`: the factorized posterior seen through a fixed rotation, z = R u: the exact control. The prior is isotropic and a
// decoder can undo R, so KL, likelihood and bound are those of the factorized posterior; only the axes differ. Scores of
// R' z must be the factorized ones, scores of z must fall.

import { exp, InputError, log, matmul, mul, reshape, scalar, sub, sum, type Tensor } from '../../engine';
import { dot, type Matrix, transpose } from '../../math/matrix';
import { columns, perReplicaConstant } from './choleskyFactor';
import { factorized } from './factorized';
import type { GaussianPosterior } from './posterior';
import { packCovariance } from './smallMatrix';

/** Rotations [K][K], one for all replicas or one for each, orthogonal. Throws InputError for any other matrix. */
export function rotated(latents: number, replicas: number, rotations: readonly Matrix[]): GaussianPosterior {
  for (const rotation of rotations) checkOrthogonal(rotation, latents);
  const base = factorized(latents, replicas);
  const transposed = rotations.map(transpose);
  /** As factors on the right of rows: u R' is R u, z R is R' z. */
  const factor = (matrices: readonly Matrix[]) =>
    perReplicaConstant(
      matrices.map((m) => m.flat()),
      [latents, latents],
    );
  const [forward, back] = [factor(transposed), factor(rotations)];
  const squares = factor(transposed.map((m) => m.map((row) => row.map((value) => value * value))));
  const through = (x: Tensor) => matmul(x, forward);
  const unrotated = (z: Tensor) => matmul(z, back);
  const logDeviations = (packed: Tensor) => columns(packed, latents, latents);
  const variances = (packed: Tensor) => matmul(base.variances(packed), squares);
  return {
    ...base,
    name: 'rotated',
    sample: (packed, stream, purpose) => through(base.sample(packed, stream, purpose)),
    means: (packed) => through(base.means(packed)),
    variances,
    conditionalTc: (packed) => sub(mul(sum(log(variances(packed)), [2]), scalar(0.5)), sum(logDeviations(packed), [2])),
    synergy(packed) {
      const precisions = matmul(exp(mul(logDeviations(packed), scalar(-2))), squares);
      return mul(log(mul(variances(packed), precisions)), scalar(0.5));
    },
    covariances(packed) {
      // R diag(sigma^2) R': the rows of R' scaled by sigma, times themselves.
      const [count, rows] = packed.shape;
      const scaled = mul(
        reshape(exp(logDeviations(packed)), [count, rows, latents, 1]),
        reshape(forward, [rotations.length, 1, latents, latents]),
      );
      const flat = reshape(scaled, [count * rows, latents, latents]);
      return reshape(matmul(flat, flat, { transposeA: true }), [count, rows, latents, latents]);
    },
    logDensity: (packed, z) => base.logDensity(packed, unrotated(z)),
    pairwise: (packed, z) => base.pairwise(packed, unrotated(z)),
    cholesky(packed, replica) {
      const rotation = rotations[rotations.length === 1 ? 0 : replica];
      const own = Array.from({ length: latents }, (_, i) => packed[i]);
      const variance = own.map((_, k) => Math.exp(2 * packed[latents + k]));
      const mean = rotation.map((row) => dot(row, own));
      const covariance = rotation.map((a) => rotation.map((b) => a.reduce((t, r, k) => t + r * b[k] * variance[k], 0)));
      // Both triangles are summed in one order, so the matrix is symmetric to the bit.
      return packCovariance(
        mean,
        covariance.map((row, i) => row.map((value, j) => (j > i ? covariance[j][i] : value))),
      );
    },
  };
}

function checkOrthogonal(rotation: Matrix, latents: number): void {
  const off = rotation.some((a, i) => rotation.some((b, j) => Math.abs(dot(a, b) - Number(i === j)) > 1e-6));
  if (rotation.length !== latents || rotation.some((row) => row.length !== latents) || off)
    throw new InputError(`the rotation must be an orthogonal matrix of ${latents} x ${latents}`);
}
