// One-dimensional Gaussian mixtures by quadrature, in f64: the entropy of a mixture, and from it the two quantities of the
// aggregated posterior that are one-dimensional: I_i and the pointwise M_i(c).
//
// The trapezoid rule on a smooth density that decays at both ends converges faster than any power of the step; at an
// eighth of the narrowest component's standard deviation, interpolation between nodes is accurate to about 1e-6 as well.

import { InputError } from '../../engine';
import { average, type Component } from './posterior';

const LOG_2PI_E = Math.log(2 * Math.PI) + 1;
/** Nodes to a standard deviation of the narrowest component; deviations at which components are cut off (9: 1e-18 of the peak). */
export interface Resolution {
  readonly stepsPerDeviation: number;
  readonly reach: number;
}

const FINE: Resolution = { stepsPerDeviation: 8, reach: 9 };
/** For entropies alone: about 1e-9, at a third of the cost. */
export const COARSE: Resolution = { stepsPerDeviation: 4, reach: 7 };
const MAX_NODES = 2_000_000;

/** The density of a mixture on a grid fine enough for quadrature and interpolation. */
export interface DensityGrid {
  readonly low: number;
  readonly step: number;
  readonly density: Float64Array;
}

/**
 * The density of sum_n w_n N(mean_n, deviation_n^2), weights summing to 1. Throws InputError when the narrowest component
 * is too narrow for the range of the means to be resolved.
 */
export function densityGrid(
  weights: Float64Array,
  means: Float64Array,
  deviations: Float64Array,
  { stepsPerDeviation, reach }: Resolution = FINE,
): DensityGrid {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let narrowest = Number.POSITIVE_INFINITY;
  for (let n = 0; n < means.length; n++) {
    if (weights[n] < 1e-30) continue;
    low = Math.min(low, means[n] - reach * deviations[n]);
    high = Math.max(high, means[n] + reach * deviations[n]);
    narrowest = Math.min(narrowest, deviations[n]);
  }
  const step = narrowest / stepsPerDeviation;
  const nodes = Math.ceil((high - low) / step) + 1;
  if (!(nodes < MAX_NODES)) {
    throw new InputError(`mixture: standard deviation ${narrowest} is too small for means spread over ${high - low}`);
  }
  const density = new Float64Array(nodes);
  for (let n = 0; n < means.length; n++) {
    if (weights[n] < 1e-30) continue;
    const scale = weights[n] / (deviations[n] * Math.sqrt(2 * Math.PI));
    const first = Math.max(0, Math.ceil((means[n] - reach * deviations[n] - low) / step));
    const last = Math.min(nodes - 1, Math.floor((means[n] + reach * deviations[n] - low) / step));
    for (let node = first; node <= last; node++) {
      const t = (low + node * step - means[n]) / deviations[n];
      density[node] += scale * Math.exp(-0.5 * t * t);
    }
  }
  return { low, step, density };
}

/** Densities that a grid of latent i, given the others, evaluates about. */
export function gridWork(
  components: readonly Component[],
  i: number,
  { stepsPerDeviation, reach }: Resolution,
): number {
  let [narrowest, total] = [Number.POSITIVE_INFINITY, 0];
  for (const { precision } of components) {
    const deviation = 1 / Math.sqrt(precision[i][i]);
    narrowest = Math.min(narrowest, deviation);
    total += deviation;
  }
  return (2 * reach * stepsPerDeviation * total) / narrowest;
}

/** Differential entropy, nats, by the trapezoid rule. */
export function entropyOf({ density, step }: DensityGrid): number {
  let entropy = 0;
  for (const p of density) if (p > 0) entropy -= p * Math.log(p);
  return entropy * step;
}

/** ln of the density at z, by cubic interpolation of the logarithms at the four nearest nodes. */
export function logDensityAt({ low, step, density }: DensityGrid, z: number): number {
  const place = (z - low) / step;
  const node = Math.min(density.length - 3, Math.max(1, Math.floor(place)));
  const t = place - node;
  const at = (shift: number) => Math.log(Math.max(density[node + shift], Number.MIN_VALUE));
  return (
    (-at(-1) * t * (t - 1) * (t - 2)) / 6 +
    (at(0) * (t + 1) * (t - 1) * (t - 2)) / 2 -
    (at(1) * (t + 1) * t * (t - 2)) / 2 +
    (at(2) * (t + 1) * t * (t - 1)) / 6
  );
}

