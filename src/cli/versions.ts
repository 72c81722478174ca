// What made a result: written into every results.json.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function packageVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

export const versions = (browser: string): Record<string, string> => ({
  unweave: packageVersion(),
  browser,
  node: process.version,
});
