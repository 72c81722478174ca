// Is what a latent knows invariant to the values of the others (INV-1)? The test's verdict for every latent, and M_i(c) at the values c of
// the others that it looked at.

import type { Executor } from '../../engine';
import { invarianceTest, type Verdict } from '../../metrics/invariance/invarianceTest';
import type { TrainedReplica } from '../trained';

export interface InvarianceMeasure {
  readonly latents: readonly {
    readonly index: number;
    readonly verdict: Verdict;
    readonly pValue: number;
    /** The standard deviation of M_i(c) over c, nats, and its 95 % interval; null where nothing can be said. */
    readonly tau: number | null;
    readonly interval: readonly [number, number] | null;
    readonly power: number | null;
    /** Nats at values of the other latents. */
    readonly pointwise: readonly { readonly nats: number; readonly standardError: number }[];
  }[];
}

export function invariance(_: Executor, { components, complete }: TrainedReplica): InvarianceMeasure | null {
  if (!complete) return null;
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    latents: invarianceTest(components, { seed: 0 }).map((test) => ({
      index: test.index,
      verdict: test.verdict,
      pValue: test.adjustedPValue,
      tau: known(test.tau.value),
      interval: Number.isFinite(test.tau.value) ? test.tau.interval : null,
      power: known(test.power),
      pointwise: test.pointwise.map(({ nats, standardError }) => ({ nats, standardError })),
    })),
  };
}
