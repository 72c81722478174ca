// Builds everything that ships: the library, one file a module, so that whoever imports it pays for what is used; the command line;
// the threads and the page that work for it; the script that draws its reports; and the
// custom element, which is one file. `buildCommands()` is also called by setup.mjs and by the tests' global setup, `buildLibrary()` by size.mjs.

import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { cpuKernels } from './cpu.mjs';
import { wgsl } from './wgsl.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const source = (path) => join(root, 'src', path);

/** What can be imported, and the module of src that it is. */
export const ENTRIES = {
  unweave: 'engine/index',
  'unweave/cpu': 'engine/cpu/index',
  'unweave/data': 'data/index',
  'unweave/models': 'models/index',
  'unweave/metrics': 'metrics/index',
  'unweave/testing': 'engine/testing',
};

/** Rooms of src whose modules ship one file each: the library, which the commands import like anybody else. */
const LIBRARY = ['engine', 'math', 'data', 'models', 'metrics', 'shaders'];

const shared = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  plugins: [wgsl, cpuKernels],
  logLevel: 'warning',
  absWorkingDir: root,
};

/** Newer than what the commands in dist were made of; written last. */
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

/**
 * `shipped`: as in the package, where the commands import the library's modules, which are there anyway. In a checkout they are files of
 * their own, which start a third faster: the tests start hundreds.
 */
export async function buildCommands({ shipped = false } = {}) {
  const begun = new Date();
  /** One file for a page that loads nothing else. */
  const whole = (entry, name) =>
    build({
      ...shared,
      plugins: [withoutMaps, ...shared.plugins],
      entryPoints: [source(entry)],
      minify: true,
      outfile: join(root, 'dist', name),
    });
  await Promise.all([
    // What they share are files of their own.
    build({
      ...shared,
      plugins: shipped ? [libraryOutside, ...shared.plugins] : shared.plugins,
      entryPoints: COMMANDS,
      platform: 'node',
      packages: 'external',
      splitting: true,
      minify: true,
      chunkNames: 'part-[hash]',
      outdir: join(root, 'dist'),
    }),
    ...(shipped ? [buildLibrary()] : []),
    whole('figures/drawReport.ts', 'report.js'),
    whole('web/embed/unweaveLab.ts', 'unweave-lab.js'),
  ]);
  await writeFile(STAMP, '');
  // What changed while it was built is not in it.
  await utimes(STAMP, begun, begun);
}

/** Plot can draw maps, and no figure here is one: what only maps need is left out of the pages. */
export const withoutMaps = {
  name: 'without-maps',
  setup(context) {
    context.onResolve({ filter: /^d3-geo$/ }, () => ({ path: 'd3-geo', namespace: 'none' }));
    context.onLoad({ filter: /.*/, namespace: 'none' }, async () => {
      const names = Object.keys(await import('d3-geo'));
      // Plot makes a projection when it is loaded, and uses none.
      return { contents: names.map((name) => `export const ${name} = () => undefined;`).join('\n'), loader: 'js' };
    });
  },
};

/** What the command line starts: its process, its threads, and the page of its browser. */
const COMMANDS = {
  cli: source('cli/main.ts'),
  thread: source('cli/hosts/thread.ts'),
  page: source('cli/hosts/page.ts'),
};

/** Imports of the library stay imports, from `dist`. */
const libraryOutside = {
  name: 'library-outside',
  setup(context) {
    context.onResolve({ filter: /^\.{1,2}\// }, ({ path, kind, resolveDir }) => {
      if (kind === 'entry-point') return undefined;
      const target = relative(join(root, 'src'), join(resolveDir, path));
      if (!LIBRARY.includes(target.split(/[\\/]/)[0])) return undefined;
      return { path: `./${fileOf(target, join(root, 'src'))}`, external: true };
    });
  },
};

/** The file that a specifier in a module in `folder` of src, or of its image, stands for. */
function fileOf(specifier, folder) {
  const isFolder = existsSync(join(folder, specifier)) && statSync(join(folder, specifier)).isDirectory();
  return isFolder ? `${specifier}/index.js` : `${specifier}.js`;
}

/** Every module is a file of its own: what it imports stays an import, under the name that the file will have. */
const oneFileEach = {
  name: 'one-file-each',
  setup(context) {
    context.onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) =>
      kind === 'entry-point' ? undefined : { path: fileOf(path, resolveDir), external: true },
    );
  },
};

/** The library into `outdir`, in the folders of src. */
export async function buildLibrary(outdir = join(root, 'dist')) {
  const entryPoints = [...Object.values(ENTRIES).map((module) => source(`${module}.ts`)), ...Object.values(COMMANDS)];
  const { metafile } = await esbuild.build({
    ...shared,
    entryPoints,
    outdir,
    platform: 'node',
    packages: 'external',
    metafile: true,
    write: false,
  });
  const inLibrary = (path) => LIBRARY.some((room) => path.startsWith(`src/${room}/`));
  const modules = Object.keys(metafile.inputs)
    .filter(inLibrary)
    .map((path) => ({ in: join(root, path), out: relative('src', path).replace(/\.ts$/, '') }));
  await build({
    ...shared,
    plugins: [oneFileEach, wgsl, cpuKernels],
    entryPoints: modules,
    outdir,
    // Names stay, for stack traces and for who reads along.
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: true,
  });
}

const SPECIFIER = /(\bfrom |\bimport |\bimport\()(['"])(\.[^'"]*)\2/g;

/** Types beside the library's files. Under NodeNext a specifier names a file, so `./tensor` becomes `./tensor.js`. */
async function buildTypes(outdir = join(root, 'dist')) {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.types.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  for (const name of await readdir(outdir, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const path = join(outdir, name);
    const named = (_, before, quote, specifier) => `${before}${quote}${fileOf(specifier, dirname(path))}${quote}`;
    await writeFile(path, (await readFile(path, 'utf8')).replace(SPECIFIER, named));
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  // What ships holds no part of an earlier build.
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await buildCommands({ shipped: true });
  await buildTypes();
}
