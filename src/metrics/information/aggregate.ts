// What each latent of the aggregated posterior knows about the data: I_i by quadrature; C_i and R_i by Monte Carlo whose
// inner sums run over all components, so they are unbiased; S_i and TC(z|x) in closed form. The bridge identity
// C_i - I_i = S_i - R_i then ties four numbers that were computed in three ways: its residual checks them all.

import type { Executor } from '../../engine';
import { normalAt } from '../../engine/random/normal';
import { information, logDensityAt, marginalGrid } from './mixture1d';
import { type MixtureDensities, mixtureLogDensities } from './mixtureDensity';
import { type Component, conditionalTotalCorrelation, synergy } from './posterior';

/** A number that was estimated from samples, with its standard error. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

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
  /** (C_i - I_i) - (S_i - R_i): 0 but for the sampling error of the Monte Carlo terms. */
  readonly bridgeResidual: Estimate[];
  readonly conditionalTotalCorrelation: number;
  /** TC(z) of the aggregated posterior, and I(z; x) of all latents together. */
  readonly totalCorrelation: Estimate;
  readonly jointInformation: Estimate;
}

export interface AggregateOptions {
  /** Samples drawn from every component. */
  readonly samplesPerComponent: number;
  readonly seed: number;
}

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** The stream of the samples. */
const PURPOSE = 2000;
/** Mixtures in one program: bounds its memory and the time of one dispatch. */
const MIXTURES_AT_ONCE = 4;

/**
 * The information of several aggregated posteriors (such as the replicas of a population), each given by its components;
 * all must have equally many components and latents. Throws InputError for more than 12 latents.
 */
export async function aggregateInformation(
  executor: Executor,
  mixtures: readonly (readonly Component[])[],
  options: AggregateOptions,
  onProgress: (share: number) => void = () => undefined,
): Promise<AggregateInformation[]> {
  const results: AggregateInformation[] = [];
  for (let first = 0; first < mixtures.length; first += MIXTURES_AT_ONCE) {
    const group = mixtures.slice(first, first + MIXTURES_AT_ONCE);
    const points = group.map((components) => samplesOf(components, options));
    const densities = mixtureLogDensities(group, points);
    using program = await executor.compile({ outputs: { densities: densities.tensor } });
    await program.run();
    const values = await program.read('densities');
    const each = values.length / group.length;
    for (const [m, components] of group.entries()) {
      results.push(summarise(components, points[m], values.subarray(m * each, (m + 1) * each), densities));
    }
    onProgress(results.length / mixtures.length);
  }
  return results;
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
  densities: Float32Array,
  { blocks, latents }: MixtureDensities,
): AggregateInformation {
  const width = 4 * (blocks + 1);
  const count = points.length / latents;
  const samplesPerComponent = count / components.length;
  const marginals = Array.from({ length: latents }, (_, i) => marginalGrid(components, i));
  const conditional = marginals.map(() => new Moments());
  const redundant = marginals.map(() => new Moments());
  const bridge = marginals.map(() => new Moments());
  const correlation = new Moments();
  const joint = new Moments();
  const constant = latents * HALF_LOG_2PI + Math.log(components.length);
  for (let s = 0; s < count; s++) {
    const { mean, precision, logDeterminant } = components[Math.floor(s / samplesPerComponent)];
    const away = mean.map((m, i) => points[s * latents + i] - m);
    const whole = densities[s * width] - constant;
    let apart = 0;
    let square = 0;
    for (let i = 0; i < latents; i++) {
      // ln q(z_i | z_-i): the mixture's whole density over its density without coordinate i.
      const givenRest = densities[s * width] - densities[s * width + 4 + i] - HALF_LOG_2PI;
      const alone = logDensityAt(marginals[i], points[s * latents + i]);
      // ln q(z_i | z_-i, x): the conditional of the sample's own component.
      const pull = precision[i].reduce((total, value, j) => total + value * away[j], 0);
      const givenBoth = 0.5 * (Math.log(precision[i][i]) - pull ** 2 / precision[i][i]) - HALF_LOG_2PI;
      conditional[i].add(givenBoth - givenRest);
      redundant[i].add(givenRest - alone);
      // What is left of the residual once the exact terms are taken out: local C_i + local R_i.
      bridge[i].add(givenBoth - alone);
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
  return {
    information: exactInformation,
    conditionalInformation,
    redundancy,
    synergy: exactSynergy,
    gap,
    bridgeResidual: gap.map((value, i) => ({
      value: value - (exactSynergy[i] - redundancy[i].value),
      standardError: bridge[i].estimate().standardError,
    })),
    conditionalTotalCorrelation: conditionalTotalCorrelation(components),
    totalCorrelation: correlation.estimate(),
    jointInformation: joint.estimate(),
  };
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
