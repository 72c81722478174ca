// One rotation of all codes, found without labels: the orthogonal Q that makes the latents of y = Q'z least coupled given x, the
// minimum of E TC(Q'z | x). A rotation moves no information about x and changes no rotation-invariant objective; so what it takes
// away of TC(z|x) was a matter of basis (removable), and what stays was not.
//
// Jacobi's sweeps over pairs of latents (as in joint diagonalisation: Cardoso & Souloumiac 1996, with the likelihood criterion of
// Pham 2001). Turning a pair by t changes two variances, m + u and m - u with m = (A + D) / 2 and u = (A - D) / 2 cos 2t + B sin 2t,
// and no determinant; so the pair's part of the criterion is E ln(m^2 - u^2) / 2, with period pi / 2 in t.

import { eigenvectors } from '../../math/eigen';
import { dot, identityMatrix, type Matrix, orthonormalised } from '../../math/matrix';
import { Draw } from './draw';
import type { Component } from './posterior';

/** The rotation that couples the latents least given x, and how coupled they were before and after, nats. */
export interface LeastCoupled {
  /** Rows of Q': latent i of the turned codes is row i times z. */
  readonly basis: number[][];
  /** TC(z|x) of the codes as they are, nats, and what is left of it in that basis: the irremovable part. */
  readonly before: number;
  readonly after: number;
}

/** Places of a pair that are looked at before the best is refined. */
const GRID = 12;
const REFINEMENTS = 16;
const MOST_SWEEPS = 40;
/** Nats that a sweep must win to be followed by another. */
const LEAST_GAIN = 1e-7;
/** Nats that a search may win by rounding alone. */
const ROUNDING = 1e-9;
const PURPOSE = 2100;

/** The least coupled basis, the best of the searches from the codes' own, the eigenvectors of E Sigma, and a random one. */
export function leastCoupled(components: readonly Component[], seed = 0): LeastCoupled {
  const latents = components[0].mean.length;
  const identity = identityMatrix(latents);
  const mean = identity.map((_, i) =>
    identity.map((__, j) => components.reduce((sum, { covariance }) => sum + covariance[i][j], 0) / components.length),
  );
  const draw = new Draw(seed, PURPOSE);
  const random = orthonormalised(
    identity.map((row) => row.map(() => draw.uniform() - 0.5)),
    2,
  );
  const found = [identity, eigenvectors(mean), random].map((start) => descend(components, start));
  const best = found.reduce((least, each) => (each.after < least.after ? each : least));
  const before = totalCorrelationIn(components, identity);
  // Rounding must not make codes seem better off as they are.
  return best.after < before - ROUNDING ? { ...best, before } : { basis: identity, before, after: before };
}

/** E TC of the codes `basis` times z, given x, nats. */
export const totalCorrelationIn = (components: readonly Component[], basis: Matrix): number =>
  marginalsIn(components, basis).conditionalTotalCorrelation;

/** Sweeps over all pairs of latents until a sweep wins nothing. */
function descend(components: readonly Component[], start: Matrix): Omit<LeastCoupled, 'before'> {
  const latents = start.length;
  const basis = start.map((row) => [...row]);
  const covariances = basis.map((row, i) =>
    basis.map((other, j) =>
      j > i ? new Float64Array() : Float64Array.from(components, ({ covariance }) => bilinear(row, covariance, other)),
    ),
  );
  const entry = (i: number, j: number) => (i >= j ? covariances[i][j] : covariances[j][i]);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let gain = 0;
    for (let a = 0; a < latents; a++)
      for (let b = a + 1; b < latents; b++) {
        const { angle, won } = bestAngle(entry(a, a), entry(a, b), entry(b, b));
        gain += won;
        if (won <= 0) continue;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < latents; k++)
          [basis[a][k], basis[b][k]] = [c * basis[a][k] + s * basis[b][k], c * basis[b][k] - s * basis[a][k]];
        turnPair(entry, latents, a, b, c, s);
      }
    if (gain < LEAST_GAIN) break;
  }
  return { basis, after: totalCorrelationIn(components, basis) };
}

