// What each latent of the aggregated posterior knows about the data: I_i by quadrature; C_i and R_i by Monte Carlo whose
// inner sums run over all components, so they are unbiased; S_i and TC(z|x) in closed form.
//
// The bridge identity C_i - I_i = S_i - R_i ties them together, but a residual of these four numbers cannot fail: ln q(z_i |
// z_-i), which the kernel computes, enters C_i and R_i with opposite signs. So the check takes C_i from elsewhere, as the mean
// of M_i(c) by quadrature over sampled c, where no density of the kernel appears.

import { type Executor, withProgram } from '../../engine';
import { refuseUnknown } from '../../engine/options';
import { normalAt } from '../../engine/random/normal';
import { dot } from '../../math/matrix';
import { COARSE, gridWork, information, logDensityAt, marginalGrid, pointwiseInformation } from './mixture1d';
import { densitiesInF64, MAX_LATENTS, type MixtureValues, mixtureLogDensities, valuesOf } from './mixtureDensity';
import { type Component, conditionalTotalCorrelation, synergy } from './posterior';

/** A number that was estimated from samples, with its standard error. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** Information of all latents of one mixture: I, C, R, S and their sums, each with its standard error, nats. */
export interface AggregateInformation {
  /** I_i = I(z_i; x), exact to quadrature accuracy, nats. */
  readonly information: number[];
  /** C_i = I(z_i; x | z_-i). */
  readonly conditionalInformation: Estimate[];
  /** R_i = I(z_i; z_-i). */
  readonly redundancy: Estimate[];
  /** S_i = I(z_i; z_-i | x), exact. */
  readonly synergy: number[];
  /** The gap C_i - I_i. */
  readonly gap: number[];
  /** (C_i - I_i) - (S_i - R_i) with C_i by quadrature at sampled c: 0 but for sampling error, unless something is wrong. */
  readonly bridgeResidual: Estimate[];
  readonly conditionalTotalCorrelation: number;
  /** TC(z) of the aggregated posterior, and I(z; x) of all latents together. */
  readonly totalCorrelation: Estimate;
  readonly jointInformation: Estimate;
}

/** How many samples, and from which seed. */
export interface AggregateOptions {
  /** Samples drawn from every component. */
  readonly samplesPerComponent: number;
  readonly seed: number;
}

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** Values of the other latents at which the check takes M_i(c): so many where a mixture is small, fewer where one is large. */
const CHECKS = { most: 128, least: 16, components: 2 ** 16, densities: 2e8, fewest: 4 };

/** The stream of the samples. */
const PURPOSE = 2000;
/** Mixtures in one program: bounds its memory and the time of one dispatch. */
const MIXTURES_AT_ONCE = 4;

/**
 * The information of several aggregated posteriors (such as the replicas of a population), each given by its components;
 * all must have equally many components and latents. Densities of up to 12 latents are the executor's, of more they are
 * computed here, in f64.
 */
export async function aggregateInformation(
  executor: Executor,
  mixtures: readonly (readonly Component[])[],
  options: AggregateOptions,
  onProgress: (share: number) => void = () => undefined,
): Promise<AggregateInformation[]> {
  refuseUnknown<AggregateOptions>('aggregateInformation', options, { samplesPerComponent: true, seed: true });
  const results: AggregateInformation[] = [];
  for (let first = 0; first < mixtures.length; first += MIXTURES_AT_ONCE) {
    const group = mixtures.slice(first, first + MIXTURES_AT_ONCE);
    const points = group.map((components) => samplesOf(components, options));
    const densities = await densitiesOf(executor, group, points);
    for (const [m, components] of group.entries()) results.push(summarise(components, points[m], densities[m]));
    onProgress(results.length / mixtures.length);
  }
  return results;
}

/** Log densities of each mixture's own points. */
async function densitiesOf(
  executor: Executor,
  group: readonly (readonly Component[])[],
  points: readonly Float32Array[],
): Promise<MixtureValues[]> {
  if (group[0][0].mean.length > MAX_LATENTS) return group.map((components, m) => densitiesInF64(components, points[m]));
  const { tensor, ...layout } = mixtureLogDensities(group, points);
  const values = await withProgram(executor, { outputs: { densities: tensor } }, async (program) => {
    await program.run();
    return program.read('densities');
  });
  const each = values.length / group.length;
  return group.map((_, m) => valuesOf(values.subarray(m * each, (m + 1) * each), layout));
}

