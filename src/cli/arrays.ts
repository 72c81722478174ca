// Numbers from files, for the commands that take data of one's own: .npy, .npz:name, .csv and other text.

import { readFile } from 'node:fs/promises';
import { type NumberArray, npzNames, readColumns, readNpy, readNpz, readText, type TextColumns } from '../data';
import { InputError } from '../engine';
import { usageError } from './errors';

/** A table of samples: a column for every coordinate. */
export interface Table {
  readonly columns: readonly Float64Array[];
  readonly names: readonly string[];
}

/** Reads an array of any shape. Throws a usage error where the file is missing, InputError where it is damaged. */
export async function loadArray(given: string): Promise<NumberArray & { readonly names?: readonly string[] }> {
  const { path, member, bytes } = await load(given);
  if (path.endsWith('.npy')) return readNpy(bytes, path);
  if (!path.endsWith('.npz')) return readText(bytes.toString('utf8'), path);
  if (member !== undefined) return readNpz(bytes, member, path);
  const [only, ...more] = npzNames(bytes, path);
  if (only === undefined) throw usageError(`${path} holds no array.`);
  if (more.length > 0) {
    throw usageError(
      `${path} holds several arrays.`,
      `Name one: ${[only, ...more].map((each) => `${path}:${each}`).join(', ')}`,
    );
  }
  return readNpz(bytes, only, path);
}

/** Reads samples: rows of a two-dimensional array, or the values of a one-dimensional one. */
export async function loadTable(given: string): Promise<Table> {
  const { shape, data, names } = await loadArray(given);
  if (shape.length < 1 || shape.length > 2) {
    throw new InputError(`${given} has shape [${shape.join(', ')}]; samples are [rows] or [rows, columns].`);
  }
  const [rows, width = 1] = shape;
  if (width === 0 || rows === 0)
    throw new InputError(`${given} has shape [${shape.join(', ')}]: it has no ${width === 0 ? 'columns' : 'rows'}.`);
  const columns = Array.from({ length: width }, (_, j) =>
    Float64Array.from({ length: rows }, (__, i) => data[i * width + j]),
  );
  return { columns, names: names ?? columns.map((_, j) => String(j)) };
}

/** Reads samples column by column: of text, a column nobody asks for as numbers may hold words. */
export async function loadColumns(given: string): Promise<TextColumns> {
  const isArray = /\.npy$|\.npz(:.*)?$/.test(given);
  if (!isArray) {
    const { path, bytes } = await load(given);
    return readColumns(bytes.toString('utf8'), path);
  }
  const { columns, names } = await loadTable(given);
  const column = (j: number): Float64Array => columns[j];
  return { names, count: columns[0].length, numbers: column, labels: column };
}

/** The bytes of `FILE` or `FILE.npz:name`. */
async function load(given: string): Promise<{ path: string; member: string | undefined; bytes: Buffer }> {
  const [, path, member] = /^(.*\.npz):(.+)$/.exec(given) ?? [undefined, given, undefined];
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reasons: Record<string, string> = { ENOENT: 'there is no such file', EISDIR: 'it is a folder' };
    throw usageError(`${path} cannot be read: ${reasons[error.code ?? ''] ?? error.message}.`);
  });
  return { path, member, bytes };
}

/** Columns by number, header name or range, such as `0-3,size`. Throws a usage error that names what there is. */
export function chooseColumns({ names }: Pick<Table, 'names'>, chosen: string, option: string): number[] {
  return chosen.split(',').flatMap((part) => {
    const word = part.trim();
    const named = names.indexOf(word);
    if (named >= 0) return [named];
    const range = /^(\d+)(?:-(\d+))?$/.exec(word);
    const first = Number(range?.[1]);
    const last = Number(range?.[2] ?? range?.[1]);
    if (range === null || first > last || last >= names.length) {
      throw usageError(
        `${option}: there is no column "${word}".`,
        `There are ${names.length} columns, 0 to ${names.length - 1}: ${names.slice(0, 20).join(', ')}`,
      );
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
