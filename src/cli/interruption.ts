// Signals: Ctrl-C, `kill` and a closed terminal end a command with the exit code that shells expect of each, after what is
// open was closed. From the first moment on: what is not in a session yet has nothing to close.

import { rmSync } from 'node:fs';
import { CommandError } from './errors';

const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const NOTHING_WRITTEN = 'Interrupted; nothing was written.';

/** Whoever must close something before the process ends. */
let listener: ((error: CommandError) => void) | undefined;
let message: () => string = () => NOTHING_WRITTEN;
let interrupted = false;
/** What a process that ends at once must not leave behind. */
const remains = new Set<string>();
/** Steps under way that must not be cut in two, and the signal that came during them. */
let indivisible = 0;
let pending: keyof typeof CODES | undefined;

function onSignal(signal: keyof typeof CODES): void {
  const code = CODES[signal];
  if (indivisible > 0) {
    pending ??= signal;
    return;
  }
  // A second signal does not wait.
  if (interrupted || listener === undefined) {
    for (const path of remains) rmSync(path, { recursive: true, force: true });
    process.stderr.write(`\nunweave: ${message()}\n`);
    process.exit(code);
  }
  interrupted = true;
  listener(new CommandError(message(), code));
}

/** What is said at a signal from now on, until another session says it otherwise. */
export function sayAtSignal(says: () => string): void {
  message = says;
}

/** What is at `path` is half made: it goes when a signal ends the process at once. Returns what calls that off. */
export function removeAtSignal(path: string): () => void {
  remains.add(path);
  return () => remains.delete(path);
}

/** Does what a signal must not cut in two; one that comes meanwhile is answered after it. */
export async function uninterrupted<T>(step: () => Promise<T>): Promise<T> {
  indivisible++;
  try {
    return await step();
  } finally {
    indivisible--;
    const signal = pending;
    if (indivisible === 0 && signal !== undefined) {
      pending = undefined;
      onSignal(signal);
    }
  }
}

/** Answers signals from now on. */
export function watchSignals(): void {
  for (const signal of Object.keys(CODES) as (keyof typeof CODES)[]) process.on(signal, onSignal);
}

/**
 * Leaves signals to the system again: for what computes in this process without a pause, where no handler would be called
 * before it is done. Nothing is open then that would have to be closed.
 */
export function leaveSignals(): void {
  for (const signal of Object.keys(CODES)) process.removeAllListeners(signal);
}

/** The command that goes on with what was begun, where there is something to go on with. */
export type Resume = () => string | undefined;

/** What to do after something ended by itself. */
export function afterwards(resume: Resume): string {
  const command = resume();
  return command === undefined ? 'Run the command again.' : `Go on with: ${command}`;
}

/** A promise that is rejected at a signal, so that every `finally` on the way out runs; its message says how to go on. */
export function interruption(resume: Resume): { readonly promise: Promise<never>; stop(): void } {
  message = () => {
    const command = resume();
    return command === undefined ? NOTHING_WRITTEN : `Interrupted; go on with: ${command}`;
  };
  const promise = new Promise<never>((_, reject) => {
    listener = reject;
  });
  promise.catch(() => undefined);
  return {
    promise,
    stop: () => {
      listener = undefined;
    },
  };
}