/** Samples z = mean_n + L_n noise, component after component: [components * samplesPerComponent, latents]. */
export function samplesOf(
  components: readonly Component[],
  { samplesPerComponent, seed }: AggregateOptions,
): Float32Array {
  const latents = components[0].mean.length;
  const samples = new Float32Array(components.length * samplesPerComponent * latents);
  for (let row = 0; row < components.length * samplesPerComponent; row++) {
    const { mean, cholesky } = components[Math.floor(row / samplesPerComponent)];
    const noise = mean.map((_, j) => normalAt([seed, PURPOSE], row, latents, j, 0));
    for (let i = 0; i < latents; i++) {
      let z = mean[i];
      for (let j = 0; j <= i; j++) z += cholesky[i][j] * noise[j];
      samples[row * latents + i] = z;
    }
  }
  return samples;
}

function summarise(
  components: readonly Component[],
  points: Float32Array,
  densities: MixtureValues,
): AggregateInformation {
  const latents = components[0].mean.length;
  const count = points.length / latents;
  const samplesPerComponent = count / components.length;
  const marginals = Array.from({ length: latents }, (_, i) => marginalGrid(components, i));
  const conditional = marginals.map(() => new Moments());
  const redundant = marginals.map(() => new Moments());
  const correlation = new Moments();
  const joint = new Moments();
  for (let s = 0; s < count; s++) {
    const { mean, precision, logDeterminant } = components[Math.floor(s / samplesPerComponent)];
    const away = mean.map((m, i) => points[s * latents + i] - m);
    const whole = densities.whole[s];
    let apart = 0;
    let square = 0;
    for (let i = 0; i < latents; i++) {
      // ln q(z_i | z_-i): the mixture's whole density over its density without coordinate i.
      const givenRest = whole - densities.without[i][s];
      const alone = logDensityAt(marginals[i], points[s * latents + i]);
      // ln q(z_i | z_-i, x): the conditional of the sample's own component.
      const pull = dot(precision[i], away);
      const givenBoth = 0.5 * (Math.log(precision[i][i]) - pull ** 2 / precision[i][i]) - HALF_LOG_2PI;
      conditional[i].add(givenBoth - givenRest);
      redundant[i].add(givenRest - alone);
      apart += alone;
      square += pull * away[i];
    }
    correlation.add(whole - apart);
    joint.add(-0.5 * (square + logDeterminant) - latents * HALF_LOG_2PI - whole);
  }
  const exactInformation = marginals.map((marginal, i) => information(components, i, marginal));
  const exactSynergy = synergy(components);
  const conditionalInformation = conditional.map((each) => each.estimate());
  const redundancy = redundant.map((each) => each.estimate());
  const gap = conditionalInformation.map(({ value }, i) => value - exactInformation[i]);
  const byQuadrature = marginals.map((_, i) => conditionalByQuadrature(components, points, i));
  return {
    information: exactInformation,
    conditionalInformation,
    redundancy,
    synergy: exactSynergy,
    gap,
    bridgeResidual: byQuadrature.map((conditionalNats, i) => ({
      value: conditionalNats.value - exactInformation[i] - (exactSynergy[i] - redundancy[i].value),
      standardError: Math.hypot(conditionalNats.standardError, redundancy[i].standardError),
    })),
    conditionalTotalCorrelation: conditionalTotalCorrelation(components),
    totalCorrelation: correlation.estimate(),
    jointInformation: joint.estimate(),
  };
}

/** C_i as the mean of M_i(c), exact at each c = z_-i of samples spread over all components. */
function conditionalByQuadrature(components: readonly Component[], points: Float32Array, i: number): Estimate {
  const latents = components[0].mean.length;
  const count = points.length / latents;
  const { most, least, components: budget } = CHECKS;
  const affordable = Math.floor(CHECKS.densities / gridWork(components, i, COARSE));
  const wanted = Math.max(least, Math.min(most, Math.floor(budget / components.length)));
  const checks = Math.min(count, Math.max(CHECKS.fewest, Math.min(wanted, affordable)));
  const moments = new Moments();
  for (let check = 0; check < checks; check++) {
    const s = Math.floor(((check + 0.5) * count) / checks);
    const c = Array.from(points.subarray(s * latents, (s + 1) * latents)).filter((_, j) => j !== i);
    moments.add(pointwiseInformation(components, i, c, COARSE).nats);
  }
  return moments.estimate();
}

/** Mean and standard error. The samples are stratified by component, which can only make the true error smaller. */
class Moments {
  private count = 0;
  private total = 0;
  private squares = 0;

  add(value: number): void {
    this.count += 1;
    this.total += value;
    this.squares += value * value;
  }

  estimate(): Estimate {
    const value = this.total / this.count;
    const variance = (this.squares / this.count - value * value) / (this.count - 1);
    return { value, standardError: Math.sqrt(Math.max(0, variance)) };
  }
}
