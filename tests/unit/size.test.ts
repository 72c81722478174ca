// What importing the library costs a page. Two of the budgets are not reached; those sizes may not grow (see size.mjs).

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
