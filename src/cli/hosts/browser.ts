// Finds a browser that has WebGPU, in a fixed order, and installs one where there is none and that can be done.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { environmentError } from '../errors';

const SYSTEM_PATHS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, 'Google/Chrome/Application/chrome.exe')),
};

export const WAYS_TO_FIX = [
  'Name a Chrome or Chromium with --browser PATH or PUPPETEER_EXECUTABLE_PATH,',
  'or install one: `apt-get install chromium` (Debian, Ubuntu), https://www.google.com/chrome,',
  'or `npx puppeteer browsers install chrome`.',
].join('\n      ');

/** The path of a browser: `named`, PUPPETEER_EXECUTABLE_PATH, a known system path, puppeteer's cache, or a new one. */
export async function findBrowser(named: string | undefined, report: (line: string) => void): Promise<string> {
  const found = await installedBrowser(named);
  if (found !== undefined) return found;
  report('No browser found; installing one (once).');
  const installed = (await installWithPuppeteer()) ?? installWithApt();
  if (installed === undefined)
    throw environmentError('No Chrome or Chromium was found, and none could be installed.', WAYS_TO_FIX);
  return installed;
}

/** The same without a new one. Throws a CommandError with exit code 3 where one is named that cannot be run. */
export async function installedBrowser(named: string | undefined): Promise<string | undefined> {
  const asked = named ?? process.env.PUPPETEER_EXECUTABLE_PATH;
  if (asked !== undefined && asked !== '') {
    const from = named === undefined ? 'PUPPETEER_EXECUTABLE_PATH' : '--browser';
    if (!isExecutable(asked))
      throw environmentError(`${from} names ${asked}, which is not an executable file.`, WAYS_TO_FIX);
    return asked;
  }
  return SYSTEM_PATHS[process.platform]?.find(isExecutable) ?? (await cachedBrowser());
}

/** What starts and drives the browser: an optional peer of the package. Throws a CommandError with exit code 3 where it is not there. */
export async function loadPuppeteer(): Promise<typeof import('puppeteer')['default']> {
  try {
    return (await import('puppeteer')).default;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw environmentError(
      'puppeteer, which starts the browser, is not installed.',
      'npm install puppeteer, or compute on the CPU: --device cpu.',
    );
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function cachedBrowser(): Promise<string | undefined> {
  try {
    // Whoever installed the package need not have it.
    const puppeteer = await loadPuppeteer();
    const path = await puppeteer.executablePath();
    return isExecutable(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function installWithPuppeteer(): Promise<string | undefined> {
  const result = spawnSync('npx', ['puppeteer', 'browsers', 'install', 'chrome'], {
    stdio: 'ignore',
    timeout: 300_000,
  });
  return result.status === 0 ? cachedBrowser() : undefined;
}

function installWithApt(): string | undefined {
  const isDebian = existsSync('/etc/debian_version') || /debian/i.test(readOsRelease());
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !isDebian) return undefined;
  const options = {
    stdio: 'ignore',
    timeout: 600_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  } as const;
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options);
  return SYSTEM_PATHS.linux?.find(isExecutable);
}

function readOsRelease(): string {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
}
