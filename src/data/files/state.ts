// A trained state as a safetensors file, which Python and others read, and back. What trains and what a state holds is unweave/models' affair.

import { type Data, InputError } from '../../engine';
import { brief } from './brief';
import { readSafetensors, writeSafetensors } from './safetensors';

/** As `train` of unweave/models gives it: numbers by name, after so many steps. */
export interface SavedState {
  readonly step: number;
  readonly values: Readonly<Record<string, Data>>;
}

const FORMAT = 'unweave state 1';

/** The same state gives the same bytes. `about` is kept as it is: what the model was, say. Throws InputError for what no file holds. */
export function saveState(
  { step, values }: SavedState,
  about: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const tensors = Object.entries(values).map(([name, data]) => [name, { shape: [data.length], data }]);
  const metadata = { ...about, format: FORMAT, step: String(step) };
  return writeSafetensors({ tensors: Object.fromEntries(tensors), metadata });
}

/** What `saveState` wrote. Throws InputError, naming the file, where it is damaged or no saved state. */
export function loadState(
  bytes: Uint8Array,
  name = 'the saved state',
): SavedState & { readonly about: Readonly<Record<string, string>> } {
  const { tensors, metadata } = readSafetensors(bytes, name);
  const { format, step, ...about } = metadata;
  if (format !== FORMAT)
    throw new InputError(`${name} is no saved state: its format is ${brief(format)}, not ${FORMAT}`);
  if (!/^\d+$/.test(step ?? '') || !Number.isSafeInteger(Number(step)))
    throw new InputError(`${name} is of step ${brief(step)}, which is no whole number`);
  const values = Object.fromEntries(Object.entries(tensors).map(([key, { data }]) => [key, data]));
  return { step: Number(step), values, about };
}