function bilinear(left: readonly number[], matrix: Matrix, right: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < left.length; i++) total += left[i] * dot(matrix[i], right);
  return total;
}

/** The angle at which latents of variances A, D and covariance B (a number for each example) are least coupled, and the nats won. */
function bestAngle(A: Float64Array, B: Float64Array, D: Float64Array): { angle: number; won: number } {
  const cost = (t: number): number => {
    const [c, s] = [Math.cos(2 * t), Math.sin(2 * t)];
    let total = 0;
    for (let n = 0; n < A.length; n++) {
      const m = (A[n] + D[n]) / 2;
      const u = ((A[n] - D[n]) / 2) * c + B[n] * s;
      total += Math.log(m * m - u * u);
    }
    return total / (2 * A.length);
  };
  const step = Math.PI / 2 / GRID;
  const costs = Array.from({ length: GRID }, (_, g) => cost(g * step));
  const best = costs.indexOf(Math.min(...costs));
  // Golden section between the neighbours of the best.
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [(best - 1) * step, (best + 1) * step];
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [atLeft, atRight] = [cost(left), cost(right)];
  for (let i = 0; i < REFINEMENTS; i++) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - ratio * (high - low);
      atLeft = cost(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + ratio * (high - low);
      atRight = cost(right);
    }
  }
  const [angle, least] = atLeft < atRight ? [left, atLeft] : [right, atRight];
  return { angle, won: costs[0] - least };
}

/** Covariances in a basis whose latents a and b have been turned. */
function turnPair(
  entry: (i: number, j: number) => Float64Array,
  latents: number,
  a: number,
  b: number,
  c: number,
  s: number,
): void {
  for (let k = 0; k < latents; k++) {
    if (k === a || k === b) continue;
    const [x, y] = [entry(a, k), entry(b, k)];
    for (let n = 0; n < x.length; n++) [x[n], y[n]] = [c * x[n] + s * y[n], c * y[n] - s * x[n]];
  }
  const [A, B, D] = [entry(a, a), entry(a, b), entry(b, b)];
  for (let n = 0; n < A.length; n++) {
    const [p, q, r] = [A[n], B[n], D[n]];
    A[n] = c * c * p + 2 * c * s * q + s * s * r;
    D[n] = s * s * p - 2 * c * s * q + c * c * r;
    B[n] = (c * c - s * s) * q + c * s * (r - p);
  }
}

/** What is seen of the codes `basis` times z one latent at a time. */
export interface Marginals {
  /** [latent][example]: of the posteriors. */
  readonly means: Float64Array[];
  readonly deviations: Float64Array[];
  /** S_i = I(y_i; y_-i | x), nats. */
  readonly synergy: number[];
  readonly conditionalTotalCorrelation: number;
}

/** Marginals of the codes `basis` times z; `basis` must be orthogonal. */
export function marginalsIn(components: readonly Component[], basis: Matrix): Marginals {
  const per = (value: (component: Component, row: readonly number[]) => number) =>
    basis.map((row) => Float64Array.from(components, (component) => value(component, row)));
  const means = per(({ mean }, row) => dot(row, mean));
  const variances = per(({ covariance }, row) => bilinear(row, covariance, row));
  const precisions = per(({ precision }, row) => bilinear(row, precision, row));
  const logDeterminant = components.reduce((sum, each) => sum + each.logDeterminant, 0) / components.length;
  const meanLog = (values: Float64Array) => values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
  const logs = variances.map(meanLog);
  return {
    means,
    deviations: variances.map((values) => values.map(Math.sqrt)),
    synergy: logs.map((log, i) => 0.5 * (log + meanLog(precisions[i]))),
    conditionalTotalCorrelation: 0.5 * (logs.reduce((a, b) => a + b, 0) - logDeterminant),
  };
}

/** Columns [latent][row] of the codes `basis` times z. */
export const turnedColumns = (columns: readonly ArrayLike<number>[], basis: Matrix): Float64Array[] =>
  basis.map((row) =>
    Float64Array.from({ length: columns[0].length }, (_, n) => row.reduce((sum, w, k) => sum + w * columns[k][n], 0)),
  );
