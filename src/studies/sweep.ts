// Arms made of lists: `sweep` one value after another, `zip` lists side by side, `product` every combination.

import type { Flat, FlatValue } from '../runs/setting';

export const sweep = (key: string, values: readonly FlatValue[]): Flat[] => values.map((value) => ({ [key]: value }));

/** Throws RangeError where the lists are not equally long. */
export function zip(...lists: readonly (readonly Flat[])[]): Flat[] {
  if (lists.some(({ length }) => length !== lists[0].length)) throw new RangeError('lists of a zip are equally long');
  return lists[0].map((_, i) => Object.assign({}, ...lists.map((list) => list[i])));
}

/** The last list runs fastest. */
export const product = (...lists: readonly (readonly Flat[])[]): Flat[] =>
  lists.reduce<Flat[]>((found, list) => found.flatMap((each) => list.map((more) => ({ ...each, ...more }))), [{}]);
