// A .wgsl file as a module: importing it gives a kernel, `{ name, text, uses }` (src/shaders/kernel.ts). A line
// `// uses lib/float` becomes an import of that file; `// uses lib/elements by flavour` one of each lib/elements_FLAVOUR.
// For esbuild (`wgsl`) and for vite (`wgslForVite`).

import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const SHADERS = fileURLToPath(new URL('src/shaders', import.meta.url));
const FLAVOUR = /^(\w+_)(scalar|vector|shared|subgroup)\.wgsl$/;
const USES = /^\/\/ uses (\S+)( by flavour)?$/gm;

/** What follows `NAME_` in the names of the files of a library that comes in several flavours. */
function flavoursOf(library) {
  const prefix = `${basename(library)}_`;
  const files = readdirSync(join(SHADERS, dirname(library))).sort();
  return files.flatMap((file) => (FLAVOUR.exec(file)?.[1] === prefix ? [FLAVOUR.exec(file)[2]] : []));
}

/** The JavaScript of a .wgsl file; `kept` is what becomes of its text. */
function moduleOf(path, text, kept = text) {
  const name = relative(SHADERS, path)
    .split(sep)
    .join('/')
    .replace(/\.wgsl$/, '');
  const up = relative(dirname(path), SHADERS).split(sep).join('/') || '.';
  const imports = [];
  const use = (library) => {
    imports.push(`import use${imports.length} from ${JSON.stringify(`${up}/${library}.wgsl`)};`);
    return `use${imports.length - 1}`;
  };
  const uses = Array.from(text.matchAll(USES), ([, library, byFlavour]) =>
    byFlavour === undefined
      ? use(library)
      : `{ ${flavoursOf(library)
          .map((flavour) => `${flavour}: ${use(`${library}_${flavour}`)}`)
          .join(', ')} }`,
  );
  const kernel = `{ name: ${JSON.stringify(name)}, text: ${JSON.stringify(kept)}, uses: [${uses.join(', ')}] }`;
  return [...imports, `export default ${kernel};`].join('\n');
}

/** Without comments, and without spaces where WGSL needs none; lines keep their numbers. */
const withoutComments = (text) =>
  text
    .split('\n')
    .map((line) =>
      line
        .replace(/\s*\/\/.*$/, '')
        .trim()
        // Around an operator only between operands: `a - -b` and `a / *b` are not what they would be without.
        .replace(/(?<=[\w)\]]) ([-+*/%<>|&^=]|[-+*/=!<>|&]=|&&|\|\||<<|>>) (?=[\w(])/g, '$1')
        .replace(/ *([{}();:,]) */g, '$1'),
    )
    .join('\n');

export const wgsl = {
  name: 'wgsl',
  setup(build) {
    build.onLoad({ filter: /\.wgsl$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: moduleOf(path, text, withoutComments(text)), loader: 'js', resolveDir: dirname(path) };
    });
  },
};

export const wgslForVite = {
  name: 'wgsl',
  enforce: 'pre',
  load: async (id) => (id.endsWith('.wgsl') ? moduleOf(id, await readFile(id, 'utf8')) : undefined),
};
