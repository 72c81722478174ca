// What importing the library costs a page, in bytes after gzip, by the bundler and minifier that most use: `npm run size`.

import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { buildLibrary, ENTRIES } from './build.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const KB = 1024;

/** The README's example, as it stands there. */
async function readmeExample() {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const found = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].find(([, code]) => code.includes("from 'unweave'"));
  if (found === undefined) throw new Error('README.md has no example that imports unweave');
  return found[1];
}

/**
 * What is measured, and how many bytes it may have: what a page loads at once, or what it may load later. Where that is not reached, `reached` is what it has come to: the test keeps it
 * from growing.
 */
export const budgets = [
  { name: 'variable alone', most: KB, code: () => "export { variable } from 'unweave';" },
  { name: 'mig alone', most: 2 * KB, code: () => "export { mig } from 'unweave/metrics';" },
  { name: "the README's example", most: 25 * KB, code: readmeExample },
  { name: 'the whole engine', most: 35 * KB, reached: 47 * KB, code: () => "export * from 'unweave';" },
  {
    name: 'the CPU executor and the reference, loaded later',
    most: 20 * KB,
    loadedLater: true,
    code: () => "export { openExecutor } from 'unweave';",
  },
  {
    name: 'everything',
    most: 90 * KB,
    reached: 141 * KB,
    code: () =>
      Object.keys(ENTRIES)
        .map((entry, i) => `export * as e${i} from '${entry}';`)
        .join('\n'),
  },
];

/** Bytes after gzip of each of `budgets`, in their order. */
export async function measureSizes() {
  // By its real path, which is what the bundler says of it.
  const library = await mkdtemp(join(await realpath(tmpdir()), 'unweave-size-'));
  try {
    await buildLibrary(library);
    const alias = Object.fromEntries(
      Object.entries(ENTRIES).map(([entry, module]) => [entry, join(library, `${module}.js`)]),
    );
    return await Promise.all(
      budgets.map(async ({ code, loadedLater = false }) => {
        const { outputFiles, metafile } = await esbuild.build({
          stdin: { contents: await code(), resolveDir: root, loader: 'ts' },
          alias,
          bundle: true,
          minify: true,
          // What is loaded later is a file of its own; what is loaded at once is measured as if it were not there.
          splitting: loadedLater,
          outdir: library,
          metafile: true,
          format: 'esm',
          target: 'es2022',
          // As package.json says of the whole package.
          plugins: [{ name: 'pure', setup: (context) => declarePure(context, library, !loadedLater) }],
          write: false,
        });
        const atOnce = loadedAtOnce(metafile);
        return outputFiles
          .filter(({ path }) => atOnce.has(relative(process.cwd(), path)) !== loadedLater)
          .reduce((total, { contents }) => total + gzipSync(contents).length, 0);
      }),
    );
  } finally {
    await rm(library, { recursive: true, force: true });
  }
}

/** The output files that the entry's imports load, other than by `import()`. */
function loadedAtOnce({ outputs }) {
  const found = new Set(Object.keys(outputs).filter((path) => outputs[path].entryPoint === '<stdin>'));
  for (const path of found)
    for (const { path: next, kind } of outputs[path].imports) if (kind !== 'dynamic-import') found.add(next);
  return found;
}

function declarePure(context, library, leaveOut) {
  context.onResolve({ filter: /./ }, async ({ path, kind, resolveDir, pluginData }) => {
    if (kind === 'entry-point' || pluginData === 'resolving') return undefined;
    if (kind === 'dynamic-import' && leaveOut) return { path, external: true };
    const found = await context.resolve(path, { kind, resolveDir, pluginData: 'resolving' });
    // As package.json says: all but the file that defines Symbol.dispose.
    const pure = found.path.startsWith(library) && !found.path.endsWith('disposal.js');
    return pure ? { path: found.path, sideEffects: false } : found;
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const sizes = await measureSizes();
  for (const [i, { name, most }] of budgets.entries()) {
    const kilobytes = (bytes) => `${(bytes / KB).toFixed(2)} KB`;
    const verdict = sizes[i] <= most ? '' : '  TOO LARGE';
    console.log(`${name.padEnd(49)}${kilobytes(sizes[i]).padStart(10)} of ${kilobytes(most)}${verdict}`);
  }
  if (sizes.some((bytes, i) => bytes > budgets[i].most)) process.exitCode = 1;
}
