// Records what the playground shows before it has computed anything: `npm run record` trains both arms on the CPU with the runner of all
// studies and writes src/web/recorded/recorded.json.

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { importBundled } from './bundled.mjs';

const { record } = await importBundled('src/web/playground/record.ts');
const file = fileURLToPath(new URL('src/web/recorded/recorded.json', import.meta.url));
await writeFile(file, `${JSON.stringify(await record((line) => console.error(line)))}\n`);
console.error(`written: ${file}`);
