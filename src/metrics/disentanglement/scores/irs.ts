// IRS, the interventional robustness score (Suter et al. 2019) as disentanglement_lib computes it: hold a factor, and see
// how far a latent still strays; 1 when some factor pins it down. Latents weigh by their largest deviation, so outliers set
// the scale, and latents of noise drag it down.

import { meanOf } from '../../../math/statistics';
import { type Columns, checkColumns, varies } from '../columns';
import { equalWidthBins } from '../discrete';

const published = {
  /** The share of deviations within a group that counts as the largest. */
  quantile: 0.99,
  /** Factors are binned as codes are elsewhere. */
  bins: 20,
  latents: 'all that vary',
} as const;

/** Interventional robustness (Suter et al. 2019), by latent and in the mean. */
export interface Irs {
  /** The mean over latents that vary, weighed by their largest deviation; 0 where none varies. */
  readonly score: number;
  /** For every latent: its robustness and the factor that pins it down best, or null where it is constant. */
  readonly perLatent: ({ readonly robustness: number; readonly factor: number; readonly weight: number } | null)[];
  readonly constants: typeof published;
}

/**
 * IRS of codes [latent][sample] for factors [factor][sample], whole numbers, over all rows. Throws InputError for columns
 * that do not fit.
 */
export function irs(codes: Columns, factors: Columns): Irs {
  checkColumns('irs', codes, factors);
  const binned = factors.map((factor) => equalWidthBins(factor, published.bins));
  const perLatent = codes.map((code) => {
    if (!varies(code)) return null;
    const mean = meanOf(code);
    let weight = 0;
    for (let n = 0; n < code.length; n++) weight = Math.max(weight, Math.abs(code[n] - mean));
    const robustness = binned.map((factor) => 1 - strayed(code, factor) / weight);
    const best = Math.max(...robustness);
    return { robustness: best, factor: robustness.indexOf(best), weight };
  });
  const varying = perLatent.filter((each) => each !== null);
  const total = varying.reduce((sum, { weight }) => sum + weight, 0);
  const weighed = varying.reduce((sum, { weight, robustness }) => sum + weight * robustness, 0);
  return { score: total > 0 ? weighed / total : 0, perLatent, constants: published };
}

/** How far the latent strays from its mean while the factor is held: the upper quantile, averaged over its values. */
function strayed(code: ArrayLike<number>, factor: Uint32Array): number {
  const groups: number[][] = Array.from({ length: published.bins }, () => []);
  for (let n = 0; n < code.length; n++) groups[factor[n]].push(code[n]);
  const found = groups.filter((group) => group.length > 0);
  const spread = found.map((group) => {
    const mean = meanOf(group);
    return quantile(
      Float64Array.from(group, (value) => Math.abs(value - mean)),
      published.quantile,
    );
  });
  return meanOf(spread);
}

/** The quantile of values, in between by straight lines as numpy does. */
export function quantile(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
