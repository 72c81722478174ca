// What is done to a coordinate before neighbours are sought. Information does not change under a monotone map of a
// coordinate, but its nearest-neighbour estimates do: scales must be comparable, and heavy tails are better bent.

import { InputError } from '../../engine';
import type { Draw } from './draw';
import { coarse, type Lattice } from './lattice';

export type Marginal = 'none' | 'standard' | 'normal' | 'asinh';

/** Mean and standard deviation (by n - 1). */
export function momentsOf(column: Float64Array): { mean: number; deviation: number } {
  const mean = column.reduce((total, value) => total + value, 0) / column.length;
  const square = column.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(square / (column.length - 1)) };
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

const horner = (coefficients: readonly number[], x: number): number => coefficients.reduce((p, c) => p * x + c);

/** The standard normal quantile, to about 1e-16 (Wichura 1988, AS 241, PPND16). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * horner(CENTRAL_TOP, r)) / horner(CENTRAL_BOTTOM, r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const value =
    r <= 5
      ? horner(MIDDLE_TOP, r - 1.6) / horner(MIDDLE_BOTTOM, r - 1.6)
      : horner(TAIL_TOP, r - 5) / horner(TAIL_BOTTOM, r - 5);
  return q < 0 ? -value : value;
}

const CENTRAL_TOP = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
  133.14166789178438, 3.3871328727963665,
];
const CENTRAL_BOTTOM = [
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
  42.31333070160091, 1,
];
const MIDDLE_TOP = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const MIDDLE_BOTTOM = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
];
const TAIL_TOP = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
  1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const TAIL_BOTTOM = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
  0.1369298809227358, 0.599832206555888, 1,
];
