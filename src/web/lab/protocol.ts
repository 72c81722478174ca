// What a page and the worker that computes for it say to each other. Everything is plain data: what crosses is copied.

import type { ExecutorKind } from '../../engine';
import type { MeasureName } from '../../runs/measures';
import type { ModelRecord } from '../../runs/record';
import type { Flat } from '../../runs/setting';

/** A job as it crosses: its setting flat. */
export interface JobLine {
  readonly setting: Flat;
  readonly seed: number;
}

/** Where to compute: `auto` is the GPU, else the CPU. */
export type Prefer = 'auto' | ExecutorKind;

/** What a page wants to see of the model that trains. */
export interface Look {
  /** The example, by its place among those looked at, whose reconstruction leads and whose latents are moved. */
  readonly example: number;
  /** In the least coupled basis instead of the model's own. */
  readonly turned: boolean;
}

/** Files of a data set that a visitor brought, as bytes, by what they hold. */
export interface OwnFiles {
  readonly images: Uint8Array<ArrayBuffer>;
  readonly labels?: Uint8Array<ArrayBuffer>;
}

export type ToLab =
  | { readonly kind: 'open'; readonly prefer: Prefer }
  | { readonly kind: 'bring'; readonly files: OwnFiles }
  /** `anew`: what was recorded before is done again; `paused`: the first block waits for `pace` or `advance`. */
  | {
      readonly kind: 'run';
      /** Told with everything that comes of it, so that what is late can be known. */
      readonly run: number;
      readonly jobs: readonly JobLine[];
      readonly measures: readonly MeasureName[];
      readonly anew: boolean;
      readonly paused: boolean;
      readonly look: Look;
    }
  | { readonly kind: 'pace'; readonly running: boolean }
  /** While paused: makes so many steps; with `stages`, shows the tensors of the first one stage by stage. */
  | { readonly kind: 'advance'; readonly steps: number; readonly stages: boolean }
  | { readonly kind: 'look'; readonly look: Look }
  /** Every tensor of the step by name and number, and the values of one of them. */
  | { readonly kind: 'list' }
  | { readonly kind: 'peek'; readonly tensor: number }
  | { readonly kind: 'stop' };

/** The model at one step, of a few hundred examples. */
export interface View {
  readonly seed: number;
  readonly step: number;
  readonly latents: number;
  readonly rows: number;
  /** [rows, latents] and [rows, latents, latents]: in the basis asked for. */
  readonly means: Float32Array;
  readonly covariances: Float32Array;
  /** Whether that is the turned basis, and what it leaves of TC(z|x), nats. */
  readonly turned: boolean;
  readonly conditionalTc: number;
  /** [factor][row]: value numbers. */
  readonly factorNames: readonly string[];
  readonly factors: readonly Float64Array[];
  /** [height, width, channels] of the pictures; none of data that are no images. */
  readonly shape: readonly number[] | null;
  /** `shown` examples and what the decoder makes of their means. */
  readonly shown: number;
  readonly inputs: Uint8Array;
  readonly reconstructions: Uint8Array;
  /** `moves` pictures for each latent, or axis of the turned basis. */
  readonly moves: number;
  readonly traversals: Uint8Array;
}

/** The values of a tensor, as far as they fit a page, and what all of them say. */
export interface Peeked {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly count: number;
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  readonly deviation: number;
  readonly nonFinite: number;
}

export const stageNames = ['encode', 'sample', 'decode', 'loss', 'backward', 'update'] as const;
export type StageName = (typeof stageNames)[number];

export interface Stage {
  readonly name: StageName;
  readonly tensors: readonly Peeked[];
}

/** What comes of a run carries its number. */
export type FromLab = Said & { readonly run?: number };

export type Said =
  | { readonly kind: 'opened'; readonly executor: ExecutorKind; readonly says: string; readonly why: string | null }
  | { readonly kind: 'brought'; readonly name: string; readonly examples: number; readonly shape: readonly number[] }
  | { readonly kind: 'began'; readonly seed: number; readonly step: number }
  /** Means of the steps since the last such message, by term. */
  | {
      readonly kind: 'steps';
      readonly seed: number;
      readonly step: number;
      readonly rate: number;
      readonly terms: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'stages'; readonly seed: number; readonly step: number; readonly stages: readonly Stage[] }
  | { readonly kind: 'tensors'; readonly tensors: readonly { readonly id: number; readonly label: string }[] }
  | { readonly kind: 'peeked'; readonly tensor: number; readonly step: number; readonly peeked: Peeked }
  | { readonly kind: 'paused'; readonly seed: number; readonly step: number }
  | { readonly kind: 'measuring'; readonly seed: number; readonly share: number }
  /** `known`: it was in the store already. */
  | { readonly kind: 'record'; readonly seed: number; readonly record: ModelRecord; readonly known: boolean }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: string; readonly message: string };
