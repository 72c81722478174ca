// Folders and files of results: nothing that exists is replaced unasked, what is replaced stays until the new one stands, and a
// file is whole or not there.

import { existsSync } from 'node:fs';
import {
  appendFile,
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { CommandError, exitCodes, usageError } from './errors';
import { removeAtSignal, sayAtSignal, uninterrupted } from './interruption';

/** 2026-01-31-12-30-00: names of runs sort by time. */
export const timestamp = (date: Date): string => date.toISOString().slice(0, 19).replace(/[:T]/g, '-');

/** What a command makes: how its folders are recognised. */
export interface Product {
  /** A JSON file in it, and whether its content is of this command. */
  readonly mark: string;
  isOwn(content: unknown): boolean;
  /** Paths of what the command puts there, from the folder on, with slashes. */
  readonly names: RegExp;
}

/** Where a command's product goes. */
export interface Target {
  readonly folder: string;
  /** Whether one that is there may be replaced. */
  readonly force: boolean;
  readonly product: Product;
}

/**
 * Throws a usage error where the folder exists, unless it may be replaced; and even then where it is not what this command
 * made, or holds something else beside it: --force is no broom.
 */
export async function refuseExisting({ folder, force, product }: Target): Promise<void> {
  // A link that leads nowhere is something, too.
  if (!existsSync(folder) && !(await lstat(folder).catch(() => undefined))) return;
  if (!force)
    throw usageError(`The output folder ${folder} exists.`, 'Name another with --out, or replace it with --force.');
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw usageError(`${folder} is no folder that can be replaced: ${reasonOf(error)}.`, 'Name another with --out.');
  });
  if (names.length === 0) return;
  const other = 'Name another folder with --out.';
  if (!names.includes(product.mark))
    throw usageError(`${folder} holds no ${product.mark}, so --force does not replace it.`, other);
  const content = await readFile(join(folder, product.mark), 'utf8')
    .then(JSON.parse)
    .catch(() => undefined);
  if (!product.isOwn(content))
    throw usageError(
      `${join(folder, product.mark)} is not of this command, so --force does not replace the folder.`,
      other,
    );
  const all = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll(sep, '/'));
  const foreign = all.find((name) => !product.names.test(name) && name !== product.mark);
  if (foreign !== undefined)
    throw usageError(
      `${folder} also holds ${foreign}, which this command did not make; --force does not delete it.`,
      other,
    );
}

/** A new folder beside `folder`, of a name of its own, in which its content is made. */
export async function stage(folder: string): Promise<string> {
  await mkdir(dirname(folder), { recursive: true });
  const staged = await mkdtemp(`${folder}.new-`);
  // A temporary folder is its owner's alone; a result is as open as any other.
  await chmod(staged, 0o777 & ~process.umask());
  return staged;
}

/**
 * Makes a folder whole: `make` fills a staged one, which is put in place. Nothing is left where `make` fails; where the folder
 * cannot be put in place, because another has appeared there meanwhile, the staged one is kept, and the error names it.
 */
export async function makeFolder<T>(target: Target, make: (staged: string) => Promise<T>): Promise<T> {
  let staged: string | undefined;
  let result: T;
  let forget: () => void = () => undefined;
  try {
    await uninterrupted(async () => {
      staged = await stage(target.folder);
      forget = removeAtSignal(staged);
    });
    result = await make(staged as unknown as string);
  } catch (error) {
    if (staged !== undefined) await rm(staged, { recursive: true, force: true });
    throw isOfSystem(error) ? cannotWrite(target.folder, error) : error;
  } finally {
    forget();
  }
  await putInPlace(staged as unknown as string, target);
  return result;
}

const isOfSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

/**
 * Puts a staged folder in place: an old one is moved aside until the new one stands, and moved back where that fails. Throws
 * a CommandError that names the staged folder, which stays, where another is there by now or the system refuses.
 */
