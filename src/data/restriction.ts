// A part of a factor space: some factors limited to a range of their values, such as dSprites without shape, or positions
// in a band. On the command line: `--factors posY=10..21,shape=0`.

import { InputError } from '../engine';
import { FactorSpace } from './factors';

/** By factor: the first and the last value number that is kept, counted from 0. */
export type Restriction = Readonly<Record<string, readonly [first: number, last: number]>>;

/**
 * Reads `posY=10..21,shape=0`: value numbers, from 0 on, both ends included. Throws InputError, naming the part, when it is
 * not of this form or a factor is named twice.
 */
export function parseFactors(text: string): Restriction {
  const restriction: Record<string, readonly [number, number]> = {};
  for (const part of text.split(',')) {
    const match = /^\s*(\w+)\s*=\s*(\d+)(?:\.\.(\d+))?\s*$/.exec(part);
    if (match === null) {
      throw new InputError(
        `factors: "${part}" is not of the form name=number or name=first..last, such as posY=10..21.`,
      );
    }
    const [, name, first, last = first] = match;
    if (Object.hasOwn(restriction, name)) throw new InputError(`factors: ${name} is given twice.`);
    restriction[name] = [Number(first), Number(last)];
  }
  return restriction;
}

/**
 * `space` with only the values that `restriction` keeps; every factor stays, if with one value. Throws InputError for a
 * factor that there is not, and for a range that is empty or goes beyond the values.
 */
export function restrict(space: FactorSpace, restriction: Restriction = {}): FactorSpace {
  const names = space.factors.map(({ name }) => name);
  for (const name of Object.keys(restriction)) {
    if (!names.includes(name))
      throw new InputError(`factors: there is no factor ${name}; there are ${names.join(', ')}.`);
  }
  return new FactorSpace(
    space.factors.map(({ name, values }) => {
      if (!Object.hasOwn(restriction, name)) return { name, values };
      const [first, last] = restriction[name];
      if (!(Number.isInteger(first) && Number.isInteger(last) && 0 <= first && first <= last && last < values.length)) {
        throw new InputError(
          `factors: ${name}=${first}..${last} is no range of its value numbers, which are 0..${values.length - 1}.`,
        );
      }
      return { name, values: values.slice(first, last + 1) };
    }),
  );
}
