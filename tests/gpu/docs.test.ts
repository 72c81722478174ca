// The examples of the pages that need WebGPU (```ts page): each is bundled as a page would, run in Chrome, and must print its text.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { expect, test } from 'vitest';
import { ENTRIES } from '../../build.mjs';
import { cpuKernels } from '../../cpu.mjs';
import { wgsl } from '../../wgsl.mjs';
import { inPage } from './inPage';

const ROOT = resolve(import.meta.dirname, '../..');
const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
const examples = pages.flatMap((page) => {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  return [...text.matchAll(/```ts page\n((?:(?!```)[\s\S])*)```\n\n```text\n([\s\S]*?)```/g)].map(
    ([, code, printed], i) => [`${page}, example ${i + 1}`, code, printed] as const,
  );
});

test('there is an example that defines an op in a page', () => {
  expect(examples.some(([, code]) => code.includes('defineOp'))).toBe(true);
});

test.each(examples)('%s prints what the page says', async (_, code, printed) => {
  const alias = Object.fromEntries(
    Object.entries(ENTRIES).map(([entry, module]) => [entry, join(ROOT, 'src', `${module}.ts`)]),
  );
  const { outputFiles } = await esbuild.build({
    stdin: { contents: code, resolveDir: ROOT, loader: 'ts' },
    alias,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    plugins: [wgsl, cpuKernels],
    write: false,
  });
  expect(await inPage('printed', outputFiles[0].text)).toBe(printed);
});
