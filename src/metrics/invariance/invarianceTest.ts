// Does the information between a latent and the data depend on the values of the other latents? The joint is the encoder's:
// x is an example, z ~ q(z | x). Values c of the other latents are drawn from the aggregated posterior; each is a stratum
// of independent local values whose mean is M_i(c). A test asks whether the means are equal; an interval says how much they
// differ. A test that does not reject shows nothing: only an interval inside the margin is evidence for invariance.

import { InputError } from '../../engine';
import { refuseUnknown } from '../../engine/options';
import { Draw } from '../information/draw';
import { information } from '../information/mixture1d';
import type { Component } from '../information/posterior';
import { type GroupSummary, holm, permutationPValue, power, spreadOf, summarise, welch } from './anova';
import { drawPoint, type Stratum, stratumAt } from './strata';
import { isInside, VARIATION_NEEDS, VARIATION_STRATA, variationOf } from './variation';

/** Shown invariant, found to vary, or neither. */
export type Verdict = 'invariant (equivalence shown)' | 'not invariant' | 'inconclusive';

/** Of the invariance test: which latents, the margin, and how much is drawn. */
export interface InvarianceOptions {
  /** Latents to test; all by default. */
  readonly latents?: readonly number[];
  /** How much M_i(c) may vary (its standard deviation over c) and still be called invariant, nats. */
  readonly margin?: number;
  readonly strata?: number;
  /** Local values of a stratum. */
  readonly samples?: number;
  readonly permutations?: number;
  readonly seed?: number;
  /** Called with the share that is done, 0 ... 1. */
  readonly onProgress?: (share: number) => void;
}

/** M(c) at one value of the others, with its standard error, nats. */
export interface PointwiseEstimate {
  readonly c: readonly number[];
  /** M_i(c). */
  readonly nats: number;
  readonly standardError: number;
  readonly effectiveSamples: number;
  /** The estimate without each draw's own example less the one with it: what the number of examples leaves open. */
  readonly sandwich: number;
}

/** What the test says of one latent. */
export interface LatentInvariance {
  readonly index: number;
  readonly pointwise: readonly PointwiseEstimate[];
  /** Strata that were drawn and refused, since too few examples stand behind them. */
  readonly refused: number;
  /** Of equal M_i(c), Welch, and by studentised permutation; adjusted over latents (Holm). */
  readonly pValue: number;
  readonly permutationPValue: number;
  readonly adjustedPValue: number;
  /**
   * The standard deviation of M_i(c) over c, nats, in the population that the examples were drawn from, with its 95 %
   * interval: see `variationOf`.
   */
  readonly tau: { readonly value: number; readonly interval: readonly [number, number] };
  /** Values of the other latents that tau speaks of, out of those drawn: behind the others stand too few examples. */
  readonly scope: { readonly strata: number; readonly drawn: number; readonly needed: number };
  /** The largest |M_i(c) - I_i| over the strata: the pointwise reading. */
  readonly largestDeparture: number;
  /** The chance to see a tau as large as the margin with these strata. */
  readonly power: number;
  readonly verdict: Verdict;
  /** Why the verdict is not stronger, where there is a reason besides chance. */
  readonly reason?: string;
}

const PURPOSE = 3000;
const LEVEL = 0.05;
/** Draws of c for every stratum wanted, before latents are given up. */
const PATIENCE = 20;

/** Examples that must stand behind a stratum: with fewer the estimate is bounded by their number (estimated lower and upper). */
export const enoughSamples = (nats: number): number => Math.max(100, 30 * Math.exp(nats));

/** Tests each latent. Throws InputError for options that make no sense. */
export function invarianceTest(components: readonly Component[], options: InvarianceOptions = {}): LatentInvariance[] {
  refuseUnknown<InvarianceOptions>('invarianceTest', options, {
    latents: true,
    margin: true,
    strata: true,
    samples: true,
    permutations: true,
    seed: true,
    onProgress: true,
  });
  const { margin = 0.05, strata = 16, samples = 1024, permutations = 199, seed = 0 } = options;
  const count = components[0].mean.length;
  const latents = options.latents ?? Array.from({ length: count }, (_, i) => i);
  const bad = latents.find((i) => !Number.isInteger(i) || i < 0 || i >= count);
  if (bad !== undefined) throw new InputError(`there is no latent ${bad}: there are ${count}, from 0 on`);
  if (count < 2) throw new InputError('one latent alone has no others whose values could matter');
  if (!(margin > 0)) throw new InputError(`the margin is ${margin}; it must be above 0`);
  if (strata < 3 || samples < 32) throw new InputError('at least 3 strata of at least 32 samples are needed');

  const results = latents.map((i, at) => {
    const result = testLatent(components, i, { margin, strata, samples, permutations, seed, tests: latents.length });
    options.onProgress?.((at + 1) / latents.length);
    return result;
  });
  const adjusted = holm(results.map(({ pValue }) => pValue));
  return results.map((result, at) => {
    const { upper: _upper, lower: _lower, blur: _blur, ...reported } = result;
    return { ...reported, adjustedPValue: adjusted[at], verdict: verdictOf(result, adjusted[at], margin) };
  });
}

