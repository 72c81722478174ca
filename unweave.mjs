#!/usr/bin/env node
// The `unweave` command. In a source checkout it prepares first (setup.mjs); an installed package is built already.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
if (existsSync(join(root, 'setup.mjs'))) {
  const { prepare } = await import('./setup.mjs');
  await prepare();
}
await import('./dist/cli.js');
