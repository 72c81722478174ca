// The page's speed while two models train: how soon something is there, how long the page ever stands still, how many steps a second.

import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { press, visit, waitFor, waitForText } from './visit';

/** Milliseconds of the longest task of the page's main thread from now on, and frames, as the page itself counts them. */
async function watch(page: Page): Promise<() => Promise<{ longest: number; frames: number; ms: number }>> {
  await page.evaluate(() => {
    const seen = { longest: 0, frames: 0, begun: performance.now() };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ type: 'longtask' });
    const count = () => {
      seen.frames++;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  return () =>
    page.evaluate(() => {
      const { longest, frames, begun } = (
        globalThis as unknown as { seen: { longest: number; frames: number; begun: number } }
      ).seen;
      return { longest, frames, ms: performance.now() - begun };
    });
}

const stepOf = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const [, seed, step] =
      /seed (\d+), step ([\d,]+)/.exec(document.querySelector('.model.left .count')?.textContent ?? '') ?? [];
    return (Number(seed) - 1) * 3000 + Number(step?.replace(',', ''));
  });

test('while two models train: steps a second, frames a second, the longest task', async () => {
  const { page } = await visit('#device=cpu');
  await waitForText(page, 'recorded before');
  await press(page, '▶ Train again');
  await waitFor(page, 'training');
  // Where the most is drawn.
  await page.evaluate(() => document.getElementById('models')?.scrollIntoView());
  await new Promise((done) => setTimeout(done, 1500));
  const found = await watch(page);
  const [first, begun] = [await stepOf(page), performance.now()];
  await new Promise((done) => setTimeout(done, 3000));
  const rate = (1000 * ((await stepOf(page)) - first)) / (performance.now() - begun);
  const { longest, frames, ms } = await found();
  console.log(
    `${rate.toFixed(0)} steps a second an arm, ${((1000 * frames) / ms).toFixed(0)} frames a second, longest task ${longest} ms`,
  );
  expect(rate).toBeGreaterThanOrEqual(300);
  expect((1000 * frames) / ms).toBeGreaterThanOrEqual(30);
  expect(longest).toBeLessThan(50);
});

test('the recorded finding is there within a second', async () => {
  const { page } = await visit('');
  const [paint, shown] = await page.evaluate(async () => {
    const [{ startTime }] = performance.getEntriesByName('first-contentful-paint');
    return [startTime, await (await fetch('./')).text()] as const;
  });
  // What is painted first is the page as it is served, which has the finding in it.
  expect(shown).toMatch(/full lowers disentanglement|do not show a difference/);
  console.log(`first contentful paint after ${paint.toFixed(0)} ms`);
  expect(paint).toBeLessThan(1000);
});