type Tested = Omit<LatentInvariance, 'adjustedPValue' | 'verdict'> & {
  /** Upper bound of tau, at a level shared among the latents. */
  readonly upper: number;
  /** Lower end of tau by Welch's strata alone, which the rejecting side was calibrated with. */
  readonly lower: number;
  /** The largest sandwich of a stratum: nothing smaller can be told apart with these examples. */
  readonly blur: number;
};

/** A difference smaller than what the number of examples leaves open is no evidence against invariance, however significant. */
function verdictOf({ upper, lower, blur, tau, scope }: Tested, pValue: number, margin: number): Verdict {
  const variation = { upper, strata: scope.strata, refused: scope.drawn - scope.strata };
  if (isInside(variation, margin) && blur < margin) return 'invariant (equivalence shown)';
  return pValue < LEVEL && Math.min(lower, tau.interval[0]) > blur ? 'not invariant' : 'inconclusive';
}

interface Settings {
  readonly margin: number;
  readonly strata: number;
  readonly samples: number;
  readonly permutations: number;
  readonly seed: number;
  /** Tests made at once: the equivalence bound is taken at 2.5 % / tests. */
  readonly tests: number;
}

function testLatent(components: readonly Component[], i: number, settings: Settings): Tested {
  const { strata: wanted, samples, seed } = settings;
  const whole = information(components, i);
  const needed = enoughSamples(whole);
  // A stream for every attempt, and one more, of this latent alone.
  const stream = PURPOSE + Math.max(1000, PATIENCE * wanted + 1) * i;
  const strata: Stratum[] = [];
  let refused = 0;
  for (let attempt = 0; strata.length < wanted && attempt < PATIENCE * wanted; attempt++) {
    const draw = new Draw(seed, stream + attempt);
    const c = drawPoint(components, draw).filter((_, j) => j !== i);
    const stratum = stratumAt(components, i, c, samples, draw);
    if (stratum.effectiveSamples >= needed) strata.push(stratum);
    else refused++;
  }
  const pointwise = strata.map((stratum) => {
    const { c, effectiveSamples, leaveOneOut } = stratum;
    const { n, mean, variance } = summaryOf(stratum);
    return { c, nats: mean, standardError: Math.sqrt(variance / n), effectiveSamples, sandwich: leaveOneOut - mean };
  });
  const scattered = new Draw(seed, stream + PATIENCE * wanted);
  const enough = VARIATION_NEEDS * needed;
  const variation = variationOf(
    components,
    i,
    { strata: VARIATION_STRATA, needed: enough, tests: settings.tests },
    scattered,
  );
  const base = {
    index: i,
    pointwise,
    refused,
    tau: { value: variation.value, interval: variation.interval },
    scope: { strata: variation.strata, drawn: VARIATION_STRATA, needed: enough },
    upper: variation.upper,
  };
  if (strata.length < 3) {
    const reason = `at ${strata.length} of ${refused + strata.length} values of the other latents enough examples (${needed.toFixed(0)}) stand behind M_${i}(c); condition on fewer latents or use more examples`;
    return {
      ...base,
      pValue: 1,
      permutationPValue: 1,
      largestDeparture: Number.NaN,
      power: Number.NaN,
      lower: 0,
      blur: Number.POSITIVE_INFINITY,
      reason,
    };
  }
  return { ...base, ...compareStrata(strata, whole, settings) };
}

/**
 * A stratum's mean and the variance behind it. Besides the draws, the examples themselves are a sample: were others drawn,
 * M_i(c) would be another. To first order its variance is sum of w_n^2 (KL(q_n | q) - M)^2, which is at most that of the
 * local values over the effective number of examples; the bound is what is added. Too large a variance is the safe side of a
 * rejection only: tau and its interval are `variationOf`'s.
 */
function summaryOf({ local, effectiveSamples }: Stratum): GroupSummary {
  const summary = summarise(local);
  return { ...summary, variance: summary.variance * (1 + summary.n / effectiveSamples) };
}

function compareStrata(strata: readonly Stratum[], whole: number, settings: Settings) {
  const groups = strata.map(({ local }) => local);
  const summaries = strata.map(summaryOf);
  const spread = spreadOf(summaries);
  const deviation = Math.sqrt(summaries.reduce((sum, { variance }) => sum + variance, 0) / summaries.length);
  const gaps = strata.map(({ leaveOneOut }, k) => leaveOneOut - summaries[k].mean);
  const wide = gaps.filter((gap) => gap > settings.margin).length;
  const reason =
    wide > 0
      ? `at ${wide} of ${strata.length} strata the estimates with and without a draw's own example differ by more than the margin: with more examples more could be said`
      : undefined;
  return {
    pValue: welch(summaries).pValue,
    permutationPValue: permutationPValue(groups, settings.permutations, new Draw(settings.seed, PURPOSE - 1)),
    largestDeparture: Math.max(...summaries.map(({ mean }) => Math.abs(mean - whole))),
    power: deviation > 0 ? power(strata.length, settings.samples, settings.margin / deviation) : 1,
    lower: spread.interval[0],
    blur: Math.max(...gaps),
    ...(reason === undefined ? {} : { reason }),
  };
}
