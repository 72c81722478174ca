// Builds the pages once for all their tests, serves them under a sub-path from a plain file server, and starts a browser with a software adapter.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer';
import type { TestProject } from 'vitest/node';
import { buildSite, serveFolder } from '../../site.mjs';
import { findBrowser } from '../../src/cli/hosts/browser';
import { browserArguments } from '../../src/cli/hosts/launch';

declare module 'vitest' {
  export interface ProvidedContext {
    webEndpoint: string;
    site: string;
    siteFolder: string;
    browserPath: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'unweave-site-'));
  await buildSite(folder);
  const { url, server } = await serveFolder(folder, { path: '/some/where/' });
  const executablePath = await findBrowser(undefined, console.error);
  const browser = await puppeteer.launch({ executablePath, args: browserArguments('software'), protocolTimeout: 0 });
  project.provide('webEndpoint', browser.wsEndpoint());
  project.provide('site', url);
  project.provide('siteFolder', folder);
  project.provide('browserPath', executablePath);
  return async () => {
    await browser.close();
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
}
