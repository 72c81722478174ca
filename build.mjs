// Builds everything that ships: the library (one file an entry), the command line, and the page it drives.
// `buildAll()` is also called by setup.mjs and by the tests' global setup.

import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { wgsl } from './wgsl.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const source = (path) => join(root, 'src', path);

const shared = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  plugins: [wgsl],
  logLevel: 'warning',
  absWorkingDir: root,
};

/** Newer than what everything in dist was made of; written last. */
export const STAMP = join(root, 'dist/built');

/** Builds in memory, then puts every file in place whole: a command that runs meanwhile reads the old one or the new one. */
async function build(options) {
  const { outputFiles } = await esbuild.build({ ...options, write: false });
  for (const { path, contents } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.${process.pid}`, contents);
    await rename(`${path}.${process.pid}`, path);
  }
}

export async function buildAll() {
  const begun = new Date();
  await Promise.all([
    build({
      ...shared,
      entryPoints: {
        unweave: source('engine/index.ts'),
        data: source('data/index.ts'),
        models: source('models/index.ts'),
        metrics: source('metrics/index.ts'),
      },
      splitting: true,
      minify: true,
      sourcemap: true,
      outdir: join(root, 'dist'),
    }),
    build({
      ...shared,
      entryPoints: [source('cli/page.ts')],
      platform: 'browser',
      outfile: join(root, 'dist/page.js'),
    }),
    build({
      ...shared,
      entryPoints: [source('cli/main.ts')],
      platform: 'node',
      packages: 'external',
      outfile: join(root, 'dist/cli.js'),
    }),
  ]);
  await writeFile(STAMP, '');
  // What changed while it was built is not in it.
  await utimes(STAMP, begun, begun);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  // What ships holds no part of an earlier build.
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await buildAll();
}
