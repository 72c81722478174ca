// Records what the playground shows before it has computed anything: `npm run record` trains both arms on the CPU with the runner of all
// studies and writes src/web/recorded/recorded.json.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { cpuKernels } from './cpu.mjs';
import { wgsl } from './wgsl.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const folder = await mkdtemp(join(root, 'node_modules/.unweave-record-'));
try {
  const outfile = join(folder, 'record.js');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/web/playground/record.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [wgsl, cpuKernels],
    outfile,
  });
  const { record } = await import(pathToFileURL(outfile).href);
  const file = join(root, 'src/web/recorded/recorded.json');
  await writeFile(file, `${JSON.stringify(await record((line) => console.error(line)))}\n`);
  console.error(`written: ${file}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
