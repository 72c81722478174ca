// Factors out of labels: the values that occur, in order, and the combination that every example shows.

import { InputError } from '../engine';
import { FactorSpace } from './factors';

/** Of labels [rows][factors]; names are one a column. Throws InputError for another number of names, or too many combinations to number. */
export function labelledFactors(labels: readonly number[][], names: readonly string[] | undefined, name: string) {
  const width = labels[0].length;
  if (names !== undefined && names.length !== width) {
    throw new InputError(`${name} has labels of ${width} factors, and ${names.length} names were given.`);
  }
  const columns = Array.from({ length: width }, (_, f) =>
    [...new Set(labels.map((row) => row[f]))].sort((a, b) => a - b),
  );
  const factors = new FactorSpace(columns.map((values, f) => ({ name: names?.[f] ?? `factor${f}`, values })));
  if (factors.count > Number.MAX_SAFE_INTEGER)
    throw new InputError(
      `${name}: the labels take ${columns.map(({ length }) => length).join(' x ')} values, which are too many combinations to number; give labels of fewer values.`,
    );
  const places = columns.map((values) => new Map(values.map((value, place) => [value, place])));
  const digit = (value: number, f: number): number => places[f].get(value) ?? 0;
  const combinations = labels.map((row) =>
    row.reduce((sum, value, f) => sum + factors.strides[f] * digit(value, f), 0),
  );
  return { factors, combinationOf: (index: number): number => combinations[index] };
}
