// Starts a browser with WebGPU and opens our page in it. The page is served from 127.0.0.1, because WebGPU needs a secure
// context, and isolated (COOP and COEP), because timers are coarse otherwise.

import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'puppeteer';
import { environmentError } from './errors';

export const gpuModes = ['auto', 'software', 'hardware'] as const;
export type GpuMode = (typeof gpuModes)[number];

const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--disable-dev-shm-usage',
];

/** WebGPU on the CPU: only both flags together give an adapter where there is no GPU. */
const SOFTWARE = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** WebGPU on a GPU of the machine; Linux needs Vulkan named. */
const HARDWARE =
  process.platform === 'linux'
    ? ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-angle=vulkan', '--disable-vulkan-surface']
    : ['--enable-unsafe-webgpu'];

/** The modes to try in turn. */
export const attempts = (mode: GpuMode): readonly ('hardware' | 'software')[] =>
  mode === 'auto' ? (hasGpu() ? ['hardware', 'software'] : ['software']) : [mode];

/** Linux shows a GPU as a render node; elsewhere the browser finds out. */
function hasGpu(): boolean {
  if (process.platform !== 'linux') return true;
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('render'));
}

export function browserArguments(mode: 'hardware' | 'software'): string[] {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...(mode === 'software' ? SOFTWARE : HARDWARE), ...QUIET, ...sandbox];
}

export async function launchBrowser(executablePath: string, mode: 'hardware' | 'software'): Promise<Browser> {
  const { default: puppeteer } = await import('puppeteer');
  // A Vulkan driver file that does not exist would hide every adapter.
  const { VK_ICD_FILENAMES: _icd, VK_DRIVER_FILES: _drivers, ...env } = process.env;
  try {
    return await puppeteer.launch({
      executablePath,
      args: browserArguments(mode),
      env,
      handleSIGINT: false,
      protocolTimeout: 3_600_000,
    });
  } catch (cause) {
    throw environmentError(
      `${executablePath} did not start: ${firstLine(cause)}`,
      'Name another browser with --browser PATH.',
    );
  }
}

export interface Served {
  readonly url: string;
  readonly server: Server;
}

/** Serves one script, as the module of an empty page. */
export async function serve(scriptPath: string): Promise<Served> {
  const server = createServer((request, response) => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (request.url === '/page.js') {
      response.setHeader('Content-Type', 'text/javascript');
      readFile(scriptPath).then(
        (script) => response.end(script),
        () => response.writeHead(404).end(),
      );
    } else {
      response.setHeader('Content-Type', 'text/html');
      response.end(
        '<!doctype html><meta charset="utf-8"><title>Unweave</title><script type="module" src="/page.js"></script>',
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, server };
}

/** Opens the page and waits until its script has set `globalThis.unweave`. */
export async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => process.stderr.write(`page: ${String(error)}\n`));
  await page.goto(url);
  await page.waitForFunction('globalThis.unweave !== undefined', { timeout: 30_000 });
  return page;
}

const firstLine = (error: unknown): string => String(error instanceof Error ? error.message : error).split('\n')[0];
