// `full`: N(mean, L L') with a free Cholesky factor (Kingma & Welling 2019, algorithm 2). Its `offDiagonal` switch, one per
// replica, turns it into the factorized posterior on the same code path, with the same parameters and the same random
// stream, which is the fair comparison. `block` keeps only the entries of L between latents of one block.

import { boundGaussian, constant, InputError, mul, packedWidth } from '../../engine';
import { packedGaussian } from './choleskyFactor';
import { type GaussianPosterior, headFor, LOG_DEVIATION_BOUNDS, packedOwners } from './posterior';

/**
 * N(mean, L L') with a free Cholesky factor for every example (Kingma & Welling 2019); `offDiagonal`, one for each replica, holds
 * the entries below the diagonal at 0.
 */
export function full(latents: number, offDiagonal: readonly boolean[]): GaussianPosterior {
  const coupling = constant(Float32Array.from(offDiagonal, (on) => (on ? 1 : 0)));
  const width = packedWidth(latents, true);
  const headWidth = headFor(width);
  return {
    ...packedGaussian(latents, true),
    name: 'full',
    headWidth,
    owners: packedOwners(latents, headWidth, true),
    drawn: 2 * latents,
    parameters: [],
    bound: (head) => boundGaussian(head, coupling, { dimensions: latents, width, bounds: LOG_DEVIATION_BOUNDS }),
  };
}

/** Throws InputError unless every latent is in exactly one block. */
export function block(latents: number, replicas: number, blocks: readonly (readonly number[])[]): GaussianPosterior {
  const member = new Map(blocks.flatMap((each, b) => each.map((i) => [i, b] as const)));
  if (
    member.size !== latents ||
    blocks.flat().length !== latents ||
    blocks.flat().some((i) => !(i >= 0 && i < latents))
  )
    throw new InputError(`blocks ${JSON.stringify(blocks)} must hold each of the latents 0 ... ${latents - 1} once`);
  const all = full(latents, new Array<boolean>(replicas).fill(true));
  const mask = new Float32Array(all.width).fill(1);
  for (let i = 1; i < latents; i++)
    for (let j = 0; j < i; j++) if (member.get(i) !== member.get(j)) mask[2 * latents + (i * (i - 1)) / 2 + j] = 0;
  return { ...all, name: 'block', bound: (head, own) => mul(all.bound(head, own), constant(mask)) };
}
