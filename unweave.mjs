#!/usr/bin/env node
// The `unweave` command. In a source checkout it prepares first (setup.mjs); an installed package is built already.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Until the command itself answers signals.
const early = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
for (const [signal, code] of Object.entries(early)) process.on(signal, () => process.exit(code));

const root = dirname(fileURLToPath(import.meta.url));
if (existsSync(join(root, 'setup.mjs'))) {
  const { prepare } = await import('./setup.mjs');
  await prepare();
}
for (const signal of Object.keys(early)) process.removeAllListeners(signal);
await import('./dist/cli.js');
