// What is done to a coordinate before neighbours are sought. Information does not change under a monotone map of a
// coordinate, but its nearest-neighbour estimates do: scales must be comparable, and heavy tails are better bent.

import { InputError } from '../../engine';
import { normalQuantile } from '../../math/normal';
import { meanOf, varianceOf } from '../../math/statistics';
import type { Draw } from './draw';
import { coarse, type Lattice } from './lattice';

/** How a column is scaled before neighbours are looked for. */
export type Marginal = 'none' | 'standard' | 'normal' | 'asinh';

/** Mean and standard deviation (by n - 1). */
export function momentsOf(column: Float64Array): { mean: number; deviation: number } {
  return { mean: meanOf(column), deviation: Math.sqrt(varianceOf(column, 1)) };
}

/** (value - mean) / standard deviation. Throws InputError, naming the column, when it is constant. */
export function standardise(column: Float64Array, name: string): Float64Array {
  const { mean, deviation } = momentsOf(column);
  if (!(deviation > 0)) throw new InputError(`${name} is constant: it carries no information.`);
  return column.map((value) => (value - mean) / deviation);
}

/** A column as the GPU takes it, z-scored before it is rounded or not. Throws InputError when it is constant or not finite. */
export function singlePrecision(values: ArrayLike<number>, name: string, zScored = true): Float32Array {
  const column = Float64Array.from(values);
  const bad = column.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new InputError(`${name}: sample ${bad + 1} is ${column[bad]}`);
  const standard = standardise(column, name);
  return Float32Array.from(zScored ? standard : column);
}

/** The normal quantiles of the ranks; equal values are ranked in a random order, since a lattice would create ties. */
export function normalScores(column: Float64Array, draw: Draw): Float64Array {
  const lots = draw.permutation(column.length);
  const order = Int32Array.from(column, (_, i) => i).sort((a, b) => column[a] - column[b] || lots[a] - lots[b]);
  const scores = new Float64Array(column.length);
  for (const [rank, i] of order.entries()) scores[i] = normalQuantile((rank + 0.5) / column.length);
  return scores;
}

/**
 * A column as neighbours are sought in it. Rounded values are in steps of their lattice, scaled so that equal distances stay
 * equal; `unit` is the length that `none` measures in, the smallest step of all columns, or 1.
 */
export function transformed(
  column: Float64Array,
  marginal: Marginal,
  name: string,
  { draw, unit, lattice }: { draw: Draw; unit: number; lattice: Lattice | undefined },
): Float64Array {
  const inSteps = lattice?.places ?? column;
  const standard = standardise(inSteps, name);
  if (marginal === 'none') {
    const factor = lattice === undefined ? undefined : coarse(lattice.step / unit);
    return factor === undefined ? column.map((value) => value / unit) : inSteps.map((place) => place * factor);
  }
  if (marginal === 'standard') {
    if (lattice === undefined) return standard;
    const factor = coarse(1 / momentsOf(inSteps).deviation);
    return inSteps.map((place) => place * factor);
  }
  return marginal === 'normal' ? normalScores(column, draw) : standardise(standard.map(Math.asinh), name);
}

/** The share of samples whose value occurs more than once. */
export function shareOfTies(column: Float64Array): number {
  const sorted = Float64Array.from(column).sort();
  let tied = 0;
  for (let i = 0; i < sorted.length; i++) if (sorted[i] === sorted[i - 1] || sorted[i] === sorted[i + 1]) tied++;
  return tied / sorted.length;
}

/** Rounded data spread evenly over their rounding step, which is the smallest gap between different values. */
export function dequantise(column: Float64Array, draw: Draw): Float64Array {
  const sorted = Float64Array.from(new Set(column)).sort();
  let step = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++) step = Math.min(step, sorted[i] - sorted[i - 1]);
  return Number.isFinite(step) ? column.map((value) => value + step * (draw.uniform() - 0.5)) : column;
}
