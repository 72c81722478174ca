// The turning curves of a replica: its codes from the least coupled basis to its own and to two random ones, with MIG of means, sums of I
// and S, and TC(z|x) at every point (metrics/information/turning).

import type { Executor } from '../../engine';
import { identityMatrix } from '../../math/matrix';
import { mig } from '../../metrics/disentanglement/scores/mig';
import { marginalsIn } from '../../metrics/information/rotation';
import { turningCurve } from '../../metrics/information/turning';
import { randomRotation } from '../../models';
import type { TrainedReplica } from '../trained';
import { rotationOf } from './rotation';
import { migRows } from './scores';

export interface TurningMeasure {
  /** To the model's own basis, and to random ones. */
  readonly ways: readonly {
    readonly to: 'own' | 'random';
    /** Radians. */
    readonly turn: number;
    readonly points: readonly {
      readonly t: number;
      readonly mig: number;
      readonly information: number;
      readonly synergy: number;
      readonly conditionalTc: number;
    }[];
  }[];
}

/** Powers of two. */
const POINTS = { own: 8, random: 4 };
const RANDOM_WAYS = 2;

export function turning(_: Executor, replica: TrainedReplica): TurningMeasure | null {
  const { components, factors, latents } = replica;
  if (factors.length === 0 || latents < 2) return null;
  const { basis: from } = rotationOf(replica);
  const rows = migRows(factors);
  const drawn = (columns: readonly Float64Array[]) =>
    columns.map((values) => Float64Array.from(rows, (row) => values[row]));
  const known = drawn(factors);
  const way = (to: 'own' | 'random', basis: readonly (readonly number[])[]) => {
    const { turn, points } = turningCurve(components, from, basis, POINTS[to]);
    return {
      to,
      turn,
      points: points.map(({ basis: at, ...point }) => ({
        ...point,
        mig: mig(drawn(marginalsIn(components, at).means), known).score,
      })),
    };
  };
  const random = Array.from({ length: RANDOM_WAYS }, (_way, seed) => way('random', randomRotation(latents, seed)));
  return { ways: [way('own', identityMatrix(latents)), ...random] };
}
