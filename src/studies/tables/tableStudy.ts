// A study that trains nothing: cases whose answer is known, what is found of them, and whether the two agree.

import type { Executor } from '../../engine';

export type Cell = string | number | null;

export interface Table {
  readonly title: string;
  readonly about: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface TableStudy {
  readonly name: string;
  readonly question: string;
  tables(executor: Executor, onProgress: (stage: string, share: number) => void): Promise<Table[]>;
  /** What the tables say, in a sentence or two. */
  told(tables: readonly Table[]): string;
}
