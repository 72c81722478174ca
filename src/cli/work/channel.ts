// How work that runs elsewhere speaks with the command that wants it done.

import type { AdapterDescription, Executor, Winners } from '../../engine';

/** What the command gives the work besides its input. */
export interface Channel {
  /** Told the stage, and the share that is done. */
  progress(stage: string, share: number): void;
  /** A part of the bytes that the command has under a name. */
  read(name: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Hands bytes to the command; resolves when it has dealt with them. */
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/** What computes where the work runs. */
export interface Machine {
  readonly adapter: AdapterDescription;
  /** `winners`: kernels that `unweave tune` found, where there is a choice. */
  open(winners?: Winners): Promise<Executor>;
}

/** A channel for work that neither asks for bytes nor gives any. */
export const progressOnly = (progress: Channel['progress']): Channel => ({
  progress,
  read: () => Promise.reject(new Error('this work was given no bytes')),
  write: () => Promise.reject(new Error('nobody takes bytes from this work')),
});
