import type { ModelRecord } from '../runs/record';
import type { Results } from '../studies/results';
export const reportOf = (
  _results: readonly Results[],
  _records: ReadonlyMap<string, ModelRecord>,
  _script: string,
): string => '';
