// The choice of matmul kernel is a pure function: these are the cases it was made for.

import { expect, test } from 'vitest';
import { chooseMatmul } from '../../src/engine/ops/matmul';

test.each([
  ['a large square', { batches: 1, m: 512, n: 512, k: 512 }, { tile: 16, flavour: 'vector' }],
  ['a population of small layers', { batches: 12, m: 64, n: 64, k: 256 }, { tile: 16, flavour: 'vector' }],
  ['one small layer: more workgroups', { batches: 1, m: 64, n: 64, k: 256 }, { tile: 8, flavour: 'vector' }],
  ['a tiny one', { batches: 1, m: 8, n: 8, k: 8 }, { tile: 4, flavour: 'vector' }],
  ['sizes that are no multiples of 4', { batches: 12, m: 64, n: 27, k: 64 }, { tile: 8, flavour: 'scalar' }],
] as const)('%s', (_, problem, choice) => {
  expect(chooseMatmul(problem)).toEqual(choice);
});
