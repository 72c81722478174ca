// What a scene of the theory lab is: a small world with two latents in which everything is known. It gives its exact information, samples for an estimator
// that knows nothing of how they came about, and, where it is a mixture, the components that the test of invariance looks at.

import type { Matrix } from '../../math/matrix';
import { normalQuantile } from '../../math/normal';
import type { Draw } from '../../metrics/information/draw';
import type { Variable } from '../../metrics/information/estimate';
import type { Component } from '../../metrics/information/posterior';

export interface Slider {
  readonly key: string;
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly value: number;
}

export type Values = Readonly<Record<string, number>>;

/** Nats; of both latents where there are two numbers. `R` is found on a way of its own, so that T1 can fail. */
export interface Exact {
  readonly I: readonly [number, number];
  readonly C: readonly [number, number];
  readonly R: number;
  readonly S: number;
  /** M_1(c) at values c of latent 2. */
  readonly pointwise: readonly { readonly c: number; readonly nats: number }[];
}

export interface Samples {
  readonly x: Variable;
  readonly z: readonly [Variable, Variable];
}

export interface Scene {
  readonly title: string;
  readonly about: string;
  readonly formula: string;
  readonly sliders: readonly Slider[];
  exact(values: Values): Exact;
  sample(values: Values, count: number, draw: Draw): Samples;
  /** Absent where latent 2 takes two values, or M is the same everywhere by its formula. */
  components?(values: Values): Component[];
}

export const slider = (
  key: string,
  label: string,
  least: number,
  most: number,
  step: number,
  value: number,
): Slider => ({
  key,
  label,
  least,
  most,
  step,
  value,
});
export const normal = (draw: Draw): number => normalQuantile(draw.uniform());
export const variable = (...columns: Float64Array[]): Variable => ({
  columns,
  names: columns.map((_, i) => `z${i + 1}`),
});
export const labels = (column: Float64Array): Variable => ({ columns: [column], names: ['label'], discrete: true });
export const columnsOf = (count: number, width: number): Float64Array[] =>
  Array.from({ length: width }, () => new Float64Array(count));
export const matrix = (a: number, b: number, correlation: number): Matrix => {
  const off = correlation * Math.sqrt(a * b);
  return [
    [a, off],
    [off, b],
  ];
};
export const rotationBy = (degrees: number): Matrix => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [
    [c, -s],
    [s, c],
  ];
};
/** Values of c at which M is shown. */
export const PLACES = Array.from({ length: 41 }, (_, i) => -2 + i * 0.1);

export const pick = (draw: Draw, count: number): number => Math.min(count - 1, Math.floor(draw.uniform() * count));
