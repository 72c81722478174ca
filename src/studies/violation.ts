// Is the violation of invariance the one that theory predicts? By the bridge identity the gap C_i - I_i is S_i - R_i: -R_i of a factorized posterior,
// and exactly S_i where the latents are independent (method.md 3.2, 3.3). And what the test of INV-1 says of M_i(c), latent by latent.

import { meanOf } from '../math/statistics';
import type { Verdict } from '../metrics/invariance/invarianceTest';
import type { ModelRecord } from '../runs/record';

export interface Violation {
  readonly models: number;
  /** Means over models of sums over latents, nats: the gap, and what it is made of. */
  readonly gap: number;
  readonly redundancy: number;
  readonly synergy: number;
  /**
   * The root mean square over models of the bridge's worst residual of all latents in its own standard errors: about 1 where the prediction
   * holds, far more where a density is wrong.
   */
  readonly residual: number;
  /** Latents shown invariant, shown not to be, and in all; mean tau, the standard deviation of M_i(c) over c, nats, where it is known. */
  readonly invariant: number;
  readonly violated: number;
  readonly latents: number;
  readonly tau: number;
}

/** Null where the models were not looked at for this. */
export function violationOf(records: readonly ModelRecord[]): Violation | null {
  const found = records.flatMap(({ measures: { information, invariance } }) =>
    information && invariance ? [{ information, tests: invariance.latents }] : [],
  );
  if (found.length === 0) return null;
  // A record has null for what is not a number, which adds like 0.
  const sum = (values: readonly number[]) =>
    values.every(Number.isFinite) ? values.reduce((a, b) => a + b, 0) : Number.NaN;
  const tests = found.flatMap(({ tests: each }) => each);
  const count = (verdict: Verdict) => tests.filter((test) => test.verdict === verdict).length;
  const taus = tests.flatMap(({ tau }) => (tau === null ? [] : [tau]));
  return {
    models: found.length,
    gap: meanOf(found.map(({ information }) => sum(information.gap))),
    redundancy: meanOf(found.map(({ information }) => sum(information.redundancy.map(({ value }) => value)))),
    synergy: meanOf(found.map(({ information }) => sum(information.synergy))),
    residual: Math.sqrt(meanOf(found.map(({ information: { bridge } }) => (bridge.value / bridge.standardError) ** 2))),
    invariant: count('invariant (equivalence shown)'),
    violated: count('not invariant'),
    latents: tests.length,
    tau: taus.length === 0 ? Number.NaN : meanOf(taus),
  };
}
