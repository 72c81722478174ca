// The information and the invariance of one encoder's posteriors: what `unweave invariance` reports.

import type { Executor } from '../engine';
import { aggregateInformation, type Estimate } from '../metrics/information/aggregate';
import { MAX_LATENTS } from '../metrics/information/mixtureDensity';
import { componentsFromPacked } from '../metrics/information/posterior';
import { invarianceTest, type LatentInvariance, type Verdict } from '../metrics/invariance/invarianceTest';

/** How posteriors are packed: see `packGaussians`. */
export interface PackedSizes {
  readonly latents: number;
  readonly width: number;
}

export interface InvarianceSettings {
  readonly latents: readonly number[] | undefined;
  readonly margin: number;
  readonly seed: number;
}

/** What `unweave invariance` reports, as JSON: null where nothing can be said. */
export interface InvarianceReport {
  readonly latents: readonly {
    readonly index: number;
    readonly information: Estimate;
    readonly conditionalInformation: Estimate;
    readonly redundancy: Estimate;
    readonly synergy: Estimate;
    readonly gap: Estimate;
    readonly bridgeResidual: Estimate;
    readonly pointwise: readonly (Omit<LatentInvariance['pointwise'][number], 'sandwich'> & {
      readonly sandwich: number | null;
    })[];
    readonly scope: LatentInvariance['scope'];
    readonly refused: number;
    readonly pValue: number;
    readonly permutationPValue: number;
    readonly tau: { readonly value: number | null; readonly interval: readonly [number, number] | null };
    readonly largestDeparture: number | null;
    readonly power: number | null;
    readonly verdict: Verdict;
    readonly reason?: string;
  }[];
  readonly totalCorrelation: Estimate;
  readonly conditionalTotalCorrelation: Estimate;
  readonly jointInformation: Estimate;
}

const exact = (value: number): Estimate => ({ value, standardError: 0 });
const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
/** Points of the aggregated posterior that Monte Carlo terms are averaged over, about. */
const POINTS = 8192;
/** Pairs of a point and a component that are affordable where no kernel computes them. */
const PAIRS = 2 ** 21;

/** Information and invariance of packed posteriors [n, width]: see InvarianceReport. */
export async function invarianceReport(
  executor: Executor,
  rows: readonly number[],
  { latents, width }: PackedSizes,
  options: InvarianceSettings,
  progress: (stage: string, share: number) => void,
): Promise<InvarianceReport> {
  const components = componentsFromPacked(rows, latents, width);
  const points = latents > MAX_LATENTS ? Math.min(POINTS, PAIRS / components.length) : POINTS;
  const samplesPerComponent = Math.max(1, Math.min(16, Math.round(points / components.length)));
  progress('information', 0);
  const [whole] = await aggregateInformation(executor, [components], { samplesPerComponent, seed: options.seed });
  progress('invariance', 0.3);
  const tests = invarianceTest(components, {
    ...(options.latents === undefined ? {} : { latents: options.latents }),
    margin: options.margin,
    seed: options.seed,
    onProgress: (share) => progress('invariance', 0.3 + 0.7 * share),
  });
  return {
    latents: tests.map(({ index, tau, largestDeparture, power, adjustedPValue, ...test }) => ({
      index,
      information: exact(whole.information[index]),
      conditionalInformation: whole.conditionalInformation[index],
      redundancy: whole.redundancy[index],
      synergy: exact(whole.synergy[index]),
      gap: { value: whole.gap[index], standardError: whole.conditionalInformation[index].standardError },
      bridgeResidual: whole.bridgeResidual[index],
      pointwise: test.pointwise.map(({ sandwich, ...each }) => ({ ...each, sandwich: known(sandwich) })),
      scope: test.scope,
      refused: test.refused,
      pValue: adjustedPValue,
      permutationPValue: test.permutationPValue,
      tau: Number.isFinite(tau.value) ? tau : { value: null, interval: null },
      largestDeparture: known(largestDeparture),
      power: known(power),
      verdict: test.verdict,
      ...(test.reason === undefined ? {} : { reason: test.reason }),
    })),
    totalCorrelation: whole.totalCorrelation,
    conditionalTotalCorrelation: exact(whole.conditionalTotalCorrelation),
    jointInformation: whole.jointInformation,
  };
}
