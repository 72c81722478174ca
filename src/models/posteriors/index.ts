// The families of posteriors, by name.

import { InputError } from '../../engine';
import type { PerReplica } from '../objective';
import { correlated, equicorrelation } from './correlated';
import { constantCholesky, factorized } from './factorized';
import { block, full } from './full';
import { lowRank } from './lowRank';
import type { Posterior } from './posterior';
import { rotated } from './rotated';
import { type Matrix, randomRotation } from './smallMatrix';

export type { Posterior } from './posterior';
export { randomRotation } from './smallMatrix';
export { block, constantCholesky, correlated, equicorrelation, factorized, full, lowRank, rotated };

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
function matricesOf(setting: PerReplica | Matrix, matrixOf: (value: number) => number[][]): readonly Matrix[] {
  if (typeof setting === 'number') return [matrixOf(setting)];
  return isMatrix(setting) ? [setting] : setting.map(matrixOf);
}

const isMatrix = (setting: readonly number[] | Matrix): setting is Matrix => typeof setting[0] !== 'number';

export const posteriors: Readonly<
  Record<string, (latents: number, replicas: number, options: PosteriorOptions) => Posterior>
> = {
  factorized,
  full: (latents, replicas, { offDiagonal = true }) =>
    full(latents, typeof offDiagonal === 'boolean' ? new Array<boolean>(replicas).fill(offDiagonal) : offDiagonal),
  correlated: (latents, replicas, { correlation = 0.5 }) =>
    correlated(
      latents,
      replicas,
      matricesOf(correlation, (rho) => equicorrelation(latents, rho)),
    ),
  rotated: (latents, replicas, { rotation = 0 }) =>
    rotated(
      latents,
      replicas,
      matricesOf(rotation, (seed) => randomRotation(latents, seed)),
    ),
  block: (latents, replicas, { blocks = pairs(latents) }) => block(latents, replicas, blocks),
  lowRank: (latents, replicas, { rank = 1 }) => lowRank(latents, replicas, rank),
  constantCholesky,
};

/** A family by its name. Throws InputError, with the names there are. */
export function posteriorNamed(
  name: string,
  latents: number,
  replicas: number,
  options: PosteriorOptions = {},
): Posterior {
  if (!Object.hasOwn(posteriors, name))
    throw new InputError(`there is no posterior ${name}; there are ${Object.keys(posteriors).join(', ')}`);
  return posteriors[name](latents, replicas, options);
}
