// A module of src, bundled for Node and imported: what scripts of the build run of the project's own.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { cpuKernels } from './cpu.mjs';
import { wgsl } from './wgsl.mjs';

export async function importBundled(entry) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: dirname(fileURLToPath(import.meta.url)),
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    plugins: [wgsl, cpuKernels],
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
