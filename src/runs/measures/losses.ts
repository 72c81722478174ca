// What the bound is made of, on the rows: -ln p(x|z) at one sample of each posterior, and the KL; nats an example.

import type { Executor } from '../../engine';
import type { TrainedReplica } from '../trained';

export interface LossesMeasure {
  /** null of models without a likelihood. */
  readonly reconstruction: number | null;
  readonly kl: number | null;
}

export const losses = (_: Executor, { losses: found }: TrainedReplica): LossesMeasure => ({
  reconstruction: found?.reconstruction ?? null,
  kl: found?.kl ?? null,
});
