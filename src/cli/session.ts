// One run of a browser: found, started, our page opened, everything closed again whatever happens.

import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import type { AdapterDescription } from '../engine';
import { findBrowser } from './browser';
import { CommandError, environmentError, exitCodes } from './errors';
import { attempts, type GpuMode, launchBrowser, openPage, serve } from './launch';
import type { Exposed } from './page';

export interface SessionOptions {
  readonly browser: string | undefined;
  readonly gpu: GpuMode;
  /** Exposed to the page as `reportProgress`. */
  readonly onProgress?: (stage: string, share: number) => void;
  /** Exposed to the page under their names; arguments and results cross as JSON. */
  readonly expose?: Readonly<Record<string, (...given: never[]) => unknown>>;
  /** What an interruption says; by default that nothing was written. */
  readonly interrupted?: () => string;
}

export interface Session {
  readonly page: Page;
  readonly adapter: AdapterDescription;
  readonly browserPath: string;
  readonly browserVersion: string;
  readonly mode: 'hardware' | 'software';
}

const log = (line: string) => process.stderr.write(`${line}\n`);

/** Calls `work` with an open page that has an adapter. Throws a CommandError with exit code 3 when there is none. */
export async function withSession<T>(options: SessionOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const browserPath = await findBrowser(options.browser, log);
  const { url, server } = await serve(join(import.meta.dirname, 'page.js'));
  let browser: Browser | undefined;
  const interrupt = interruption(() => browser, options.interrupted ?? (() => 'Interrupted; nothing was written.'));
  try {
    for (const mode of attempts(options.gpu)) {
      browser = await launchBrowser(browserPath, mode);
      const page = await openPage(browser, url);
      const adapter = await page.evaluate(() => (globalThis as unknown as Exposed).unweave.adapter());
      if (adapter !== null) {
        await page.exposeFunction('reportProgress', options.onProgress ?? (() => undefined));
        for (const [name, each] of Object.entries(options.expose ?? {})) await page.exposeFunction(name, each);
        const session = { page, adapter, browserPath, browserVersion: await browser.version(), mode };
        return await Promise.race([work(session), interrupt.promise]);
      }
      await browser.close();
    }
    throw environmentError(
      `${browserPath} has no WebGPU adapter (--gpu ${options.gpu}).`,
      options.gpu === 'hardware'
        ? 'Try --gpu software.'
        : 'Name a Chrome or Chromium 121 or newer with --browser PATH.',
    );
  } finally {
    interrupt.stop();
    await browser?.close().catch(() => undefined);
    server.close();
  }
}

/** Ctrl-C rejects `promise`, so that every `finally` on the way out runs. */
function interruption(browser: () => Browser | undefined, message: () => string) {
  let handler: () => void = () => undefined;
  const promise = new Promise<never>((_, reject) => {
    handler = () => {
      reject(new CommandError(message(), exitCodes.interrupted));
      browser()?.process()?.kill('SIGKILL');
    };
  });
  promise.catch(() => undefined);
  process.once('SIGINT', handler);
  process.once('SIGTERM', handler);
  return {
    promise,
    stop: () => {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}
