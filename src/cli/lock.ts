// One process writes to a folder at a time: a file that says which. It comes into being whole (a link to a file that was
// written before), so who finds it can read it; one whose process is gone is taken over.

import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { CommandError, exitCodes } from './errors';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the system counts: a number may be used again, with another beginning. */
  readonly began: string | null;
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

function isAlive({ pid, host, began }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return began === null || beganOf(pid) === began;
}

function parsed(text: string): Holder | undefined {
  try {
    const { pid, host, began } = JSON.parse(text) as Partial<Holder>;
    return Number.isInteger(pid) && typeof host === 'string'
      ? ({ pid, host, began: began ?? null } as Holder)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the lock `file`; returns what gives it back. Throws a CommandError that names the process that has it. */
export async function takeLock(file: string, what: string): Promise<() => Promise<void>> {
  const own = `${file}.${process.pid}`;
  await writeFile(own, JSON.stringify({ pid: process.pid, host: hostname(), began: beganOf(process.pid) }));
  try {
    for (;;) {
      try {
        await link(own, file);
        return () => rm(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      await removeStale(file, what);
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function removeStale(file: string, what: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const holder = parsed(text);
  if (holder === undefined || isAlive(holder)) {
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
  // Of several that find it stale, one moves it away; the others find it gone and try again.
  const aside = `${file}.stale-${process.pid}`;
  await rename(file, aside).catch(() => undefined);
  await rm(aside, { force: true });
}
