// The CPU kernels (src/engine/cpu/kernels, AssemblyScript) as one WebAssembly module: importing `kernels.wasm` gives its bytes, compressed and as
// base64. For
// esbuild (`cpuKernels`) and for vite (`cpuKernelsForVite`). Compiling takes seconds, so the module is kept under the hash of
// what it was made of.

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = dirname(fileURLToPath(import.meta.url));
const KERNELS = join(root, 'src/engine/cpu/kernels');
const CACHE = join(root, 'node_modules/.cache/unweave');

/** No runtime, no garbage, and nothing that rounds otherwise than the reference. */
const OPTIONS = ['-O3', '--converge', '--noAssert', '--enable', 'simd', '--runtime', 'stub', '--importMemory'];

/** The kernels' files and the libraries they use, by name. */
async function sources() {
  const names = (await readdir(KERNELS, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(KERNELS, name), 'utf8')])));
}

/** Modules that are being compiled, by where they will be kept: several bundles ask at once. */
const compiling = new Map();

/** The module, compiled if need be and kept in `folder`. Throws what the compiler says. */
export async function compileKernels(folder = CACHE) {
  const files = await sources();
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json');
  const hash = createHash('sha256').update(JSON.stringify([version, OPTIONS, [...files]]));
  const kept = join(folder, `kernels-${hash.digest('hex').slice(0, 16)}.wasm`);
  const made = compiling.get(kept) ?? keptOrCompiled(kept, files);
  compiling.set(kept, made);
  return made.finally(() => compiling.delete(kept));
}

async function keptOrCompiled(kept, files) {
  try {
    return await readFile(kept);
  } catch {
    const bytes = await compile(files);
    await mkdir(dirname(kept), { recursive: true });
    // Another process may be at the same: whoever is last puts the same bytes there.
    const own = `${kept}.${randomUUID()}`;
    await writeFile(own, bytes);
    await rename(own, kept);
    return bytes;
  }
}

async function compile(files) {
  // Not at the top: the compiler is large, and mostly the module is there.
  const { default: asc } = await import('assemblyscript/asc');
  // All files that are no libraries export their kernels.
  const entries = [...files.keys()].filter((name) => !name.startsWith('lib'));
  let bytes;
  const { error, stderr } = await asc.main([...entries, ...OPTIONS, '--outFile', 'kernels.wasm'], {
    readFile: (name) => files.get(name) ?? null,
    writeFile: (_, contents) => {
      bytes = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`the CPU kernels do not compile: ${error.message}\n${stderr.toString()}`);
  return bytes;
}

/** Compressed first: gzip finds nothing in base64 of what is not. */
const moduleOf = (bytes) => `export default ${JSON.stringify(gzipSync(bytes, { level: 9 }).toString('base64'))};`;

export const cpuKernels = {
  name: 'cpu-kernels',
  setup(build) {
    // There is no such file: it is made.
    build.onResolve({ filter: /kernels\.wasm$/ }, () => ({ path: join(KERNELS, '../kernels.wasm') }));
    build.onLoad({ filter: /kernels\.wasm$/ }, async () => ({
      contents: moduleOf(await compileKernels()),
      loader: 'js',
    }));
  },
};

export const cpuKernelsForVite = {
  name: 'cpu-kernels',
  enforce: 'pre',
  resolveId: (id) => (id.endsWith('kernels.wasm') ? '\0cpu/kernels.js' : undefined),
  load: async (id) => (id === '\0cpu/kernels.js' ? moduleOf(await compileKernels()) : undefined),
};