export function putInPlace(staged: string, target: Target): Promise<void> {
  const { folder } = target;
  return uninterrupted(async () => {
    let aside: string | undefined;
    try {
      await refuseExisting(target);
      if (existsSync(folder)) aside = await mkdtemp(`${folder}.old-`);
      if (aside !== undefined) await rename(folder, join(aside, basename(folder)));
      try {
        await rename(staged, folder);
      } catch (error) {
        if (aside !== undefined) await rename(join(aside, basename(folder)), folder);
        throw error;
      }
    } catch (error) {
      const reason = error instanceof CommandError ? error.message : `${folder} cannot be written: ${reasonOf(error)}.`;
      throw new CommandError(reason, exitCodes.failed, `What was made is kept in ${staged}.`);
    }
    sayAtSignal(() => `Interrupted; ${folder} is complete.`);
    if (aside === undefined) return;
    await rm(aside, { recursive: true, force: true }).catch((error: unknown) => {
      process.stderr.write(
        `Note: ${aside}, with what ${folder} was before, could not be removed: ${reasonOf(error)}.\n`,
      );
    });
  });
}

/**
 * Makes sure, before work starts, that a folder can be made there: makes one as it will be made, and leaves nothing. Throws
 * a CommandError in words where it cannot.
 */
export function checkWritable(folder: string): Promise<void> {
  return uninterrupted(async () => {
    // One by one: what comes into being on the way is known, and a place that cannot be ends the walk.
    const made: string[] = [];
    const make = async (path: string): Promise<void> => {
      if (await isThere(path)) return;
      await make(dirname(path));
      await mkdir(path);
      made.push(path);
    };
    try {
      await isThere(folder);
      await make(dirname(folder));
      await rmdir(await mkdtemp(`${folder}.new-`));
    } catch (error) {
      throw cannotWrite(folder, error);
    } finally {
      // What is no longer empty stays: another command may have found the new folders useful meanwhile.
      for (const path of made.reverse()) await rmdir(path).catch(() => undefined);
    }
  });
}

/** Whether something is at a path. Throws what else the system says of it. */
async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** The same of a file: its folder must be there. Throws a CommandError. */
export async function checkFileWritable(file: string): Promise<void> {
  try {
    await rm(await mkdtemp(join(dirname(file), '.unweave-probe-')), { recursive: true });
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** What the system says, in words. */
export function reasonOf(error: unknown): string {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    EACCES: 'permission is denied',
    EPERM: 'permission is denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the quota is used up',
    EFBIG: 'the file would be too large',
    ENOTDIR: 'a part of the path is a file, not a folder',
    EEXIST: 'a part of the path is a file, not a folder',
    EISDIR: 'it is a folder',
    ENOENT: 'there is no such place',
    ENAMETOOLONG: 'the name is too long',
    ENOTEMPTY: 'a folder is there',
    EBUSY: 'the system uses the place',
    EMFILE: 'too many files are open',
    EIO: 'the disk has an error',
  };
  return Object.hasOwn(reasons, code) ? reasons[code] : message;
}

/** An error of the file system as one line, with what can be done. */
export const cannotWrite = (path: string, cause: unknown): CommandError =>
  new CommandError(
    `${path} cannot be written: ${reasonOf(cause)}.`,
    exitCodes.failed,
    'Make room, or name another place with --out.',
  );

/** Writes beside the file first and renames: who reads it sees the old content or the new one. Throws a CommandError. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(`${path}.partial`, content);
    await rename(`${path}.partial`, path);
  } catch (error) {
    await rm(`${path}.partial`, { force: true }).catch(() => undefined);
    throw cannotWrite(path, error);
  }
}

/** Adds to a file. Throws a CommandError. */
export async function append(path: string, content: string | Uint8Array): Promise<void> {
  await appendFile(path, content).catch((error: unknown) => {
    throw cannotWrite(path, error);
  });
}
