// Sums, means and variances in f64. Sums run from 0, in order.

export function sumOf(values: ArrayLike<number>): number {
  let total = 0;
  for (let n = 0; n < values.length; n++) total += values[n];
  return total;
}

export const meanOf = (values: ArrayLike<number>): number => sumOf(values) / values.length;

/** The mean square distance from the mean; `lost` degrees of freedom are 1 for the unbiased variance. */
export function varianceOf(values: ArrayLike<number>, lost = 0): number {
  const mean = meanOf(values);
  let total = 0;
  for (let n = 0; n < values.length; n++) total += (values[n] - mean) ** 2;
  return total / (values.length - lost);
}

/** The mean product of two columns' distances from their means. */
export function covarianceOf(a: ArrayLike<number>, b: ArrayLike<number>, lost = 0): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let total = 0;
  for (let n = 0; n < a.length; n++) total += (a[n] - meanA) * (b[n] - meanB);
  return total / (a.length - lost);
}
