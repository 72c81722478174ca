// What an options object may hold. A name that nobody reads would change nothing, and nobody would notice: it is a type error in TypeScript, and
// refused in plain JavaScript.

import { InputError } from './errors';

/** Every option of a type, by name: a list that lacks one, or has one too many, does not compile. */
export type OptionNames<T> = Readonly<Record<keyof Required<T>, true>>;

/** Throws InputError, naming what there is, for an option that `what` does not take. One that is undefined was not given. */
export const refuseUnknown = <T extends object>(what: string, options: T, names: OptionNames<T>): void =>
  refuseUnread(what, options, Object.keys(names));

/** The same of an entry of a table, which reads some of the options that all of them share. */
export function refuseUnread(what: string, options: object, reads: readonly string[]): void {
  for (const [name, value] of Object.entries(options))
    if (value !== undefined && !reads.includes(name))
      throw new InputError(`${what} has no option ${name}; it takes ${reads.join(', ') || 'no options'}`);
}

/** Throws InputError unless `value` is one of `known`. */
export function oneOf<T extends number | string>(what: string, value: number | string, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found === undefined) throw new InputError(`${what} is ${value}; it can be ${known.join(', ')}.`);
  return found;
}
