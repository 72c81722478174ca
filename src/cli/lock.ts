// One process writes to a folder at a time: a file that says which. It comes into being whole (a link to a file that was
// written before), so who finds it can read it; one whose process is gone is taken over.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CommandError, exitCodes } from './errors';
import { cannotWrite } from './folders';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the system counts: a number may be used again, with another beginning. */
  readonly began: string | null;
  /** The task of a cluster that this process is: there is one of it at a time, wherever it was begun again. */
  readonly task?: string;
}

/** Linux says it in /proc; elsewhere a number that lives is believed. */
function beganOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

const ownTask = (): string | undefined => process.env.UNWEAVE_TASK;

function isAlive({ pid, host, began, task }: Holder): boolean {
  if (host !== hostname()) return task === undefined || task !== ownTask();
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return began === null || beganOf(pid) === began;
}

function parsed(text: string): Holder | undefined {
  try {
    const { pid, host, began, task } = JSON.parse(text) as Partial<Holder>;
    return Number.isInteger(pid) && typeof host === 'string'
      ? ({ pid, host, began: began ?? null, task } as Holder)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock `file`; returns what gives it back. Throws a CommandError that names the process that has it, or says that the
 * folder cannot be written.
 */
export async function takeLock(file: string, what: string): Promise<() => Promise<void>> {
  // No two locks are of the same text, so nobody takes a new one for the old one it judged.
  const text = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    began: beganOf(process.pid),
    task: ownTask(),
    token: randomUUID(),
  });
  try {
    while (!(await placed(file, text))) await removeStale(file, what);
    await sweepDrafts(file);
  } catch (error) {
    throw error instanceof CommandError ? error : cannotWrite(what, error);
  }
  return async () => {
    // Who was told to delete the file may have let another process in.
    if ((await readFile(file, 'utf8').catch(() => '')) === text) await rm(file, { force: true });
  };
}

/** Makes `file` with this content; false where there is one. */
async function placed(file: string, text: string): Promise<boolean> {
  const own = `${file}.${process.pid}-${randomUUID()}`;
  await writeFile(own, text);
  try {
    await link(own, file).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      // A file system without links: the file is there before its content is, and until then nobody knows whose it is.
      await writeFile(file, text, { flag: 'wx' });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** What a draft of `placed` is called, after the lock's own name. */
const DRAFT = /^\.(\d+)-[\w-]+$/;

/** Removes drafts of processes that were killed before they could; whoever holds the lock does it. */
async function sweepDrafts(file: string): Promise<void> {
  const name = basename(file);
  for (const found of await readdir(dirname(file))) {
    const match = found.startsWith(name) ? DRAFT.exec(found.slice(name.length)) : null;
    if (match === null) continue;
    const draft = join(dirname(file), found);
    // One that was killed in the middle of writing has its number in the name alone.
    const writer = parsed(await readFile(draft, 'utf8').catch(() => '')) ?? {
      pid: Number(match[1]),
      host: hostname(),
      began: null,
    };
    if (!isAlive(writer)) await rm(draft, { force: true });
  }
}

/** Removes a lock whose process is gone. Throws a CommandError where it is not. */
async function removeStale(file: string, what: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  refuseAlive(file, text, what);
  // Of several that find it stale, one at a time may remove it, and only if it is still the one that was judged.
  const release = await takeLock(`${file}.takeover`, what);
  try {
    if ((await readFile(file, 'utf8').catch(() => undefined)) === text) await rm(file, { force: true });
  } finally {
    await release();
  }
}

function refuseAlive(file: string, text: string, what: string): void {
  const holder = parsed(text);
  if (holder !== undefined && !isAlive(holder)) return;
  const who =
    holder === undefined
      ? 'another process'
      : `process ${holder.pid}${holder.host === hostname() ? '' : ` on ${holder.host}`}`;
  throw new CommandError(
    `${what} is being written by ${who}.`,
    exitCodes.failed,
    `Wait for it or stop it; if there is no such process, delete ${file}.`,
  );
}
