// A visitor: a page in a profile of its own, which must ask nobody else for anything and say no error on its console.

import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';

let browser: Browser;
const open: Visit[] = [];

beforeAll(async () => {
  browser = await puppeteer.connect({ browserWSEndpoint: inject('webEndpoint'), protocolTimeout: 300_000 });
});

afterAll(async () => {
  await browser.disconnect();
});

/** What a visitor must not meet is looked at after every test. */
afterEach(async () => {
  const visits = open.splice(0);
  const met = visits.flatMap(({ problems }) => problems);
  for (const { context } of visits) await context.close();
  expect(met).toEqual([]);
});

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors on the console, requests that leave the page's origin or fail. */
  readonly problems: string[];
}

export interface VisitOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly reduced?: boolean;
  readonly context?: BrowserContext;
  readonly site?: string;
}

/** Opens a page of the site, such as `theory.html#scene=gate`. */
export async function visit(path: string, options: VisitOptions = {}): Promise<Visit> {
  const { width = 1100, height = 900, dark = false, reduced = false, site = inject('site') } = options;
  const context = options.context ?? (await browser.createBrowserContext());
  const page = await context.newPage();
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' },
    { name: 'prefers-reduced-motion', value: reduced ? 'reduce' : 'no-preference' },
  ]);
  const made: Visit = { context, page, problems: [] };
  const { origin } = new URL(site);
  page.on('console', (message) => {
    if (message.type() === 'error') made.problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => made.problems.push(`page: ${String(error)}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && new URL(url).origin !== origin) made.problems.push(`left the page: ${url}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) made.problems.push(`${response.status()}: ${response.url()}`);
  });
  open.push(made);
  await page.goto(new URL(path, site).href);
  return made;
}

export const stateOf = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.querySelector<HTMLElement>('[data-state]')?.dataset.state);

export const waitFor = (page: Page, states: string | readonly string[], timeout = 60_000): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => wanted.includes(document.querySelector<HTMLElement>('[data-state]')?.dataset.state ?? ''),
    { timeout, polling: 50 },
    [states].flat(),
  );

/** Clicks the button or link of this text or label, as far as it is one. */
export async function press(page: Page, name: string): Promise<void> {
  await page.locator(`::-p-aria([name="${name}"])`).click();
}

/** All that is written on the page, also where nobody has scrolled to yet. */
export const textOf = (page: Page): Promise<string> => page.evaluate(() => document.body.textContent ?? '');

export const waitForText = (page: Page, text: string, timeout = 60_000): Promise<unknown> =>
  page.waitForFunction((wanted) => document.body.textContent?.includes(wanted), { timeout, polling: 50 }, text);

/** Hands files to the page as if they were dropped on it. */
export async function drop(
  page: Page,
  files: readonly { readonly name: string; readonly bytes: readonly number[] }[],
): Promise<void> {
  await page.evaluate(
    (given) => {
      const transfer = new DataTransfer();
      for (const { name, bytes } of given) transfer.items.add(new File([Uint8Array.from(bytes)], name));
      dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, cancelable: true }));
    },
    files as { name: string; bytes: number[] }[],
  );
}
