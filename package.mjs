// The README of the package: its links to what does not ship become words, since they would lead nowhere. `npm pack` calls this before it packs
// (`--pack`) and after it (`--restore`); the original lies beside it meanwhile, and is put back first should a pack have been killed.

import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = import.meta.dirname;
const README = join(root, 'README.md');
const ORIGINAL = join(root, '.README.original.md');
const SHIPS = ['CHANGELOG.md', 'LICENSE'];

/** Pictures go; a link to a file that does not ship becomes its text, with the file's name where that says more. */
export const forPackage = (text) =>
  text
    .replace(/^!\[[^\]]*\]\((?![a-z]+:)[^)]*\)\n\n?/gm, '')
    .replace(/\[([^\]]*)\]\((?![a-z]+:)([^)#\s]+)[^)]*\)/g, (link, words, file) =>
      SHIPS.includes(file) ? link : `${words} (${file} in the repository)`,
    );

/** Puts the original back. Throws where the README was edited since: both are kept. */
function restore() {
  if (!existsSync(ORIGINAL)) return;
  if (readFileSync(README, 'utf8') !== forPackage(readFileSync(ORIGINAL, 'utf8')))
    throw new Error(
      `README.md was edited after a pack that did not end: put what is right into it, and remove ${ORIGINAL}.`,
    );
  renameSync(ORIGINAL, README);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  restore();
  if (process.argv.includes('--pack')) {
    copyFileSync(README, ORIGINAL);
    writeFileSync(README, forPackage(readFileSync(README, 'utf8')));
  }
}
