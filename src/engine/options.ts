// What an options object may hold. A name that nobody reads would change nothing, and nobody would notice: it is a type error in TypeScript, and
// refused in plain JavaScript.

import { InputError } from './errors';

/** Every option of a type, by name: a list that lacks one, or has one too many, does not compile. */
export type OptionNames<T> = Readonly<Record<keyof Required<T>, true>>;

/** Throws InputError, naming what there is, for an option that `what` does not take. One that is undefined was not given. */
export function refuseUnknown<T extends object>(what: string, options: T, names: OptionNames<T>): void {
  for (const [name, value] of Object.entries(options))
    if (value !== undefined && !Object.hasOwn(names, name))
      throw new InputError(`${what} has no option ${name}; it takes ${Object.keys(names).join(', ')}`);
}
