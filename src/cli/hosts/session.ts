// One run of a browser: found, started, our page opened, everything closed again whatever happens: at a signal, when the page
// crashes, when the browser is killed.

import { join } from 'node:path';
import type { Page } from 'puppeteer';
import type { AdapterDescription } from '../../engine';
import { CommandError, environmentError, exitCodes } from '../errors';
import { afterwards, interruption, type Resume } from '../interruption';
import { findBrowser, installedBrowser } from './browser';
import { launchBrowser, openPage, type Running, serve } from './launch';
import type { Exposed } from './page';

export interface SessionOptions {
  readonly browser?: string;
  readonly mode: 'hardware' | 'software';
  /** Whether a browser may be installed where there is none. */
  readonly install: boolean;
  /** Exposed to the page as `reportProgress`. */
  readonly onProgress?: (stage: string, share: number) => void;
  /** Exposed to the page under their names; arguments and results cross as JSON. */
  readonly expose?: Readonly<Record<string, (...given: never[]) => unknown>>;
  /** The command that goes on with what was begun; undefined, or no function, where there is nothing. */
  readonly resume?: () => string | undefined;
}

export interface Session {
  readonly page: Page;
  readonly adapter: AdapterDescription;
  readonly browserPath: string;
  readonly browserVersion: string;
}

const log = (line: string) => process.stderr.write(`${line}\n`);

/**
 * Calls `work` with an open page that has an adapter. Throws a CommandError: exit code 3 where there is none, 1 where page or
 * browser goes away, that of the signal where one ends it; with the command to go on with where there is one.
 */
export async function withSession<T>(options: SessionOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const resume = options.resume ?? (() => undefined);
  const interrupt = interruption(resume);
  const abort = new AbortController();
  interrupt.promise.catch(() => abort.abort());
  let starting: Promise<Running> | undefined;
  let server: Awaited<ReturnType<typeof serve>>['server'] | undefined;
  try {
    const { mode, install } = options;
    const browserPath = install ? await findBrowser(options.browser, log) : await installedBrowser(options.browser);
    if (browserPath === undefined) throw environmentError('There is no Chrome or Chromium here.');
    const served = await serve(join(import.meta.dirname, 'page.js'));
    server = served.server;
    starting = launchBrowser(browserPath, mode, abort.signal);
    const running = await Promise.race([starting, interrupt.promise]);
    const { browser } = running;
    const gone = goneAway(running, resume);
    /** Whatever is asked of the browser ends with it, or with a signal. */
    const orEnd = <V>(asked: Promise<V>): Promise<V> => {
      // Who loses the race may still be rejected, when the browser is closed under it.
      asked.catch(() => undefined);
      return Promise.race([asked, gone.promise, interrupt.promise]);
    };
    const page = await orEnd(openPage(browser, served.url));
    gone.watch(page);
    const adapter = await orEnd(page.evaluate(() => (globalThis as unknown as Exposed).unweave.adapter()));
    // A browser that has no GPU may offer a software adapter of its own accord.
    if (adapter === null || (mode === 'hardware' && adapter.software)) {
      gone.stop();
      throw environmentError(
        `${browserPath} has no ${mode === 'hardware' ? 'hardware WebGPU' : 'WebGPU'} adapter.`,
        mode === 'hardware'
          ? 'Try --device cpu, or --device software.'
          : 'Name a Chrome or Chromium 121 or newer with --browser PATH, or try --device cpu.',
      );
    }
    const failure = await orEnd(exposeAll(page, options));
    const session = { page, adapter, browserPath, browserVersion: await orEnd(browser.version()) };
    return await orEnd(
      work(session).catch((error: unknown) => {
        throw failure() ?? error;
      }),
    );
  } finally {
    interrupt.stop();
    // One that was interrupted while it started is closed too.
    const running = await starting?.catch(() => undefined);
    await running?.close();
    server?.close();
  }
}

/** Exposes what the page may call; returns the first error that one of these threw here, which the page would only quote. */
async function exposeAll(page: Page, { onProgress, expose = {} }: SessionOptions): Promise<() => unknown> {
  let failure: unknown;
  await page.exposeFunction('reportProgress', onProgress ?? (() => undefined));
  for (const [name, each] of Object.entries(expose)) {
    await page.exposeFunction(name, async (...given: never[]) => {
      try {
        return await each(...given);
      } catch (error) {
        failure ??= error;
        throw error;
      }
    });
  }
  return () => failure;
}

/** A promise that is rejected when the browser or the page it watches goes away on its own. */
function goneAway({ browser }: Running, resume: Resume) {
  let reject: (error: CommandError) => void = () => undefined;
  const promise = new Promise<never>((_, rejected) => {
    reject = rejected;
  });
  promise.catch(() => undefined);
  const say = (what: string) => () => {
    reject(new CommandError(what, exitCodes.failed, afterwards(resume)));
  };
  const disconnected = say('The browser was closed or killed.');
  browser.once('disconnected', disconnected);
  return {
    promise,
    watch(page: Page): void {
      page.once('error', say('The page crashed: it ran out of memory, or its process was killed.'));
      page.once('close', say('The page was closed.'));
    },
    stop: () => browser.off('disconnected', disconnected),
  };
}
