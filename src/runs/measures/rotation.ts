// One rotation of all codes, found without labels: how much of TC(z|x) it removes, and the basis, for whoever looks at the codes in it.

import type { Executor } from '../../engine';
import { leastCoupled } from '../../metrics/information/rotation';
import type { TrainedReplica } from '../trained';

export interface RotationMeasure {
  /** Rows of Q'. */
  readonly basis: number[][];
  /** TC(z|x), nats: of the codes as they are, and what the rotation leaves of it. */
  readonly conditionalTc: number;
  readonly irremovable: number;
}

/** The search is worth doing once for all who ask. */
const found = new WeakMap<TrainedReplica, RotationMeasure>();

export function rotationOf(replica: TrainedReplica): RotationMeasure {
  const known = found.get(replica);
  if (known !== undefined) return known;
  const { basis, before, after } = leastCoupled(replica.components);
  const measure = { basis, conditionalTc: before, irremovable: after };
  found.set(replica, measure);
  return measure;
}

export const rotation = (_: Executor, replica: TrainedReplica): RotationMeasure => rotationOf(replica);
