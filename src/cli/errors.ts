// How the command line fails: exit codes that mean something, and messages with a hint of what to do next.

/** 0 ok · 1 the run failed · 2 wrong usage or bad input · 3 the environment lacks something; 128 + the signal that ended it. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, environment: 3 } as const;

export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
    readonly hint?: string,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}

export const usageError = (message: string, hint?: string) => new CommandError(message, exitCodes.usage, hint);

export const environmentError = (message: string, hint?: string) =>
  new CommandError(message, exitCodes.environment, hint);

/** A whole number that an option was given. Throws a usage error for anything else. */
export function wholeNumber(option: string, given: string, least = 0): number {
  const value = Number(given);
  if (given.trim() === '' || !Number.isInteger(value) || value < least) {
    throw usageError(`${option} is "${given}".`, `It takes a whole number of at least ${least}.`);
  }
  return value;
}

/** A seed: 32 bits, as every generator here takes. Throws a usage error. */
export function seedOf(option: string, given: string): number {
  const seed = wholeNumber(option, given);
  if (seed <= 0xffffffff) return seed;
  throw usageError(`${option} is "${given}".`, 'Seeds are 32 bits: at most 4294967295.');
}

/** The candidate nearest to `word` by edit distance, when one is near enough to be a slip of the hand. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates.map((candidate) => ({ candidate, distance: editDistance(word, candidate) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, word.length / 2) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}

/** What may be done next, on stderr: the command as a shell takes it. */
export const next = (...commands: string[]): void => void process.stderr.write(`next: ${commands.join('\n  or: ')}\n`);

/** Words as one command that a shell takes apart again as they were. */
export const commandLine = (...words: string[]): string =>
  words.map((word) => (/^[\w./:=@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
