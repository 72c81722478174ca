// The objectives of VAEs, by name.

import { InputError } from '../../engine';
import { refuseUnread } from '../../engine/options';
import type { Objective, PerReplica } from '../objective';
import type { Vae } from '../vae';
import { annealedVae } from './annealedVae';
import { betaTcVae, type Sampling } from './betaTcVae';
import { autoencoder, betaVae } from './betaVae';
import { dipVaeI, dipVaeII } from './dipVae';
import { factorVae } from './factorVae';
import { infoVae } from './infoVae';

export type { Sampling } from './betaTcVae';
export type { DipOptions } from './dipVae';
export type { FactorVaeOptions } from './factorVae';
export { annealedVae, autoencoder, betaTcVae, betaVae, dipVaeI, dipVaeII, factorVae, infoVae };

/** What an objective may be told, as a configuration file says it; each reads its own. Numbers may differ by replica. */
export interface ObjectiveOptions {
  /** betaVae, betaTcVae: 4 by default. */
  readonly beta?: PerReplica;
  /** annealedVae: nats at the end, 25 by default, over this many steps. */
  readonly capacity?: PerReplica;
  readonly capacitySteps?: number;
  /** annealedVae: 1000 by default; factorVae: 10. */
  readonly gamma?: PerReplica;
  /** dipVaeI and dipVaeII: weight off the diagonal, 10 by default, and on it. */
  readonly offDiagonal?: PerReplica;
  readonly diagonal?: PerReplica;
  /** infoVae: weights of the MMD, 1000 by default, and of the KL. */
  readonly mmd?: PerReplica;
  readonly kl?: PerReplica;
  /** betaTcVae. */
  readonly sampling?: Sampling;
  /** factorVae: the discriminator. */
  readonly layers?: number;
  readonly width?: number;
  readonly discriminatorRate?: PerReplica;
  /** All: lambda of TC(z given x), 0 by default. */
  readonly conditionalTc?: PerReplica;
}

/** An entry of the table: what it reads, and what it makes of that. */
export interface ObjectiveEntry {
  /** The options it reads. */
  readonly reads: readonly (keyof ObjectiveOptions)[];
  /** From its options. Throws InputError for numbers it does not take. */
  make(options: ObjectiveOptions): Objective<Vae>;
}

/** The objectives of VAEs by name, each with the options it reads. */
export const objectives: Readonly<Record<string, ObjectiveEntry>> = {
  betaVae: { reads: ['beta', 'conditionalTc'], make: ({ beta = 4, ...rest }) => betaVae({ beta, ...rest }) },
  annealedVae: {
    reads: ['capacity', 'capacitySteps', 'gamma', 'conditionalTc'],
    make: ({ capacity = 25, capacitySteps = 100_000, ...rest }) =>
      annealedVae({ capacity, steps: capacitySteps, ...rest }),
  },
  factorVae: {
    reads: ['gamma', 'layers', 'width', 'discriminatorRate', 'conditionalTc'],
    make: ({ gamma = 10, ...rest }) => factorVae({ gamma, ...rest }),
  },
  betaTcVae: {
    reads: ['beta', 'sampling', 'conditionalTc'],
    make: ({ beta = 4, ...rest }) => betaTcVae({ beta, ...rest }),
  },
  dipVaeI: {
    reads: ['offDiagonal', 'diagonal', 'conditionalTc'],
    make: ({ offDiagonal = 10, ...rest }) => dipVaeI({ offDiagonal, ...rest }),
  },
  dipVaeII: {
    reads: ['offDiagonal', 'diagonal', 'conditionalTc'],
    make: ({ offDiagonal = 10, ...rest }) => dipVaeII({ offDiagonal, ...rest }),
  },
  infoVae: { reads: ['mmd', 'kl', 'conditionalTc'], make: ({ mmd = 1000, ...rest }) => infoVae({ mmd, ...rest }) },
  autoencoder: { reads: [], make: autoencoder },
};

/** An objective by its name. Throws InputError for a name or an option that it does not know, with those there are. */
export function objectiveNamed(name: string, options: ObjectiveOptions = {}): Objective<Vae> {
  if (!Object.hasOwn(objectives, name))
    throw new InputError(`there is no objective ${name}; there are ${Object.keys(objectives).join(', ')}`);
  const { reads, make } = objectives[name];
  refuseUnread(`the objective ${name}`, options, reads);
  return make(options);
}