/** I(n; z) of a one-dimensional mixture: its entropy less the mean entropy of its components, nats. */
export function mixtureInformation(
  weights: Float64Array,
  means: Float64Array,
  deviations: Float64Array,
  resolution?: Resolution,
): number {
  let within = 0;
  for (let n = 0; n < means.length; n++) within += weights[n] * (0.5 * LOG_2PI_E + Math.log(deviations[n]));
  return entropyOf(densityGrid(weights, means, deviations, resolution)) - within;
}

/** The density of latent i of the aggregated posterior. */
export function marginalGrid(components: readonly Component[], i: number): DensityGrid {
  return densityGrid(
    new Float64Array(components.length).fill(1 / components.length),
    Float64Array.from(components, ({ mean }) => mean[i]),
    Float64Array.from(components, ({ covariance }) => Math.sqrt(covariance[i][i])),
  );
}

/** I_i = I(z_i; x) of the aggregated posterior, nats, to quadrature accuracy; `marginal` saves work where it is known. */
export function information(
  components: readonly Component[],
  i: number,
  marginal = marginalGrid(components, i),
): number {
  const within = average(components, ({ covariance }) => 0.5 * (LOG_2PI_E + Math.log(covariance[i][i])));
  return entropyOf(marginal) - within;
}

/** Information of a latent at one value, nats. */
export interface Pointwise {
  /** M_i(c), nats. */
  readonly nats: number;
  /** 1 / sum of squared weights: how many components stand behind the value. Distrust M near the log of it. */
  readonly effectiveSamples: number;
}

/** z_i given z_-i = c: a one-dimensional mixture, with the components' weights, means and deviations there. */
export interface Conditionals {
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** 1 / sum of squared weights. */
  readonly effectiveSamples: number;
}

/** Conditionals N(m_n(c), s_n^2) with weights proportional to N(c; mean_n,-i, Sigma_n,-i,-i). `c` lists z_-i in order. */
export function conditionalsAt(components: readonly Component[], i: number, c: readonly number[]): Conditionals {
  const logWeights = new Float64Array(components.length);
  const means = new Float64Array(components.length);
  const deviations = new Float64Array(components.length);
  const latents = components[0].mean.length;
  const away = new Float64Array(latents);
  for (const [n, { mean, precision, logDeterminant }] of components.entries()) {
    for (let j = 0; j < latents; j++) away[j] = j === i ? 0 : c[j < i ? j : j - 1] - mean[j];
    // With own coordinate at its mean: precision times the difference gives both the conditional mean and the density.
    const own = precision[i][i];
    let square = 0;
    let ownPull = 0;
    for (let j = 0; j < latents; j++) {
      const row = precision[j];
      let pull = 0;
      for (let k = 0; k < latents; k++) pull += row[k] * away[k];
      square += pull * away[j];
      if (j === i) ownPull = pull;
    }
    square -= ownPull ** 2 / own;
    logWeights[n] = -0.5 * (square + logDeterminant + Math.log(own));
    means[n] = mean[i] - ownPull / own;
    deviations[n] = 1 / Math.sqrt(own);
  }
  const largest = logWeights.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = logWeights.map((value) => Math.exp(value - largest));
  const total = weights.reduce((a, b) => a + b, 0);
  for (let n = 0; n < weights.length; n++) weights[n] /= total;
  const squares = weights.reduce((sum, w) => sum + w * w, 0);
  return { weights, means, deviations, effectiveSamples: 1 / squares };
}

/** M_i(c) = I(z_i; x | z_-i = c) over all components. `c` lists z_-i in order. */
export function pointwiseInformation(
  components: readonly Component[],
  i: number,
  c: readonly number[],
  resolution?: Resolution,
): Pointwise {
  const { weights, means, deviations, effectiveSamples } = conditionalsAt(components, i, c);
  return { nats: mixtureInformation(weights, means, deviations, resolution), effectiveSamples };
}
