// `node bench/peers/run.mjs [--json FILE] [--filter GLOB]`: bundles the page and the command, and runs the command. The
// frameworks come from this folder's node_modules (`npm --prefix bench/peers ci`), everything else from the root's.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const missing = [
  [join(here, '../../node_modules/esbuild'), 'npm ci'],
  [join(here, 'node_modules/@jax-js/jax'), 'npm --prefix bench/peers ci'],
].find(([path]) => !existsSync(path));
if (missing !== undefined) {
  process.stderr.write(`bench/peers: something is not installed; run \`${missing[1]}\` in the root first.\n`);
  process.exit(3);
}

const esbuild = await import('esbuild');
const { cpuKernels } = await import('../../cpu.mjs');
const { wgsl } = await import('../../wgsl.mjs');
// Inside node_modules, where puppeteer is found from, and which no tool looks into.
const built = join(here, 'node_modules/.cache/unweave');
const shared = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'error', absWorkingDir: here };

/** `jax-for-webgpu` and `jax-for-wasm`: copies of jax-js that share nothing. */
const jaxCopies = {
  name: 'jax-copies',
  setup(build) {
    build.onResolve({ filter: /^jax-for-/ }, ({ path }) => ({ path, namespace: 'jax-copies' }));
    build.onLoad({ filter: /.*/, namespace: 'jax-copies' }, async () => {
      const { outputFiles } = await esbuild.build({
        ...shared,
        entryPoints: ['@jax-js/jax'],
        outdir: '.',
        write: false,
      });
      return { contents: outputFiles[0].text };
    });
  },
};

await Promise.all([
  esbuild.build({
    ...shared,
    entryPoints: ['page.ts'],
    platform: 'browser',
    loader: { '.wasm': 'binary' },
    plugins: [wgsl, cpuKernels, jaxCopies],
    outfile: join(built, 'page.js'),
  }),
  esbuild.build({
    ...shared,
    entryPoints: ['main.ts'],
    platform: 'node',
    packages: 'external',
    outfile: join(built, 'main.js'),
  }),
]);
const { main } = await import(pathToFileURL(join(built, 'main.js')).href);
await main(here);
