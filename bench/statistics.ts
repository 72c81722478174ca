// Summaries of samples that a few slow ones do not move.

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median absolute deviation from the median. */
export function spread(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map((value) => Math.abs(value - centre)));
}

/** A test for names: `*` stands for any characters, a comma for or, everything else for itself. */
export function glob(pattern: string): (name: string) => boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  const whole = new RegExp(`^(${escaped.split(',').join('|')})$`);
  return (name) => whole.test(name);
}

/** Cases that became slower than a baseline by more than `percent`. */
export function regressions(
  cases: readonly { readonly name: string; readonly medianMs: number }[],
  baseline: readonly { readonly name: string; readonly medianMs: number }[],
  percent: number,
): { name: string; change: number }[] {
  return cases.flatMap(({ name, medianMs }) => {
    const before = baseline.find((each) => each.name === name);
    if (before === undefined) return [];
    const change = 100 * (medianMs / before.medianMs - 1);
    return change > percent ? [{ name, change }] : [];
  });
}
