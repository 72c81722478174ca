// What a page sees of `<unweave-lab>`: its methods, its results and its states. Types alone: the element is in element.ts.

/** The element `<unweave-lab>`: one model that trains in a worker of its own. */
export interface LabElement extends HTMLElement {
  /** Trains from the beginning; what was there is forgotten. */
  start(): void;
  /** Pauses after the block of steps under way. */
  pause(): void;
  /** Goes on after a pause. */
  resume(): void;
  /** What was found until now. */
  results(): LabResults;
}

/** What an `<unweave-lab>` found. */
export interface LabResults {
  readonly state: LabState;
  readonly step: number;
  /** Means of the loss's terms, as they came. */
  readonly curve: readonly { readonly step: number; readonly terms: Readonly<Record<string, number>> }[];
  /** What was measured, once training is done: the record that the command line would have written. */
  readonly record: LabRecord | null;
}

/** The record of a model: JSON. */
export interface LabRecord {
  /** Name of the job: the same setting and seed have the same. */
  readonly name: string;
  readonly seed: number;
  readonly setting: Readonly<Record<string, number | string>>;
  readonly status: 'done' | 'diverged';
  /** Means of blocks of 100 steps, by term. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
  /** By name: `losses`, `scores`, `rotation`. */
  readonly measures: Readonly<Record<string, unknown>>;
}

/** States of an element. */
export type LabState = 'idle' | 'starting' | 'training' | 'paused' | 'measuring' | 'done' | 'failed';

declare global {
  interface HTMLElementTagNameMap {
    'unweave-lab': LabElement;
  }
}
