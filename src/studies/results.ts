// results.json: what was asked, every record, and what follows from them. It has no time and no place in it, so that a study that was killed
// and went on leaves the same bytes as one that was not.

import type { ModelRecord } from '../runs/record';
import { type Analysis, analyse, type Found } from './analysis';
import { finding } from './finding';
import type { Definition, Entry } from './study';

export const RESULTS_VERSION = 2;

/** Pictures stay in the records: results are numbers. */
export type NumbersOnly = Omit<ModelRecord, 'measures'> & {
  readonly measures: Omit<ModelRecord['measures'], 'traversals'>;
};

export interface Results {
  readonly schemaVersion: number;
  readonly study: string;
  readonly preset: string;
  readonly finding: string;
  readonly definition: Definition;
  readonly versions: Readonly<Record<string, string>>;
  readonly analysis: Analysis;
  /** Which record is what. */
  readonly entries: readonly {
    readonly cell: string;
    readonly arm: string;
    readonly seed: number;
    readonly job: string;
  }[];
  readonly records: readonly NumbersOnly[];
}

/** What of an entry tells which record is its own. */
export type Place = Pick<Entry, 'cell' | 'arm' | 'seed'> & { readonly job: Pick<Entry['job'], 'name'> };

/** Results of records that are all there. Throws RangeError where one is missing. */
export function resultsOf(
  definition: Definition,
  entries: readonly Place[],
  records: ReadonlyMap<string, ModelRecord>,
  versions: Readonly<Record<string, string>>,
): Results {
  const found = entries.map(({ cell, arm, seed, job }): Found => {
    const record = records.get(job.name);
    if (record === undefined) throw new RangeError(`the record of ${job.name} is missing`);
    return { cell, arm, seed, record };
  });
  const analysis = analyse(definition, found);
  return {
    schemaVersion: RESULTS_VERSION,
    study: definition.name,
    preset: definition.preset,
    finding: finding(analysis, definition),
    definition,
    versions,
    analysis,
    entries: entries.map(({ cell, arm, seed, job }) => ({ cell, arm, seed, job: job.name })),
    records: [...new Set(found.map(({ record }) => record))].map(
      ({ measures: { traversals: _, ...measures }, ...rest }) => ({
        ...rest,
        measures,
      }),
    ),
  };
}
