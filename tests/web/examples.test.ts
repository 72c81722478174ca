// The custom element and every example: built as its reader would, and run in the browser, under a policy that forbids whatever is not served.

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { build as vite } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildLibrary, ENTRIES } from '../../build.mjs';
import { cpuKernels } from '../../cpu.mjs';
import { serveFolder } from '../../site.mjs';
import { wgsl } from '../../wgsl.mjs';
import { visit } from './visit';

const ROOT = resolve(import.meta.dirname, '../..');
const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'none'; img-src data:; base-uri 'none'; form-action 'none'";

let folder: string;
let library: string;
let alias: Record<string, string>;
let strict: Awaited<ReturnType<typeof serveFolder>> | undefined;
let server: Server;
let site: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unweave-examples-'));
  library = join(folder, 'library');
  await buildLibrary(library);
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: ['src/web/embed/unweaveLab.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    plugins: [wgsl, cpuKernels],
    outfile: join(library, 'unweave-lab.js'),
  });
  const entries = Object.entries(ENTRIES).map(([entry, module]) => [entry, join(library, `${module}.js`)] as const);
  // Longer names first: a bundler takes the first that fits.
  alias = { ...Object.fromEntries([...entries].reverse()), 'unweave/lab': join(library, 'unweave-lab.js') };
  ({ url: site, server } = await serveFolder(folder));
});

