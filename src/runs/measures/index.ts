// What can be measured of a trained replica, by name. A measure is a function of the replica alone, so it can be added to a record later.
// A change of what one computes is a change of its name, or of the records' format.

import type { Executor } from '../../engine';
import type { TrainedReplica } from '../trained';
import { honesty } from './honesty';
import { information } from './information';
import { losses } from './losses';
import { rotation } from './rotation';
import { scores } from './scores';
import { traversals } from './traversals';
import { turning } from './turning';

export type { HonestyMeasure } from './honesty';
export type { InformationMeasure } from './information';
export type { InvarianceMeasure } from './invariance';
export type { LossesMeasure } from './losses';
export type { RotationMeasure } from './rotation';
export type { ScoresIn, ScoresMeasure } from './scores';
export type { Picture, TraversalsMeasure } from './traversals';
export type { TurningMeasure } from './turning';

export const measures = {
  losses,
  scores,
  honesty,
  rotation,
  turning,
  information,
  // Loaded by who asks for them: they need much that no other does.
  ksg: async (executor: Executor, replica: TrainedReplica) => (await import('./ksg')).ksg(executor, replica),
  invariance: async (executor: Executor, replica: TrainedReplica) =>
    (await import('./invariance')).invariance(executor, replica),
  traversals,
} satisfies Record<string, (executor: Executor, replica: TrainedReplica) => unknown>;

/** Names of the measures. */
export type MeasureName = keyof typeof measures;
/** What was measured of a model, by name. */
export type Measures = { readonly [Name in MeasureName]: Awaited<ReturnType<(typeof measures)[Name]>> };
