// The module of the CPU kernels is made where there is none yet, by all who ask at once: bundles of one process, and processes.

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compileKernels } from '../../cpu.mjs';

const MODULE = pathToFileURL(resolve(import.meta.dirname, '../../cpu.mjs')).href;

test('two at once in one process, and in another: valid WebAssembly, one file, nothing half made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unweave-kernels-'));
  const elsewhere = promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    `import { compileKernels } from '${MODULE}'; console.log((await compileKernels('${folder}')).length);`,
  ]);
  const [first, ...others] = await Promise.all([1, 2].map(() => compileKernels(folder)));
  expect(WebAssembly.validate(first)).toBe(true);
  for (const each of others) expect(Buffer.from(each).equals(Buffer.from(first))).toBe(true);
  expect(Number((await elsewhere).stdout)).toBe(first.length);
  expect(readdirSync(folder).length).toBe(1);
  expect((await compileKernels(folder)).length).toBe(first.length);
}, 60_000);
