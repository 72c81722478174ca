// What a page gets that asks for an executor: by what there is, and where its Content-Security-Policy forbids WebAssembly.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import * as esbuild from 'esbuild';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { cpuKernels } from '../../cpu.mjs';
import { wgsl } from '../../wgsl.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const CODE = `
import { constant, matmul, openExecutor } from './src/engine';
import { CpuDevice } from './src/engine/cpu';
globalThis.ask = async (options) => {
  const executor = await openExecutor(options);
  const { y } = await executor.evaluate({ y: matmul(constant([1, 2], [1, 2]), constant([3, 4], [2, 1])) });
  executor.dispose();
  return [executor.kind, y[0]];
};
globalThis.openCpu = () => CpuDevice.open().then(() => null, ({ name, reason, message }) => ({ name, reason, message }));
`;

let browser: Browser;
let server: Server;
let url: string;

beforeAll(async () => {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: CODE, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    plugins: [wgsl, cpuKernels],
    write: false,
  });
  server = createServer((request, response) => {
    // The page's path is its policy.
    const policy = decodeURIComponent((request.url ?? '').slice(1));
    if (policy === 'page.js') response.setHeader('Content-Type', 'text/javascript').end(outputFiles[0].text);
    else
      response
        .setHeader('Content-Type', 'text/html')
        .setHeader('Content-Security-Policy', policy)
        .end('<!doctype html><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await puppeteer.connect({ browserWSEndpoint: inject('endpoint') });
});

afterAll(async () => {
  server.close();
  await browser.disconnect();
});

async function inPageOf<T>(policy: string, work: (page: Page) => Promise<T>): Promise<T> {
  const page = await browser.newPage();
  try {
    await page.goto(url + encodeURIComponent(policy));
    await page.waitForFunction('globalThis.ask !== undefined', { timeout: 10_000 });
    return await work(page);
  } finally {
    await page.close();
  }
}

test('without a GPU a page gets the CPU; it may ask for the software adapter, or the reference', async () => {
  await inPageOf("script-src 'self' 'wasm-unsafe-eval'", async (page) => {
    expect(await page.evaluate('ask()')).toEqual(['cpu', 11]);
    expect(await page.evaluate("ask({ prefer: 'cpu' })")).toEqual(['cpu', 11]);
    expect(await page.evaluate("ask({ prefer: 'software' })")).toEqual(['software', 11]);
    expect(await page.evaluate("ask({ prefer: 'reference' })")).toEqual(['reference', 11]);
  });
});

test('where the page forbids WebAssembly the error says so and how to allow it, and openExecutor goes on with the reference', async () => {
  await inPageOf("script-src 'self'", async (page) => {
    expect(await page.evaluate('openCpu()')).toEqual({
      name: 'WebAssemblyError',
      reason: 'forbidden',
      message: expect.stringContaining("'wasm-unsafe-eval'"),
    });
    expect(await page.evaluate('ask()')).toEqual(['reference', 11]);
  });
});
