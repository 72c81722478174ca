// The examples of the pages: each TypeScript block that is followed by a block of text is run, and must print that text.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { cpuKernels } from '../../cpu.mjs';
import { withSamples } from '../../docs.mjs';
import { wgsl } from '../../wgsl.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const source = (room: string) => join(ROOT, 'src', room, 'index.ts');
const pages = ['.', 'docs', 'docs/guide'].flatMap((room) =>
  readdirSync(join(ROOT, room))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(room, name)),
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

const all = [...examples, ...samples];
const folder = mkdtempSync(join(tmpdir(), 'unweave-docs-'));

beforeAll(async () => {
  // All at once: what they share, which is the library, is built once.
  for (const [i, [, code]] of all.entries()) writeFileSync(join(folder, `example-${i}.ts`), `${code}\nexport {};\n`);
  await esbuild.build({
    entryPoints: all.map((_, i) => join(folder, `example-${i}.ts`)),
    alias: {
      unweave: source('engine'),
      'unweave/cpu': join(ROOT, 'src/engine/cpu/index.ts'),
      'unweave/testing': join(ROOT, 'src/engine/testing.ts'),
      'unweave/data': source('data'),
      'unweave/metrics': source('metrics'),
      'unweave/models': source('models'),
    },
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    plugins: [wgsl, cpuKernels],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
  });
}, 60_000);

test.each(all.map(([name, , printed], i) => [name, printed, i] as const))(
  '%s prints what the page says',
  (_, printed, i) => {
    expect(execFileSync(process.execPath, [join(folder, `example-${i}.mjs`)], { encoding: 'utf8', cwd: ROOT })).toBe(
      printed,
    );
  },
);

test('every example says what it prints', () => {
  for (const page of pages) {
    const blocks = readFileSync(join(ROOT, page), 'utf8').match(/```ts\n(?:(?!```)[\s\S])*```(\n\n```text)?/g) ?? [];
    expect(
      blocks.filter((block) => !block.endsWith('text')),
      page,
    ).toEqual([]);
  }
});
