// What made a result: written into every results.json.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function packageVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** `host`: what the host runs in. */
export const versions = (host: Readonly<Record<string, string>>): Record<string, string> => ({
  unweave: packageVersion(),
  ...host,
  node: process.version,
});
