// Posteriors q(z|x): what an encoder's head means. `full` is a Gaussian with a Cholesky factor; its `offDiagonal` switch,
// one per replica, turns it into the factorized posterior on the same code path, with the same parameters and the same
// random stream, which is the fair comparison.

import {
  boundGaussian,
  constant,
  klToStandardNormal,
  packedWidth,
  type Stream,
  sampleGaussians,
  type Tensor,
  totalCorrelationOf,
} from '../engine';
import { purposes } from './parameters';

export interface Posterior {
  readonly name: string;
  readonly latents: number;
  /** Numbers the encoder puts out for one example: a multiple of four, of which the first `width` are used. */
  readonly headWidth: number;
  /** Entries of a packed Gaussian. */
  readonly width: number;
  /** Packed Gaussians [R, rows, width] from the encoder's output [R, rows, headWidth]. */
  bound(head: Tensor): Tensor;
  /** One sample [R, rows, latents] of each. */
  sample(packed: Tensor, stream: Stream): Tensor;
  /** KL(q(z|x) || N(0, I)) of each, [R, rows], nats. */
  kl(packed: Tensor): Tensor;
  /** TC(z given x) of each, [R, rows], nats; 0 for a factorized posterior. */
  conditionalTc(packed: Tensor): Tensor;
}

/** Bounds of log sigma: e^-7 keeps KL finite, e^3 is far beyond the prior's width. */
const LOG_DEVIATION_BOUNDS = [-7, 3] as const;

/**
 * N(mean, L L') with a free Cholesky factor; per replica, `offDiagonal: false` holds the entries below the diagonal at 0.
 */
export function full(latents: number, offDiagonal: readonly boolean[]): Posterior {
  const coupling = constant(Float32Array.from(offDiagonal, (on) => (on ? 1 : 0)));
  const width = packedWidth(latents, true);
  return {
    name: 'full',
    latents,
    headWidth: 4 * Math.ceil(width / 4),
    width,
    bound: (head) => boundGaussian(head, coupling, { dimensions: latents, width, bounds: LOG_DEVIATION_BOUNDS }),
    sample: (packed, stream) => sampleGaussians(packed, stream, latents, purposes.noise),
    kl: (packed) => klToStandardNormal(packed, latents),
    conditionalTc: (packed) => totalCorrelationOf(packed, latents),
  };
}
