// `npm run docs`: writes what is made in docs: the commands of docs/cli.md, the samples in docs/library.md, the lines that the guide links to; then
// the reference and the guide into site/.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importBundled } from './bundled.mjs';

const root = import.meta.dirname;
const MARK = 'do not edit below -->\n';

async function writeCommands() {
  const { commands } = await importBundled('src/cli/commands/index.ts');
  const { markdownOf } = await importBundled('src/cli/help.ts');
  const file = join(root, 'docs/cli.md');
  const [written] = (await readFile(file, 'utf8')).split(MARK);
  await writeFile(file, `${written}${MARK}\n${markdownOf(commands)}\n`);
}

/** A page with the code of every sample that it names put below the name. */
export async function withSamples(text) {
  const parts = text.split(/(<!-- sample [\w/-]+ -->\n)(?:\n```js\n[\s\S]*?```\n)?/);
  const made = parts.map(async (part) => {
    const name = /^<!-- sample ([\w/-]+) -->\n$/.exec(part)?.[1];
    if (name === undefined) return part;
    const [, code, printed] = /^([\s\S]*)\n\/\* prints\n([\s\S]*)\*\/\n$/.exec(
      await readFile(join(root, `docs/samples/${name}.js`), 'utf8'),
    );
    const prints = printed
      .trimEnd()
      .split('\n')
      .map((line) => `// prints: ${line}`);
    return `${part}\n\`\`\`js\n${code.trimEnd()}\n${prints.join('\n')}\n\`\`\`\n`;
  });
  return (await Promise.all(made)).join('');
}

/** A page of the guide whose links to names in src, [`name`](../../src/file#L1), point at the line where the name is made. */
export async function withLines(text) {
  const parts = text.split(/(\[`[\w.]+`\]\(\.\.\/\.\.\/src\/[\w./]+#L\d+\))/);
  const made = parts.map(async (part) => {
    const [, name, file] = /^\[`([\w.]+)`\]\(\.\.\/\.\.\/(src\/[\w./]+)#L\d+\)$/.exec(part) ?? [];
    if (name === undefined) return part;
    const lines = (await readFile(join(root, file), 'utf8')).split('\n');
    // Of a kernel it is where it begins.
    const made = file.endsWith('.wgsl')
      ? /^fn main\(/
      : new RegExp(`^export (async )?(function|const|class|interface|type) ${name}\\b`);
    const at = lines.findIndex((line) => made.test(line));
    if (at < 0) throw new Error(`the guide links to ${name} in ${file}, which is not exported there`);
    return `[\`${name}\`](../../${file}#L${at + 1})`;
  });
  return (await Promise.all(made)).join('');
}

/** The pages of the guide, in order. */
export const guidePages = async () =>
  (await readdir(join(root, 'docs/guide'))).filter((name) => name.endsWith('.md')).sort();

async function writeLines() {
  for (const name of await guidePages()) {
    const file = join(root, 'docs/guide', name);
    await writeFile(file, await withLines(await readFile(file, 'utf8')));
  }
}

async function writeSamples() {
  const file = join(root, 'docs/library.md');
  await writeFile(file, await withSamples(await readFile(file, 'utf8')));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeCommands();
  await writeSamples();
  await writeLines();
}
