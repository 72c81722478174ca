// Which rows a score looks at. The study of Locatello et al. (2019) draws factors independently and uniformly, 10,000 times
// to fit and 5,000 times to test. From a table that is given there are two ways to draw such samples:
//
// - a complete table, one row for every combination of factor values, is the whole population: rows are drawn with
//   replacement, which is exactly what the study does;
// - any other table is a sample already: rows are drawn without replacement, because a row that is drawn twice adds to the
//   bias of plug-in information, and a row that is both fitted and tested makes a learner look better than it is.

import type { Draw } from '../information/draw';
import { type Columns, labelsOf } from './columns';

/** Rows of the study: `num_train` and `num_test` of its configuration files. */
export const published = { trainRows: 10000, testRows: 5000 };

export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** True where every combination of the factors' values has exactly one row. */
export function isComplete(factors: Columns): boolean {
  const count = factors[0].length;
  const labelled = factors.map(labelsOf);
  if (labelled.reduce((product, { values }) => product * values.length, 1) !== count) return false;
  const seen = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const combination = labelled.reduce((index, { labels, values }) => index * values.length + labels[n], 0);
    if (seen[combination] === 1) return false;
    seen[combination] = 1;
  }
  return true;
}

/** Up to `count` rows: with replacement from a complete table, else without (and then no more than there are). */
export function drawRows(factors: Columns, count: number, draw: Draw): Int32Array {
  const rows = factors[0].length;
  if (isComplete(factors)) return Int32Array.from({ length: count }, () => draw.below(rows));
  return someOf(rows, Math.min(count, rows), draw);
}

/** Rows to fit and rows to test. Where there are too few for both, they are shared in the same proportion. */
export function drawSplit(factors: Columns, trainRows: number, testRows: number, draw: Draw): Split {
  const rows = factors[0].length;
  const wanted = trainRows + testRows;
  const drawn = drawRows(factors, wanted, draw);
  const train = drawn.length === wanted ? trainRows : Math.floor((rows * trainRows) / wanted);
  return { train: drawn.slice(0, train), test: drawn.slice(train) };
}

/** `count` of the numbers below `from`, each at most once, in random order. */
export function someOf(from: number, count: number, draw: Draw): Int32Array {
  const order = Int32Array.from({ length: from }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + draw.below(from - i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order.slice(0, count);
}
