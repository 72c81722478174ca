// Every page for everybody: names for all controls, a table for every figure, no sideways scroll on a telephone, light and dark, without a mouse.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page, SerializedAXNode } from 'puppeteer';
import { expect, test } from 'vitest';
import { visit, waitForText } from './visit';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page, and a text that is there once it is whole. */
const PAGES: readonly (readonly [file: string, text: string])[] = [
  ['index.html', 'recorded before'],
  ['theory.html#scene=gate', 'The test of invariance'],
  ['kernels.html', 'A training step'],
  ['workbench.html', 'Add two vectors'],
  ['report.html', 'Declared contrasts'],
  ['docs/guide/03-theorems.html', 'Counterexamples'],
];

interface Fault {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly string[];
}

async function faultsOf(page: Page): Promise<Fault[]> {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const run = (
      globalThis as unknown as {
        axe: {
          run(context: Document): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
        };
      }
    ).axe;
    const { violations } = await run.run(document);
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      nodes: nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)),
    }));
  });
}

/** Scrolls from top to bottom, so that everything is drawn that is drawn when it is seen. */
const throughout = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 600) {
      scrollTo(0, y);
      await new Promise((done) => setTimeout(done, 60));
    }
  });

const named = new Set([
  'button',
  'link',
  'textbox',
  'checkbox',
  'radio',
  'combobox',
  'listbox',
  'slider',
  'spinbutton',
  'image',
  'progressbar',
  'searchbox',
]);

function namelessIn(node: SerializedAXNode): string[] {
  const own = named.has(node.role) && (node.name ?? '').trim() === '' ? [node.role] : [];
  return [...own, ...(node.children ?? []).flatMap(namelessIn)];
}

/** Nothing serious by axe-core, and no control without a name. */
async function check(page: Page): Promise<void> {
  await throughout(page);
  const faults = await faultsOf(page);
  expect(faults.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  const tree = await page.accessibility.snapshot({ interestingOnly: false });
  expect(namelessIn(tree as SerializedAXNode)).toEqual([]);
}

test.each(PAGES)(
  '%s: named controls, tables for figures, light and dark; no sideways scroll at 360 pixels',
  async (file, text) => {
    const { page } = await visit(file);
    await waitForText(page, text);
    await check(page);
    const without = await page.evaluate(() =>
      [...document.querySelectorAll('figure')]
        .filter(
          (each) =>
            each.querySelector('.plot') !== null && each.querySelector('details summary')?.textContent !== 'Show data',
        )
        .map(({ textContent }) => textContent),
    );
    expect(without).toEqual([]);

    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: 'dark' },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    await check(page);
    // Where motion is not wanted nothing moves by itself.
    const moving = await page.evaluate(() => document.getAnimations().length);
    expect(moving).toBe(0);

    await page.setViewport({ width: 360, height: 740 });
    await throughout(page);
    const wide = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      culprits: [...document.querySelectorAll('main *, header *')]
        .filter(
          (each) =>
            each.getBoundingClientRect().right > 362 &&
            each.closest('.table, .scroll, pre, math, .editor, svg') === null,
        )
        .map((each) => `${each.tagName}.${each.className} ${each.textContent?.slice(0, 30)}`)
        .slice(0, 4),
    }));
    expect(wide).toEqual({ page: 360, culprits: [] });
  },
);

test('axe finds what is broken: the check can fail', async () => {
  const { page } = await visit('theory.html');
  await waitForText(page, 'Latent 1 knows');
  await page.evaluate(() => {
    const button = document.createElement('button');
    const canvas = document.createElement('canvas');
    canvas.setAttribute('role', 'img');
    document.querySelector('main')?.append(button, canvas);
  });
  expect((await faultsOf(page)).map(({ id }) => id)).toEqual(expect.arrayContaining(['button-name', 'role-img-alt']));
  const tree = await page.accessibility.snapshot({ interestingOnly: false });
  expect(namelessIn(tree as SerializedAXNode)).toContain('button');
});

test('without a mouse: train, pause, read a figure, choose the data', async () => {
  const { page } = await visit(
    '#data.factors=scale=0..2,posX=8..15,posY=0..3&steps=400&seeds=1&latents=3&architecture.hidden=24&device=cpu',
  );
  await waitForText(page, 'The difference');
  const focused = () => page.evaluate(() => document.activeElement?.className ?? '');
  for (let i = 0; i < 40 && (await focused()) !== 'primary'; i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await waitForText(page, 'done: 2 of 2');
  await page.focus('.plot');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.cursor')].some(({ textContent }) => /^2 of \d+: /.test(textContent ?? '')),
  );
  await page.focus('input[name=data]:checked');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => location.hash.includes('data=sprites'));
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('?');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('dialog[open]') === null);
});
