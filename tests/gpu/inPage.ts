// Calls a function of the page bundle (tests/gpu/page) in the shared browser: a page of its own for every test file.

import puppeteer, { type Browser, type Page } from 'puppeteer';
import { afterAll, beforeAll, inject } from 'vitest';
import { openPage } from '../../src/cli/hosts/launch';
import type { PageFunctions } from './page';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await puppeteer.connect({ browserWSEndpoint: inject('endpoint'), protocolTimeout: 600_000 });
  page = await openPage(browser, inject('url'));
});

afterAll(async () => {
  await page.close();
  await browser.disconnect();
});

/** Runs `name(argument)` in the page; argument and result cross as JSON (typed arrays as arrays of numbers). */
export async function inPage<Name extends keyof PageFunctions>(
  name: Name,
  argument: Parameters<PageFunctions[Name]>[0],
): Promise<Awaited<ReturnType<PageFunctions[Name]>>> {
  const call = async (which: string, given: unknown) => {
    const functions = globalThis.unweave as unknown as Record<string, (argument: unknown) => Promise<unknown>>;
    const result = await functions[which](given);
    if (globalThis.uncaptured.length > 0) throw new Error(`uncaptured GPU error: ${globalThis.uncaptured.join('; ')}`);
    return result;
  };
  return (await page.evaluate(call, name, argument)) as Awaited<ReturnType<PageFunctions[Name]>>;
}
