// The guide as a reader has it: pages without a script, formulas that the browser draws, links that lead somewhere, for everybody.

import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { visit, waitForText } from './visit';

const folder = inject('siteFolder');
const pages = readdirSync(join(folder, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.html'))
  .map((name) => `docs/${name}`);
const chapters = pages.filter((name) => /guide\/\d/.test(name));

test('on a telephone, light and dark: no sideways scroll, formulas drawn, every picture there', async () => {
  expect(chapters.length).toBe(10);
  const { page } = await visit(chapters[0], { width: 360 });
  for (const [i, name] of chapters.entries()) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: i % 2 === 0 ? 'dark' : 'light' }]);
    await page.goto(new URL(name, inject('site')).href);
    const found = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      formulas: [...document.querySelectorAll('math')].map((each) => each.getBoundingClientRect().height),
      pictures: [...document.images].map(({ naturalWidth, alt }) => naturalWidth > 0 && alt.length > 20),
      scripts: document.scripts.length,
    }));
    expect(found.width, name).toBeLessThanOrEqual(360);
    expect(
      found.formulas.every((height) => height > 4),
      name,
    ).toBe(true);
    expect(found.pictures.every(Boolean), name).toBe(true);
    expect(found.scripts, name).toBe(0);
  }
});

test('no link of any page of the guide and the docs leads nowhere; sources are there by line', async () => {
  const texts = new Map<string, string>();
  const read = async (path: string): Promise<string> => {
    const known = texts.get(path) ?? (await readFile(join(folder, path), 'utf8'));
    texts.set(path, known);
    return known;
  };
  let lines = 0;
  for (const name of pages) {
    const links = [...(await read(name)).matchAll(/<a href="([^"]+)"/g)].map(([, href]) => href);
    for (const link of links.filter((href) => !/^[a-z]+:/.test(href))) {
      const { pathname, hash } = new URL(link, `http://x/${name}`);
      const text = await read(pathname.slice(1));
      if (/^#L\d+$/.test(hash)) lines += 1;
      if (hash !== '' && !hash.startsWith('#scene='))
        expect(text, `${name}: ${link}`).toContain(`id="${decodeURIComponent(hash.slice(1))}"`);
    }
  }
  expect(lines).toBeGreaterThan(20);
});

test('an exercise opens the theory lab at its state', async () => {
  const { page } = await visit('docs/guide/02-assumption.html');
  await Promise.all([page.waitForNavigation(), page.click('a[href$="theory.html#scene=gated"]')]);
  await waitForText(page, 'gat');
  expect(page.url()).toContain('theory.html#scene=gated');
  expect(await page.$eval('h2', (each) => each.textContent)).not.toBe('');
});
