// What importing the library costs a page. Two of the budgets are not reached; those sizes may not grow (see size.mjs).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { budgets, measureSizes } from '../../size.mjs';

const sizes = await measureSizes();

test.each(budgets.map(({ name, most, reached }, i) => [name, sizes[i], reached ?? most] as const))(
  '%s: %d bytes after gzip, of at most %d',
  (_, bytes, most) => {
    expect(bytes).toBeGreaterThan(100);
    expect(bytes).toBeLessThanOrEqual(most);
  },
);

test('the README tells these sizes', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const told = (row: string): number => Number(new RegExp(`\\| ${row}[^|]*\\| +([\\d.]+) \\|`).exec(readme)?.[1]);
  const found = (name: string): number => sizes[budgets.findIndex((each) => each.name === name)] / 1024;
  expect(told('the example above')).toBeCloseTo(found("the README's example"), 0);
  expect(told('everything')).toBeCloseTo(found('everything'), 0);
});
