// The reference: every export has a docstring, and every type that a signature uses is exported. What lacks one is an error of typedoc.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const bin = resolve(ROOT, 'node_modules/.bin/typedoc');

test('typedoc finds every export documented, every type exported, and no link that leads nowhere', async () => {
  const options = ['--emit', 'none', '--treatWarningsAsErrors', '--logLevel', 'Warn'];
  const { stdout, stderr } = await promisify(execFile)(bin, options, { cwd: ROOT });
  expect(stdout + stderr).toBe('');
}, 120_000);
