// The proof that "invariant (equivalence shown)" can be believed: encoders whose tau is known exactly and lies just above the
// margin, so that every such verdict is an error; and how often tau's interval holds the truth.
//
// The encoder: latent 0 has mean sqrt(1 - s^2) u and deviation s, ln s = -1 + a f(b); latent 1 tells b by b + noise. Given b,
// latent 0 is N(0, 1) whatever s is, so M_0(c) = 1 - a E[f(b) | c] in closed form, and tau = |a| times the deviation over c
// of E[f(b) | c], which is a quadrature.
//
//   linear     f(b) = b: M_0 is a straight line in c
//   curved     f(b) = b^2: M_0 has a long tail where few examples are
//   crowded    a third latent with a narrow posterior: most values of the others have too few examples, and are refused

import { normalQuantile } from '../../math/normal';
import { varianceOf } from '../../math/statistics';
import type { Draw } from '../information/draw';
import { information } from '../information/mixture1d';
import { type Component, component } from '../information/posterior';
import { enoughSamples } from './invarianceTest';
import { isInside, VARIATION_NEEDS, VARIATION_STRATA, variationOf } from './variation';

interface Source {
  readonly f: (b: number) => number;
  /** Posterior deviation of the latent that tells b. */
  readonly blur: number;
  /** Posterior deviations of further latents, whose means are normal. */
  readonly others: readonly number[];
  readonly examples: number;
}

export const sources = {
  linear: { f: (b) => b, blur: 0.5, others: [], examples: 400 },
  curved: { f: (b) => b * b, blur: 0.5, others: [], examples: 800 },
  crowded: { f: (b) => Math.tanh(2 * b), blur: 0.3, others: [0.4], examples: 800 },
} as const satisfies Record<string, Source>;

/** Encoders of a known tau. */
export type SourceName = keyof typeof sources;
/** Encoders of a known tau, by name. */
export const sourceNames = Object.keys(sources) as SourceName[];

const BASE = -1;
const NODES = 1000;
const nodes = Array.from({ length: NODES }, (_, j) => normalQuantile((j + 0.5) / NODES));

/** The deviation over c of E[f(b) | c], b ~ N(0, 1), c = b + blur x noise. */
export function deviationOf({ f, blur }: Pick<Source, 'f' | 'blur'>): number {
  const variance = 1 + blur * blur;
  const given = nodes.map((node) => {
    const c = Math.sqrt(variance) * node;
    return nodes.reduce((sum, other) => sum + f(c / variance + (blur / Math.sqrt(variance)) * other), 0) / NODES;
  });
  return Math.sqrt(varianceOf(given));
}

/** Examples of an encoder whose latent 0 has exactly this tau over the values of the others. */
export function encoderOf(name: SourceName, tau: number, examples: number, draw: Draw): Component[] {
  const { f, blur, others }: Source = sources[name];
  const a = tau === 0 ? 0 : tau / deviationOf({ f, blur });
  const normal = (): number => normalQuantile(draw.uniform());
  return Array.from({ length: examples }, () => {
    const b = normal();
    const s = Math.exp(BASE + a * f(b));
    const mean = [Math.sqrt(Math.max(0, 1 - s * s)) * normal(), b, ...others.map(normal)];
    const deviations = [s, blur, ...others];
    return component(
      mean,
      deviations.map((d, i) => deviations.map((_, j) => (i === j ? d : 0))),
    );
  });
}

/** How often encoders of a known tau were called invariant. */
export interface EquivalenceResult {
  readonly source: SourceName;
  readonly examples: number;
  readonly tau: number;
  readonly runs: number;
  /** Share of runs called invariant, and the most that a calibrated verdict may have (99 %) where tau is above the margin. */
  readonly invariant: number;
  readonly most: number;
  /** Share of runs whose 95 % interval holds tau, lies below it, and above it. */
  readonly coverage: number;
  readonly below: number;
  readonly above: number;
  /** Share of the strata that were refused. */
  readonly refused: number;
}

/** What a calibrated verdict is allowed, and the quantile of the 99 % band. */
const ALLOWED = 0.025;
const Z99 = 2.5758293035489004;

/** How often encoders whose tau is known are called invariant. Throws InputError for a tau that the encoder cannot have. */
export function calibrateEquivalence(
  source: SourceName,
  tau: number,
  { runs, margin, examples = sources[source].examples }: { runs: number; margin: number; examples?: number },
  draw: Draw,
): EquivalenceResult {
  const seen = { invariant: 0, coverage: 0, below: 0, above: 0, refused: 0 };
  for (let run = 0; run < runs; run++) {
    const components = encoderOf(source, tau, examples, draw);
    const needed = VARIATION_NEEDS * enoughSamples(information(components, 0));
    const found = variationOf(components, 0, { strata: VARIATION_STRATA, needed, tests: 1 }, draw);
    const [low, high] = found.interval;
    if (isInside(found, margin)) seen.invariant += 1 / runs;
    if (high < tau) seen.below += 1 / runs;
    else if (low > tau) seen.above += 1 / runs;
    else seen.coverage += 1 / runs;
    seen.refused += found.refused / VARIATION_STRATA / runs;
  }
  const most = ALLOWED + Z99 * Math.sqrt((ALLOWED * (1 - ALLOWED)) / runs);
  return { source, examples, tau, runs, most, ...seen };
}
