// Rounded data lie on a lattice: values are a first one plus whole steps. In floating point, distances that are equal on the
// lattice differ in their last bits, in another way for every unit, and an estimator that asks which are equal gives another
// number for metres than for feet. So columns are expressed in steps, where equal distances are equal, whatever the unit.

export interface Lattice {
  readonly step: number;
  /** value = smallest value + step x place; whole numbers. */
  readonly places: Float64Array;
}

/** Lattices of more places than this are not told from continuous data. */
const MOST_PLACES = 2 ** 22;
/** What floating point may have done to a value, as a share of the range. */
const TOLERANCE = 1e-10;

/** The lattice of a column in which some value occurs twice and all gaps are multiples of a step; undefined for others. */
export function latticeOf(column: Float64Array): Lattice | undefined {
  const values = Float64Array.from(new Set(column)).sort();
  if (values.length === column.length || values.length < 2) return undefined;
  const smallest = values[0];
  const range = values[values.length - 1] - smallest;
  const tolerance = TOLERANCE * Math.max(range, Math.abs(smallest));
  let divisor = range;
  for (let i = 1; i < values.length; i++) {
    divisor = commonDivisor(divisor, values[i] - values[i - 1], tolerance);
    if (range > MOST_PLACES * divisor) return undefined;
  }
  const step = range / Math.round(range / divisor);
  const places = column.map((value) => Math.round((value - smallest) / step));
  const fits = places.every((place, i) => Math.abs(smallest + place * step - column[i]) <= 1e-3 * step);
  // A value far from all others must not swallow the differences between them.
  return fits && new Set(places).size === values.length ? { step, places } : undefined;
}

/** Euclid's algorithm on lengths that are whole multiples of something up to `tolerance`. */
function commonDivisor(a: number, b: number, tolerance: number): number {
  let [larger, smaller] = [Math.max(a, b), Math.min(a, b)];
  while (smaller > tolerance) [larger, smaller] = [smaller, Math.abs(larger - smaller * Math.round(larger / smaller))];
  return larger;
}

/** A factor with so few digits (30 bits) that its products with places are exact, and equal distances stay equal. */
export function coarse(factor: number): number {
  const scale = 2 ** (29 - Math.floor(Math.log2(factor)));
  return Math.round(factor * scale) / scale;
}
