// Information between all pairs of columns, and what independent columns would give: the same estimates with one column of
// each pair shuffled.

import { Draw } from './draw';
import { type EstimateRequest, estimate } from './estimate';
import type { Columns } from './neighbours';

/** Shuffled pairs that the band is made of, at least. */
const SHUFFLED = 100;
const PURPOSE = 5;

/** Information of all pairs of columns, nats, with the band of independent ones. */
export interface InformationMatrix {
  /** Nats; null on the diagonal, where a column would meet itself. */
  readonly matrix: readonly (readonly (number | null)[])[];
  /** The central 95 % of estimates from shuffled pairs: a value above it is more than chance. */
  readonly nullBand: readonly [number, number];
  /** What must be said of columns or pairs. */
  readonly warnings: readonly string[];
}

/** Information of all pairs of columns [column][row] by ksg1, nats. Throws InputError for fewer than two columns or too few rows. */
export function informationMatrix(
  columns: Columns,
  names: readonly string[],
  options: Omit<EstimateRequest, 'x' | 'y' | 'given'>,
): InformationMatrix {
  const plain = { ...options, permutations: 0, standardError: false };
  const variable = (column: Float64Array, i: number) => ({ columns: [column], names: [`column ${names[i]}`] });
  const between = (a: Float64Array, i: number, b: Float64Array, j: number) =>
    estimate({ ...plain, x: variable(a, i), y: variable(b, j) });
  const warnings = new Set<string>();
  const pairs = columns.flatMap((_, i) => columns.slice(i + 1).map((__, j) => [i, i + 1 + j] as const));
  const matrix: (number | null)[][] = columns.map(() => columns.map(() => null));
  for (const [i, j] of pairs) {
    const found = between(columns[i], i, columns[j], j);
    matrix[i][j] = found.nats;
    matrix[j][i] = found.nats;
    for (const warning of found.warnings) warnings.add(warning);
  }
  const draw = new Draw(options.seed ?? 0, PURPOSE);
  const shuffled: number[] = [];
  while (pairs.length > 0 && shuffled.length < SHUFFLED) {
    for (const [i, j] of pairs) {
      const order = draw.permutation(columns[j].length);
      shuffled.push(
        between(
          columns[i],
          i,
          Float64Array.from(order, (row) => columns[j][row]),
          j,
        ).nats,
      );
    }
  }
  shuffled.sort((a, b) => a - b);
  const at = (share: number) => shuffled[Math.round(share * (shuffled.length - 1))] ?? Number.NaN;
  return { matrix, nullBand: [at(0.025), at(0.975)], warnings: [...warnings] };
}
