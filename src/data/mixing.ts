// Random mixing matrices of data sets with exact answers, in double precision. A matrix is a list of its rows.

import { InputError } from '../engine';
import { normalF } from '../engine/random/normal';
import { threefry } from '../engine/random/threefry';
import { orthonormalised, transpose } from '../math/matrix';
import { noisePurposes } from './exampleNoise';

/** Standard normal entries, [rows][columns], a function of `seed` and `stream`. */
export const randomMatrix = (rows: number, columns: number, seed: number, stream = 0): number[][] =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_unused, j) =>
      normalF(threefry([seed, noisePurposes.mixing], [i * columns + j, stream])[0]),
    ),
  );

/** `columns` random directions in `rows` dimensions at right angles, [rows][columns] (Gram and Schmidt, twice for accuracy). Throws InputError where there are not so many. */
export function orthonormal(rows: number, columns: number, seed: number, stream = 0): number[][] {
  if (columns > rows) throw new InputError(`there are no ${columns} directions at right angles in ${rows} dimensions`);
  return transpose(orthonormalised(transpose(randomMatrix(rows, columns, seed, stream)), 2));
}
