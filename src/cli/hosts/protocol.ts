// What the main thread and a thread that works for it say to each other.

import type { WorkName } from '../work';

export type ToThread =
  | { readonly kind: 'run'; readonly name: WorkName; readonly input: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown; readonly problem?: string };

export type FromThread =
  | { readonly kind: 'progress'; readonly stage: string; readonly share: number }
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly name: string;
      readonly offset: number;
      readonly length: number;
    }
  | { readonly kind: 'write'; readonly id: number; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: Told };

/** An error of the work, of which its name and its message cross. */
export interface Told {
  readonly name: string;
  readonly message: string;
}
