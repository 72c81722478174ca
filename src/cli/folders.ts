// Folders and files of results: nothing that exists is replaced unasked, and a file is whole or not there.

import { existsSync } from 'node:fs';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { usageError } from './errors';

/** 2026-01-31-12-30-00: names of runs sort by time. */
export const timestamp = (date: Date): string => date.toISOString().slice(0, 19).replace(/[:T]/g, '-');

/** Throws a usage error where the folder exists, unless it may be replaced. */
export function refuseExisting(folder: string, force: boolean): void {
  if (existsSync(folder) && !force) {
    throw usageError(`The output folder ${folder} exists.`, 'Name another with --out, or replace it with --force.');
  }
}

/** Throws a usage error where a folder has something in it and is not what `mark`, a file in it, says: --force is no broom. */
export async function refuseForeign(folder: string, mark: string): Promise<void> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  if (names.length > 0 && !names.includes(mark)) {
    throw usageError(`${folder} holds no ${mark}, so --force does not replace it.`, 'Name another folder with --out.');
  }
}

/** Writes beside the file first and renames: who reads it sees the old content or the new one. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.partial`, content);
  await rename(`${path}.partial`, path);
}
