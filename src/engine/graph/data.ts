// Numbers that come from outside: which arrays are taken, and how they become what the engine keeps. A silent conversion
// of bytes would be a wrong number, so everything else is refused by name.

import { InputError } from '../errors';

/** Values: f32 in Float32Array (the reference may keep them in Float64Array), u32 in Uint32Array. */
export type Data = Float32Array | Float64Array | Uint32Array;

/** What a caller may give: for f32 a Float32Array, a Float64Array, which is rounded, or numbers; for u32 whole numbers. */
export type DataLike = Data | readonly number[];

const LARGEST_U32 = 2 ** 32 - 1;

/** Throws InputError, naming what was given, unless `data` can be values of that type. */
export function checkData(what: string, data: DataLike, dtype: 'f32' | 'u32'): void {
  const taken = dtype === 'u32' ? [Uint32Array] : [Float32Array, Float64Array];
  if (taken.some((type) => data instanceof type)) return;
  if (!Array.isArray(data)) {
    const name = (data as object | null | undefined)?.constructor?.name ?? String(data);
    throw new InputError(
      `${what}: it takes ${taken.map((t) => t.name).join(', ')} or an array of numbers, not ${name}`,
    );
  }
  const fits = (x: unknown): boolean =>
    typeof x === 'number' && (dtype === 'f32' || (Number.isInteger(x) && x >= 0 && x <= LARGEST_U32));
  // By index, since a hole in an array is skipped by the array's own methods.
  for (let i = 0; i < data.length; i++) {
    if (!fits(data[i])) {
      const wanted = dtype === 'f32' ? 'a number' : `a whole number from 0 to ${LARGEST_U32}`;
      throw new InputError(`${what}: entry ${i} is ${String(data[i])}, not ${wanted}`);
    }
  }
}

/** The values as the engine keeps them, in memory of their own. Throws InputError as `checkData`. */
export function copyOf(
  what: string,
  data: DataLike,
  dtype: 'f32' | 'u32',
): Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  checkData(what, data, dtype);
  return dtype === 'u32' ? Uint32Array.from(data) : Float32Array.from(data);
}
