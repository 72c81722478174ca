// I, C, R, S and the gap of every latent of the aggregated posterior, over all its components (method.md 3.2 and 3.7). A sample of the
// components would fake redundancy, so a model of a data set that is looked at in part has none.

import type { Executor } from '../../engine';
import { aggregateInformation, type Estimate } from '../../metrics/information/aggregate';
import type { TrainedReplica } from '../trained';

export interface InformationMeasure {
  /** By latent, nats. */
  readonly information: number[];
  readonly conditionalInformation: Estimate[];
  readonly redundancy: Estimate[];
  readonly synergy: number[];
  readonly gap: number[];
  /** The bridge identity's largest residual over latents, and the standard error it should have. */
  readonly bridge: Estimate;
  readonly totalCorrelation: Estimate;
  readonly conditionalTotalCorrelation: number;
  /** I(z; x) of all latents together. */
  readonly jointInformation: Estimate;
}

/** Evaluation draws its own streams: the seed of the reference protocol. */
const SEED = 0;

export async function information(
  executor: Executor,
  { components, complete }: TrainedReplica,
): Promise<InformationMeasure | null> {
  if (!complete) return null;
  const [found] = await aggregateInformation(executor, [components], { samplesPerComponent: 1, seed: SEED });
  const { bridgeResidual, ...rest } = found;
  return {
    ...rest,
    bridge: bridgeResidual.reduce((a, b) => (Math.abs(b.value) > Math.abs(a.value) ? b : a)),
  };
}
