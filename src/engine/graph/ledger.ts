// What is allocated, and by whom: the same account for every executor that owns memory.

import { MemoryError } from '../errors';

/** What is allocated, by whom. */
export interface Ledger {
  /** Buffers in use. */
  readonly live: number;
  readonly liveBytes: number;
  /** Buffers kept for reuse. */
  readonly pooled: number;
  readonly pooledBytes: number;
  /** The most that was ever in use. */
  readonly peakBytes: number;
  /** Who holds how much, largest first. */
  readonly holders: readonly { readonly name: string; readonly bytes: number }[];
}

export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Who holds how much, largest first, from what each block is called and how large it is. */
export function holdersOf(blocks: Iterable<readonly [name: string, bytes: number]>): Ledger['holders'] {
  const held = new Map<string, number>();
  for (const [name, bytes] of blocks) held.set(name, (held.get(name) ?? 0) + bytes);
  return [...held].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/** A MemoryError that says what was asked for, and who holds the memory there is. */
export function exhausted(bytes: number, owner: string, { liveBytes, holders }: Ledger): MemoryError {
  const held = holders.slice(0, 10).map(({ name, bytes }) => `  ${mebibytes(bytes).padStart(12)}  ${name}`);
  const problem = `${owner} asked for ${mebibytes(bytes)}, and there is no more; ${mebibytes(liveBytes)} are in use:`;
  return new MemoryError([problem, ...held, 'Dispose of programs, or use a smaller batch or population.'].join('\n'));
}
