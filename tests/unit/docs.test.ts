// The examples of the pages: each TypeScript block that is followed by a block of text is run, and must print that text.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { expect, test } from 'vitest';
import { cpuKernels } from '../../cpu.mjs';
import { withSamples } from '../../docs.mjs';
import { wgsl } from '../../wgsl.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const source = (room: string) => join(ROOT, 'src', room, 'index.ts');
const pages = ['docs', 'docs/guide'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

const examples = pages.flatMap((page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/```ts\n((?:(?!```)[\s\S])*)```\n\n```text\n([\s\S]*?)```/g)].map(
    ([, code, printed], i) => [`${page}, example ${i + 1}`, code, printed] as const,
  );
});

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(0);
});

test('the samples in docs/library.md are the samples', async () => {
  const text = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
  expect(await withSamples(text)).toBe(text);
  expect(text.match(/```js\n/g)?.length).toBe(7);
});

const samples = readdirSync(join(ROOT, 'docs/samples'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js'))
  .sort()
  .map((name) => {
    const text = readFileSync(join(ROOT, 'docs/samples', name), 'utf8');
    const [, code, printed] = /^([\s\S]*)\n\/\* prints\n([\s\S]*)\*\/\n$/.exec(text) ?? [];
    return [`the sample ${name}`, code, printed] as const;
  });

test('the workbench has some twenty samples, each of which says what it prints', () => {
  expect(samples.length).toBeGreaterThanOrEqual(20);
  expect(samples.filter(([, code]) => code === undefined)).toEqual([]);
});

test.each([...examples, ...samples])('%s prints what the page says', async (_, code, printed) => {
  const outfile = join(mkdtempSync(join(tmpdir(), 'unweave-docs-')), 'example.mjs');
  await esbuild.build({
    stdin: { contents: code, resolveDir: ROOT, loader: 'ts' },
    alias: {
      unweave: source('engine'),
      'unweave/cpu': join(ROOT, 'src/engine/cpu/index.ts'),
      'unweave/testing': join(ROOT, 'src/engine/testing.ts'),
      'unweave/data': source('data'),
      'unweave/metrics': source('metrics'),
      'unweave/models': source('models'),
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    plugins: [wgsl, cpuKernels],
    outfile,
  });
  expect(execFileSync(process.execPath, [outfile], { encoding: 'utf8' })).toBe(printed);
});
