// Browsers that lack something: the page says what, says what would help, and computes all the same, with the same bits.

import puppeteer, { type Browser, type Page } from 'puppeteer';
import { expect, inject, test } from 'vitest';
import { serveFolder } from '../../site.mjs';
import { fixFor } from '../../src/web/lab/where';
import { waitFor, waitForText } from './visit';

const SMALL =
  '#data=squares&data.factors=scale=0..2,posX=8..15,posY=0..3&steps=100&seeds=1&latents=3&architecture.hidden=24';

/** The first arm's curve of a run in a browser with these flags, and the page's banner. */
async function runIn(args: readonly string[], site = inject('site')): Promise<{ banner: string; curve: number[] }> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser: Browser = await puppeteer.launch({
    executablePath: inject('browserPath'),
    args: [...sandbox, '--disable-dev-shm-usage', ...args],
    protocolTimeout: 0,
  });
  try {
    const page: Page = await browser.newPage();
    await page.goto(`${site}${SMALL}`);
    await page.locator('::-p-aria([name="▶ Train"])').click();
    await waitFor(page, ['done', 'failed'], 110_000);
    await waitForText(page, 'done: 2 of 2');
    const banner = await page.$eval('.banner', ({ textContent }) => textContent ?? '');
    const curve = await page.evaluate(
      () =>
        new Promise<number[]>((resolve, reject) => {
          const opening = indexedDB.open('unweave');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const all = opening.result.transaction('record').objectStore('record').getAll();
            all.onsuccess = () =>
              resolve(JSON.parse(new TextDecoder().decode(all.result[0])).record.curves.reconstruction);
          };
        }),
    );
    return { banner, curve };
  } finally {
    await browser.close();
  }
}

test('no adapter, no WebGPU, no WebAssembly: named, and the same losses', async () => {
  const noAdapter = await runIn([]);
  expect(noAdapter.banner).toContain('WebAssembly on the CPU');
  expect(noAdapter.banner).toMatch(/found no graphics processor|WebGPU from/);
  // From another name than this computer's, and without https, browsers have neither WebGPU nor SHA-256.
  const elsewhere = inject('site').replace('127.0.0.1', 'unweave.test');
  const noApi = await runIn(['--host-resolver-rules=MAP unweave.test 127.0.0.1'], elsewhere);
  expect(noApi.banner).toContain('WebAssembly on the CPU');
  expect(noApi.banner).toContain('Open the page by https');
  // A server whose policy forbids WebAssembly.
  const { url, server } = await serveFolder(inject('siteFolder'), {
    headers: { 'Content-Security-Policy': "script-src 'self'" },
  });
  const noWasm = await runIn([], url).finally(() => server.close());
  expect(noWasm.banner).toContain('plain TypeScript');
  expect(noWasm.banner).toContain('WebAssembly with vectors is missing');
  expect(noApi.curve.length).toBe(1);
  expect(noApi.curve).toEqual(noAdapter.curve);
  expect(noWasm.curve).toEqual(noAdapter.curve);
});

test('what would help is told by the browser and the platform', () => {
  expect(fixFor('no-api', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0')).toContain('Firefox has WebGPU from 141');
  expect(fixFor('no-api', 'Mozilla/5.0 (Windows NT 10.0) Chrome/100.0 Safari/537.36')).toContain('Chrome and Edge');
  expect(fixFor('no-api', 'Mozilla/5.0 (Macintosh) Version/17.0 Safari/605.1.15')).toContain(
    'Safari has WebGPU from 26',
  );
  expect(fixFor('no-adapter', 'Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0')).toContain('chrome://gpu');
  expect(fixFor('no-adapter', 'Mozilla/5.0 (Windows NT 10.0) Chrome/150.0')).toContain('hardware acceleration');
  expect(fixFor('insecure-origin', 'any')).toContain('https');
});
