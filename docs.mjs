// `npm run docs`: writes the part of docs/cli.md that is made from the table of commands.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

await writeCommands();
