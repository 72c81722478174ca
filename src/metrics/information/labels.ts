// Labels are equal or not, and nothing else: their metric is 0 or infinite. They are written as a column of numbers so far
// apart that no continuous coordinate reaches from one to the next; so every search stays among samples of one label, and
// renaming the labels changes nothing.

/** Distances from here on are between different labels. */
export const BEYOND = 2 ** 999;

/** Labels as a coordinate: the same number for the same label, more than BEYOND apart for others. */
export function labelColumn(labels: ArrayLike<number>): Float64Array {
  const places = new Map<number, number>();
  return Float64Array.from(labels, (label) => {
    const known = places.get(label) ?? places.size;
    places.set(label, known);
    return known * 2 * BEYOND;
  });
}

/** Indices of the samples of each label. */
export function membersOf(labels: ArrayLike<number>): Map<number, number[]> {
  const members = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const own = members.get(labels[i]);
    if (own === undefined) members.set(labels[i], [i]);
    else own.push(i);
  }
  return members;
}
