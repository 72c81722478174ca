// Starts the browser once for all GPU tests, serves the bundle of page functions, and refuses to go on without an adapter:
// a GPU test never skips.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import puppeteer from 'puppeteer';
import type { TestProject } from 'vitest/node';
import { cpuKernels } from '../../cpu.mjs';
import { findBrowser } from '../../src/cli/hosts/browser';
import { browserArguments, openPage, serve } from '../../src/cli/hosts/launch';
import { wgsl } from '../../wgsl.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    endpoint: string;
    url: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'unweave-')), 'page.js');
  await esbuild.build({
    entryPoints: [join(import.meta.dirname, 'page/index.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    plugins: [wgsl, cpuKernels],
    outfile,
  });
  // With a port, unlike the command line's: the test files share it.
  const browser = await puppeteer.launch({
    executablePath: await findBrowser(undefined, console.error),
    args: browserArguments('software'),
    protocolTimeout: 0,
  });
  const { url, server } = await serve(outfile);
  const page = await openPage(browser, url);
  const adapter = await page.evaluate(() => globalThis.unweave.describe(null));
  console.log(
    `GPU tests on ${adapter.vendor} ${adapter.architecture} ${adapter.description} (${await browser.version()})`,
  );
  await page.close();
  project.provide('endpoint', browser.wsEndpoint());
  project.provide('url', url);
  return async () => {
    await browser.close();
    server.close();
  };
}
