// Starts a browser with WebGPU and opens our page in it. The page is served from 127.0.0.1, because WebGPU needs a secure
// context, and isolated (COOP and COEP), because timers are coarse otherwise.

import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { environmentError } from '../errors';
import { reasonOf } from '../folders';
import { loadPuppeteer } from './browser';

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

/** Linux shows a GPU as a render node; elsewhere the browser finds out. */
export function hasGpu(): boolean {
  if (process.platform !== 'linux') return true;
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('render'));
}

export function browserArguments(mode: 'hardware' | 'software'): string[] {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...(mode === 'software' ? SOFTWARE : HARDWARE), ...QUIET, ...sandbox];
}

/** A browser that runs, and what ends it. */
export interface Running {
  readonly browser: Browser;
  /** Closes the browser, by force where it does not answer, and removes its profile. */
  close(): Promise<void>;
}

const PROFILE = /^unweave-(\d+)-\w{6}$/;
/** Milliseconds that a browser has to close by itself. */
const PATIENCE = 1000;
/** Milliseconds in which a browser must have answered for the first time. */
const STARTS_WITHIN = 30_000;
/** Chrome puts a socket into the folder of temporary files, and a socket's path has at most 107 bytes. */
const LONGEST_TEMPORARY =
  107 - 'unweave-1234567-XXXXXX'.length - '//org.chromium.Chromium.scoped_dir.XXXXXX/SingletonSocket'.length;

/**
 * Starts a browser that is driven through a pipe: no port is open that another user could reach, and the browser ends when
 * this process does, however that ends; `abort` ends one that is starting. Throws a CommandError with exit code 3 where it does
 * not start, or does not answer within `startsWithin` milliseconds, half a minute.
 */
export async function launchBrowser(
  executablePath: string,
  mode: 'hardware' | 'software',
  abort: AbortSignal,
  startsWithin = STARTS_WITHIN,
): Promise<Running> {
  const puppeteer = await loadPuppeteer();
  // A Vulkan driver file that does not exist would hide every adapter.
  const { VK_ICD_FILENAMES: _icd, VK_DRIVER_FILES: _drivers, ...env } = process.env;
  const profile = await makeProfile();
  const remove = () => rm(profile, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  // Puppeteer ends the browser when this is aborted, also long after it has started: so the clock is stopped then.
  const late = new AbortController();
  const clock = setTimeout(() => late.abort(), startsWithin);
  const ended = AbortSignal.any([abort, late.signal]);
  const never = new Promise<never>((_, reject) => {
    ended.addEventListener('abort', () =>
      reject(new Error(late.signal.aborted ? `it gave no answer in ${startsWithin / 1000} s.` : 'it was interrupted.')),
    );
  });
  try {
    const starting = puppeteer.launch({
      executablePath,
      args: browserArguments(mode),
      // What the browser leaves in the folder of temporary files goes with the profile.
      env: { ...env, TMPDIR: profile },
      userDataDir: profile,
      pipe: true,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      // Work in the page takes as long as it takes; what may take long at the start, `ended` bounds.
      protocolTimeout: 0,
      signal: ended,
    });
    // Rejected, too, when the process is killed under it.
    starting.catch(() => undefined);
    const browser = await Promise.race([starting, never]);
    never.catch(() => undefined);
    const close = async (): Promise<void> => {
      const child = browser.process();
      const patience = new Promise<void>((done) => setTimeout(done, PATIENCE).unref());
      await Promise.race([browser.close().catch(() => undefined), patience]);
      child?.kill('SIGKILL');
      await remove();
    };
    return { browser, close };
  } catch (cause) {
    await remove();
    throw environmentError(
      `${executablePath} did not start: ${firstLine(cause)}`,
      'Name another browser with --browser PATH.',
    );
  } finally {
    clearTimeout(clock);
  }
}

/** A folder for what a browser leaves behind. Throws a CommandError with exit code 3 where it cannot be made. */
async function makeProfile(): Promise<string> {
  const folder = tmpdir().length > LONGEST_TEMPORARY && process.platform !== 'win32' ? '/tmp' : tmpdir();
  try {
    await sweepProfiles(folder);
    return await mkdtemp(join(folder, `unweave-${process.pid}-`));
  } catch (cause) {
    throw environmentError(
      `A browser needs a folder for temporary files; ${folder} cannot be used: ${reasonOf(cause)}.`,
      'Set TMPDIR to one that can be written.',
    );
  }
}

/** Removes the profiles of processes that are gone: one that was killed could not. */
async function sweepProfiles(folder: string): Promise<void> {
  const isGone = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
  };
  for (const name of await readdir(folder)) {
    const pid = Number(PROFILE.exec(name)?.[1]);
    if (Number.isInteger(pid) && isGone(pid))
      await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

export interface Served {
  readonly url: string;
  readonly server: Server;
}

const PAGE =
  '<!doctype html><meta charset="utf-8"><title>Unweave</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';

/** Names without dots, but for the endings: no such path leads out of the folder. */
const MODULE = /^(\/[\w-]+)+(\.wgsl)?\.js$/;

/**
 * Serves one script, `page.js`, as the module of an empty page, and the modules beside it that it imports, to who asks for them by the address
 * they are served at: another name in the Host header is a page elsewhere that had this address looked up, and gets 403; what is no module
 * of that folder gets 404.
 */
export async function serve(scriptPath: string): Promise<Served> {
  const folder = dirname(scriptPath);
  const server = createServer(async (request, response) => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    const { port } = server.address() as AddressInfo;
    const answer = (status: number, type = 'text/plain', body: string | Buffer = '') =>
      response.writeHead(status, { 'Content-Type': type }).end(body);
    if (request.headers.host !== `127.0.0.1:${port}`) answer(403);
    else if (request.method !== 'GET') answer(405);
    else if (request.url === '/') answer(200, 'text/html', PAGE);
    else if (!MODULE.test(request.url ?? '')) answer(404);
    else
      await readFile(request.url === '/page.js' ? scriptPath : join(folder, request.url ?? '')).then(
        (script) => answer(200, 'text/javascript', script),
        () => answer(404),
      );
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
