// The families of posteriors, by name.

import { InputError } from '../../engine';
import { refuseUnread } from '../../engine/options';
import type { Matrix } from '../../math/matrix';
import { checkPerReplica, checkSeeds, type PerReplica } from '../objective';
import { correlated, equicorrelation } from './correlated';
import { constantCholesky, factorized } from './factorized';
import { block, full } from './full';
import { lowRank } from './lowRank';
import type { GaussianPosterior } from './posterior';
import { reversedCholesky } from './reversed';
import { rotated } from './rotated';
import { randomRotation } from './smallMatrix';

export { type OwnPosterior, ownPosterior } from './own';
export type { GaussianPosterior, Posterior } from './posterior';
export { randomRotation } from './smallMatrix';
export { block, constantCholesky, correlated, equicorrelation, factorized, full, lowRank, reversedCholesky, rotated };

/** What a family may be told, as a configuration file says it; each reads its own. */
export interface PosteriorOptions {
  /** full: entries below the diagonal are free, per replica or for all; true by default. */
  readonly offDiagonal?: boolean | readonly boolean[];
  /** correlated: rho of all pairs, or [K][K]; 0.5 by default. */
  readonly correlation?: PerReplica | Matrix;
  /** rotated: the seed of a random rotation, for all replicas or for each, 0 by default; or [K][K]. */
  readonly rotation?: PerReplica | Matrix;
  /** block: the latents of each block; pairs by default. */
  readonly blocks?: readonly (readonly number[])[];
  /** lowRank: columns of U; 1 by default. */
  readonly rank?: number;
}

const pairs = (latents: number): number[][] =>
  Array.from({ length: Math.ceil(latents / 2) }, (_, b) => [2 * b, 2 * b + 1].filter((i) => i < latents));

/** Matrices out of a setting that is one matrix, or a number for all replicas or for each that stands for one. */
function matricesOf(
  what: string,
  setting: PerReplica | Matrix,
  replicas: number,
  matrixOf: (value: number) => number[][],
): readonly Matrix[] {
  if (typeof setting === 'number') return [matrixOf(setting)];
  if (isMatrix(setting)) return [setting];
  checkPerReplica(what, setting, replicas);
  return setting.map(matrixOf);
}

const isMatrix = (setting: readonly number[] | Matrix): setting is Matrix => typeof setting[0] !== 'number';

/** An entry of the table: what it reads, and what it makes of that. */
export interface PosteriorEntry {
  /** The options it reads. */
  readonly reads: readonly (keyof PosteriorOptions)[];
  /** From its options. Throws InputError for numbers it does not take. */
  make(latents: number, replicas: number, options: PosteriorOptions): GaussianPosterior;
}

/** The Gaussian families by name, each with the options it reads. */
export const posteriors: Readonly<Record<string, PosteriorEntry>> = {
  factorized: { reads: [], make: factorized },
  full: {
    reads: ['offDiagonal'],
    make: (latents, replicas, { offDiagonal = true }) =>
      full(latents, typeof offDiagonal === 'boolean' ? new Array<boolean>(replicas).fill(offDiagonal) : offDiagonal),
  },
  correlated: {
    reads: ['correlation'],
    make: (latents, replicas, { correlation = 0.5 }) =>
      correlated(
        latents,
        replicas,
        matricesOf('correlation', correlation, replicas, (rho) => equicorrelation(latents, rho)),
      ),
  },
  rotated: {
    reads: ['rotation'],
    make: (latents, replicas, { rotation = 0 }) =>
      rotated(
        latents,
        replicas,
        matricesOf('rotation', rotation, replicas, (seed) => randomRotation(latents, seed)),
      ),
  },
  block: {
    reads: ['blocks'],
    make: (latents, replicas, { blocks = pairs(latents) }) => block(latents, replicas, blocks),
  },
  lowRank: { reads: ['rank'], make: (latents, replicas, { rank = 1 }) => lowRank(latents, replicas, rank) },
  constantCholesky: { reads: [], make: constantCholesky },
  reversedCholesky: { reads: [], make: reversedCholesky },
};

/**
 * A family by its name. Throws InputError for a name or an option that it does not know, with those there are, and for a list
 * that has not one value for each replica.
 */
export function posteriorNamed(
  name: string,
  latents: number,
  replicas: number,
  options: PosteriorOptions = {},
): GaussianPosterior {
  if (!Object.hasOwn(posteriors, name))
    throw new InputError(`there is no posterior ${name}; there are ${Object.keys(posteriors).join(', ')}`);
  const { reads, make } = posteriors[name];
  refuseUnread(`the posterior ${name}`, options, reads);
  const { offDiagonal, rotation, blocks } = options;
  if (typeof offDiagonal === 'object') checkPerReplica('offDiagonal', offDiagonal, replicas);
  const switches = [offDiagonal ?? true].flat();
  if (switches.some((each) => typeof each !== 'boolean')) throw new InputError('offDiagonal takes true or false');
  const seeds = [rotation ?? 0].flat().filter((each) => typeof each === 'number');
  checkSeeds(seeds, seeds.length);
  const wrong = blocks?.flat().find((latent) => !Number.isInteger(latent));
  if (wrong !== undefined) throw new InputError(`blocks name latents by whole numbers, not ${wrong}`);
  return make(latents, replicas, options);
}