afterAll(async () => {
  server.close();
  strict?.server.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the page of a folder says when it is done. */
async function said(name: string, timeout = 90_000): Promise<string> {
  const { page } = await visit(`${name}/index.html`, { site });
  await page.waitForFunction(() => document.body.dataset.done === 'true', { timeout });
  return page.evaluate(() => document.body.innerText);
}

/** Bundles an example's scripts beside its page. */
async function bundle(name: string, ...entryPoints: string[]): Promise<void> {
  const from = join(ROOT, 'examples', name);
  await esbuild.build({
    entryPoints: entryPoints.map((file) => join(from, file)),
    outdir: join(folder, name),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    // Not this repository's settings: an example is a project of its own.
    tsconfigRaw: { compilerOptions: { jsx: 'react-jsx' } },
    nodePaths: [join(ROOT, 'node_modules')],
    plugins: [
      {
        name: 'installed',
        setup(context) {
          // The element is its own worker, so it stays a file of its own.
          context.onResolve({ filter: /^unweave(\/|$)/ }, ({ path }) =>
            path === 'unweave/lab' ? { path: '../library/unweave-lab.js', external: true } : { path: alias[path] },
          );
        },
      },
    ],
  });
  const page = await readFile(join(from, 'index.html'), 'utf8');
  await writeFile(join(folder, name, 'index.html'), page.replace('./main.jsx', './main.js'));
}

test('the element from one file: two on a page, no build, a strict policy, results by events and by a method', async () => {
  await cp(join(ROOT, 'examples/bare'), join(folder, 'bare'), { recursive: true });
  await cp(join(library, 'unweave-lab.js'), join(folder, 'bare/unweave-lab.js'));
  strict = await serveFolder(join(folder, 'bare'), { headers: { 'Content-Security-Policy': STRICT } });
  const { page } = await visit('index.html', { site: strict.url });
  await page.waitForFunction(() => document.body.dataset.done === 'true', { timeout: 100_000 });
  const text = await page.evaluate(() => document.querySelector('output')?.textContent);
  const [, first, second] = /TC\(z\|x\): (-?[\d.]+) and ([\d.]+) nats/.exec(text ?? '') ?? [];
  expect(Math.abs(Number(first))).toBeLessThan(0.001);
  expect(Number(second)).toBeGreaterThan(0);
  const results = await page.evaluate(() => document.querySelector('unweave-lab')?.results());
  expect(results?.state).toBe('done');
  expect(results?.step).toBe(300);
  expect(results?.record?.curves.reconstruction.length).toBe(3);
});

test('an element starts when it is seen, stops when it is taken away, says what it cannot do', async () => {
  await cp(join(library, 'unweave-lab.js'), join(folder, 'unweave-lab.js'));
  await writeFile(
    join(folder, 'scroll.html'),
    '<!doctype html><title>t</title><link rel="icon" href="data:,"><script type="module" src="unweave-lab.js"></script><div id="far"></div><unweave-lab steps="200"></unweave-lab>',
  );
  const { page } = await visit('scroll.html', { site });
  await page.evaluate(() => {
    const far = document.getElementById('far');
    if (far !== null) far.style.height = '4000px';
  });
  await page.reload();
  await page.evaluate(() => {
    const far = document.getElementById('far');
    if (far !== null) far.style.height = '4000px';
    document.querySelector('unweave-lab')?.remove();
    document.body.append(document.createElement('unweave-lab'));
  });
  await new Promise((done) => setTimeout(done, 500));
  const state = () => page.evaluate(() => document.querySelector('unweave-lab')?.results().state);
  expect(await state()).toBe('idle');
  expect(page.workers().length).toBe(0);
  await page.evaluate(() => document.querySelector('unweave-lab')?.scrollIntoView());
  await page.waitForFunction(() => document.querySelector('unweave-lab')?.results().state === 'training');
  expect(page.workers().length).toBe(1);
  await page.evaluate(() => document.querySelector('unweave-lab')?.pause());
  await page.waitForFunction(() => document.querySelector('unweave-lab')?.results().state === 'paused');
  await page.evaluate(() => document.querySelector('unweave-lab')?.setAttribute('posterior', 'nonsense'));
  await page.waitForFunction(() => document.querySelector('unweave-lab')?.results().state === 'failed');
  expect(await page.evaluate(() => document.querySelector('unweave-lab')?.shadowRoot?.textContent)).toContain(
    'There is no posterior "nonsense"',
  );
  await page.evaluate(() => document.querySelector('unweave-lab')?.setAttribute('dose', 'much'));
  await page.waitForFunction(() =>
    document.querySelector('unweave-lab')?.shadowRoot?.textContent?.includes('dose="much" is no number'),
  );
  await page.evaluate(() => document.querySelector('unweave-lab')?.remove());
  await new Promise((done) => setTimeout(done, 300));
  expect(page.workers().length).toBe(0);
});

test('the element from another origin, as from a CDN', async () => {
  const elsewhere = createServer(async (_, response) => {
    response.setHeader('Content-Type', 'text/javascript');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end(await readFile(join(library, 'unweave-lab.js')));
  });
  await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
  try {
    const { port } = elsewhere.address() as AddressInfo;
    await writeFile(
      join(folder, 'cdn.html'),
      `<!doctype html><title>t</title><link rel="icon" href="data:,"><script type="module" src="http://127.0.0.1:${port}/unweave-lab.js"></script><unweave-lab steps="100"></unweave-lab>`,
    );
    const { page, problems } = await visit('cdn.html', { site });
    await page.waitForFunction(() => document.querySelector('unweave-lab')?.results().state === 'done', {
      timeout: 60_000,
    });
    expect(problems.filter((each) => !each.includes(`127.0.0.1:${port}/unweave-lab.js`))).toEqual([]);
    problems.length = 0;
  } finally {
    elsewhere.close();
  }
});

test('vite: built, and a line is fitted', async () => {
  await vite({
    root: join(ROOT, 'examples/vite'),
    base: './',
    logLevel: 'error',
    resolve: { alias },
    build: { outDir: join(folder, 'vite'), emptyOutDir: true },
  });
  expect(await said('vite')).toContain('y = 2.000 x + 1.000');
});

test('a worker of one’s own', async () => {
  await bundle('worker', 'main.js', 'training.js');
  expect(await said('worker')).toMatch(/step 300: reconstruction \d+\.\d nats/);
});

test('React: attributes in, events out', async () => {
  await bundle('react', 'main.jsx');
  expect(await said('react')).toMatch(/MIG 0\.\d\d/);
});

test('an op of one’s own, on a GPU’s kernels', async () => {
  await bundle('own-op', 'main.js');
  expect(await said('own-op')).toContain('1 8 27 and 3 12 27, on software');
});

test('an objective of one’s own', async () => {
  await bundle('own-objective', 'main.js');
  expect(await said('own-objective')).toMatch(/KL (0\.9|1\.[01]) nats/);
});

test('data of one’s own', async () => {
  await bundle('own-data', 'main.js');
  expect(await said('own-data')).toMatch(/MIG 0\.\d\d/);
});

test('the element is one file of at most 250 KB after gzip', async () => {
  expect(gzipSync(await readFile(join(library, 'unweave-lab.js')), { level: 9 }).length).toBeLessThan(250 * 1024);
});

test('the element where the runtime has no Symbol.dispose, as in Safari: it trains and measures', async () => {
  const text = await readFile(join(library, 'unweave-lab.js'), 'utf8');
  // The well-known symbol cannot be deleted: the file is made to look for one that no runtime has.
  const without = text
    .replaceAll('Symbol.dispose', 'Symbol.disposeNowhere')
    .replaceAll('"dispose"', '"disposeNowhere"');
  expect(without).not.toBe(text);
  await writeFile(join(folder, 'without-dispose.js'), without);
  await writeFile(
    join(folder, 'without-dispose.html'),
    '<!doctype html><title>t</title><link rel="icon" href="data:,"><script type="module" src="without-dispose.js"></script><unweave-lab steps="200" device="cpu"></unweave-lab>',
  );
  const { page } = await visit('without-dispose.html', { site });
  const state = () => page.evaluate(() => document.querySelector('unweave-lab')?.results().state);
  await page.waitForFunction(
    () => ['done', 'failed'].includes(document.querySelector('unweave-lab')?.results?.().state ?? ''),
    { timeout: 60_000 },
  );
  expect(await state()).toBe('done');
});
